import { defineConfig } from 'vitest/config'
import { mutatedRoom } from './test/support/mutation/rooms.ts'

const { tests, slowTests = [] } = mutatedRoom()

/** The tests of the room that `npm run mutation` changes: what it has to make fail. */
export default defineConfig({
  test: {
    include: [...tests],
    exclude: [...slowTests],
    setupFiles: ['test/support/fuzz/seed.ts'],
    testTimeout: 60_000,
  },
})
