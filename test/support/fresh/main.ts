/**
 * `npm run test:fresh -- SUITE…`: both commands of the README on minimal Debians of these suites, each with nothing but its own Node.js and
 * npm. What is tested is what is committed. Needs root, on Debian; takes half an hour for each suite.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { removeTree } from '../debian/cached.ts'
import { failAfter } from '../testbed/clean-up.ts'
import { newWork } from '../testbed/work.ts'
import { runInside } from './enter.ts'
import { freshRoot, npmSettings } from './root.ts'

const commands = ['npm ci && npm run demo', 'npm ci && npm test']

const { values, positionals: suites } = parseArgs({
  allowPositionals: true,
  options: { command: { type: 'string', multiple: true } },
})
if (suites.length === 0) {
  console.error(
    'Usage: npm run test:fresh -- [--command COMMAND]... SUITE...\n\nSUITE: bookworm, trixie, forky. COMMAND: in place of those of the README.',
  )
  process.exit(2)
}

interface Outcome {
  readonly suite: string
  readonly command: string
  readonly status: number
  readonly seconds: number
}

const work = newWork((line) => console.log(line))

async function test(suite: string): Promise<readonly Outcome[]> {
  const directory = mkdtempSync('/var/tmp/swarm-autoscaler-fresh-')
  const remove = () => removeTree(directory)
  const outcomes = await inRoot(suite, join(directory, 'root')).catch((error: unknown) =>
    failAfter(error, remove, work.log),
  )
  await remove()
  return outcomes
}

async function inRoot(suite: string, root: string): Promise<readonly Outcome[]> {
  await freshRoot(suite, root, work)
  const settings = await npmSettings()
  const outcomes: Outcome[] = []
  for (const command of values.command ?? commands) {
    console.log(`\n=== ${suite}: ${command}\n`)
    const startedMs = performance.now()
    const status = await runInside(root, command, settings)
    outcomes.push({ suite, command, status, seconds: (performance.now() - startedMs) / 1_000 })
  }
  return outcomes
}

const outcomes: Outcome[] = []
for (const suite of suites) outcomes.push(...(await test(suite)))
console.log()
for (const { suite, command, status, seconds } of outcomes) {
  const verdict = status === 0 ? 'passed' : `FAILED with ${status}`
  console.log(`${suite.padEnd(10)} ${command.padEnd(26)} ${verdict} after ${seconds.toFixed(0)} s`)
}
process.exitCode = outcomes.every(({ status }) => status === 0) ? 0 : 1
