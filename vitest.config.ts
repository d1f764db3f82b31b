import { defineConfig } from 'vitest/config'

/**
 * Fast tests need nothing but Node; `engine` needs the test bed, which brings its own engine where none is reachable; `cluster`
 * needs three of them, and is no part of `npm test`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Properties try thousands of cases, on whatever machine.
          testTimeout: 60_000,
          include: [
            'src/**/*.test.ts',
            'test/{receiver,artifacts,support}/**/*.test.ts',
            'test/contract/fake-*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/contract/docker-*.test.ts', 'test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/testbed/global-setup.ts'],
          fileParallelism: false,
          // Progress as it is, without a line before each that says which test it is of.
          disableConsoleIntercept: true,
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          globalSetup: ['test/support/testbed/cluster-setup.ts'],
          fileParallelism: false,
          disableConsoleIntercept: true,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
