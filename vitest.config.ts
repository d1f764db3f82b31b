import { defineConfig } from 'vitest/config'

/** Files at a time, in the groups whose tests take no more than a core each. */
const maxWorkers = 2

/**
 * In which order the projects run. Each group has the machine for itself: what measures the time of something real must not share two cores
 * with promtool's hundreds of runs.
 */
const order = { unit: 0, rules: 1, browser: 2, deployed: 3, engine: 4, cluster: 5, fuzz: 6 } as const

/**
 * One file at a time. What hangs is ended by the tests' own deadlines, which count the time that the machine gives; these are the ends of all
 * patience. What they print is printed as it is, without a line before each that says which test it is of.
 */
const onEngines = {
  globalSetup: ['test/support/testbed/global-setup.ts'],
  maxWorkers: 1,
  disableConsoleIntercept: true,
  testTimeout: 1_200_000,
  hookTimeout: 1_800_000,
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
          sequence: { groupOrder: order.unit },
          globalSetup: ['test/support/debian/global-setup.ts'],
          setupFiles,
          // Properties try thousands of cases, on whatever machine.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          exclude: rules,
          include: [
            'src/**/*.test.ts',
            'test/{receiver,history,artifacts,support,fuzz}/**/*.test.ts',
            'test/contract/{fake,sqlite,postgres}-*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'rules',
          include: rules,
          maxWorkers,
          sequence: { groupOrder: order.rules },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          // The same as beside the unit tests, on so many cases as FUZZ_CASES says.
          name: 'fuzz',
          include: properties,
          setupFiles,
          maxWorkers,
          sequence: { groupOrder: order.fuzz },
          disableConsoleIntercept: true,
          testTimeout: 3_600_000,
        },
      },
      {
        test: {
          name: 'browser',
          maxWorkers,
          sequence: { groupOrder: order.browser },
          include: ['test/page/**/*.test.ts'],
          globalSetup: ['test/support/browser/global-setup.ts'],
          disableConsoleIntercept: true,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'deployed',
          include: ['test/e2e/stack.test.ts'],
          sequence: { groupOrder: order.deployed },
          ...onEngines,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/contract/docker-*.test.ts', 'test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/stack.test.ts'],
          sequence: { groupOrder: order.engine },
          ...onEngines,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          sequence: { groupOrder: order.cluster },
          globalSetup: ['test/support/testbed/cluster-setup.ts'],
          fileParallelism: false,
          disableConsoleIntercept: true,
          testTimeout: 1_200_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
})
