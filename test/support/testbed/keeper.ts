/**
 * The keeper outlives the program that uses the test bed, and takes the bed down when that program ends, in whatever way: the
 * end of the pipe on its stdin is the sign. `node keeper.ts PLAN` writes the plan down, says "ready" and waits.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Plan, writePlan } from './plan.ts'
import { startTicks } from './processes.ts'
import { tearDown } from './teardown.ts'

const plan = JSON.parse(process.argv[2] ?? '') as Plan
const ended = Promise.withResolvers<void>()

process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('SIGTERM', () => ended.resolve())
// Nobody may be left to read it.
process.stdout.on('error', () => undefined)
process.stdin.resume()
process.stdin.once('close', () => ended.resolve())

writePlan(plan, { pid: process.pid, startTicks: startTicks(process.pid) ?? '' })
process.stdout.write('ready\n')
await ended.promise

try {
  await tearDown(plan)
  process.exit(0)
} catch (error) {
  // The plan stays where it is: the next test bed on this machine tries again.
  const message = error instanceof Error ? error.message : String(error)
  writeFileSync(join(plan.directory, 'keeper.log'), `${new Date().toISOString()} ${message}\n`, { flag: 'a' })
  process.exit(1)
}
