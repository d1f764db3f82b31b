import { defineConfig } from 'vitest/config'

/**
 * Three files at a time, of whichever project: the stack as it ships, which takes longest, waits more than it works, and the others have
 * both cores of a small machine meanwhile. More would be too much for one engine.
 */
const maxWorkers = 3

/** What they print is printed as it is, without a line before each that says which test it is of. */
const onEngines = {
  globalSetup: ['test/support/testbed/global-setup.ts'],
  maxWorkers,
  disableConsoleIntercept: true,
  testTimeout: 120_000,
  hookTimeout: 600_000,
}

/** Properties, each of which holds for whatever comes: beside the unit tests for a few cases. */
const properties = ['test/fuzz/**/*.test.ts', 'src/**/*properties.test.ts']

/** Sets where properties begin; run before every file, since unit tests have some among their examples. */
const setupFiles = ['test/support/fuzz/seed.ts']

/** What changes the rules in hundreds of places, and looks whether promtool notices. */
const rules = ['test/artifacts/{prometheus,forecast-rules,health-rules}.test.ts']

/**
 * Fast tests need nothing but Node; `browser` needs Chromium, which is installed where it is missing; `deployed` and `engine` need the
 * test bed, which brings its own engines where none is reachable; `cluster` needs three of them, and is no part of `npm test`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers,
          setupFiles,
          // Properties try thousands of cases, on whatever machine.
          testTimeout: 60_000,
          exclude: rules,
          include: [
            'src/**/*.test.ts',
            'test/{receiver,record,artifacts,support,fuzz}/**/*.test.ts',
            'test/contract/{fake,sqlite,postgres}-*.test.ts',
          ],
        },
      },
      {
        test: {
          // Begun after the others of its group, by its name: it works while the stack waits.
          name: 'rules',
          include: rules,
          maxWorkers,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          // The same as beside the unit tests, on so many cases as FUZZ_CASES says.
          name: 'fuzz',
          include: properties,
          setupFiles,
          maxWorkers,
          disableConsoleIntercept: true,
          testTimeout: 3_600_000,
        },
      },
      {
        test: {
          name: 'browser',
          maxWorkers,
          include: ['test/page/**/*.test.ts'],
          globalSetup: ['test/support/browser/global-setup.ts'],
          disableConsoleIntercept: true,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // Begun before the others of its group, by its name: it takes longest.
          name: 'deployed',
          include: ['test/e2e/stack.test.ts'],
          ...onEngines,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/contract/docker-*.test.ts', 'test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/stack.test.ts'],
          ...onEngines,
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
