import { defineConfig } from 'vitest/config'

/** The tests of the pure rules and of the labels: what `npm run mutation` has to make fail. */
export default defineConfig({
  test: {
    // They would kill a few more, and make each mutant take seconds.
    exclude: ['src/decide/properties.test.ts'],
    include: ['src/{decide,domain,text}/**/*.test.ts', 'src/policy/{policy,state}-labels.test.ts'],
  },
})
