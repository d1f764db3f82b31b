import { execFile } from 'node:child_process'
import { expect, it } from 'vitest'
import { repository } from '../testbed/work.ts'

interface Reported {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

/** Without the configuration of this project, whose tests are to pass. */
const runner = `
  import { startVitest } from 'vitest/node'
  const options = { root: ${JSON.stringify(import.meta.dirname)}, config: false, watch: false, reporters: ['json'] }
  await (await startVitest('test', ['broken.spec.ts'], options)).close()`

/** What vitest reports of the file beside this one that breaks, test by test. */
async function runBroken(): Promise<Readonly<Record<string, string>>> {
  const { promise, resolve } = Promise.withResolvers<string>()
  // Its exit status says that tests have failed.
  execFile(process.execPath, ['--input-type=module', '-e', runner], { cwd: repository }, (_, stdout) =>
    resolve(stdout),
  )
  const { testResults } = JSON.parse(await promise) as Reported
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  return Object.fromEntries(tests.map(({ title, status }) => [title, status]))
}

it('one fault is one failure: what goes on from there is skipped, and what does not is run', async () => {
  expect(await runBroken()).toEqual({
    'is to make something': 'failed',
    'goes on': 'skipped',
    begins: 'passed',
    breaks: 'failed',
    'would break as well': 'skipped',
    'would end': 'skipped',
    'makes it': 'passed',
    'finds it': 'passed',
  })
})
