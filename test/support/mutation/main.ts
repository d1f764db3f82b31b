/**
 * `npm run mutation [-- [--concurrency N] ROOM|FILE...]`: changes the code of each room in hundreds of places, one at a time, and fails if
 * too few of these mutants make a test fail. Without a room all of them; a file is judged as its room is.
 */
import { matchesGlob } from 'node:path'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'
import { type Room, rooms, roomVariable } from './rooms.ts'

interface Verdict {
  readonly what: string
  /** Share of the mutants that a test noticed, in percent. */
  readonly score: number
  readonly least: number
}

/** The room of this name, or of this file. */
function roomOf(what: string): readonly [string, Room] {
  const found = Object.entries(rooms).find(
    ([name, { mutate }]) => name === what || mutate.some((pattern) => matchesGlob(what, pattern)),
  )
  if (found === undefined) {
    console.error(`${what} is neither a room (${Object.keys(rooms).join(', ')}) nor a file of one`)
    process.exit(2)
  }
  return found
}

async function judge(what: string, concurrency: number): Promise<Verdict> {
  const [name, { mutate, least }] = roomOf(what)
  process.env[roomVariable] = name
  const mutants = await new Stryker({
    mutate: name === what ? [...mutate] : [what],
    concurrency,
    reporters: ['clear-text', process.stdout.isTTY ? 'progress' : 'progress-append-only', 'json'],
    jsonReporter: { fileName: `.cache/mutation-${name}.json` },
  }).runMutationTest()
  const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length
  const noticed = count('Killed', 'Timeout')
  return { what, score: (100 * noticed) / (noticed + count('Survived', 'NoCoverage')), least }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string', default: '2' } },
})
const asked = positionals.length === 0 ? Object.keys(rooms) : positionals
for (const what of asked) roomOf(what)

const verdicts: Verdict[] = []
for (const what of asked) verdicts.push(await judge(what, Number(values.concurrency)))

for (const { what, score, least } of verdicts) {
  const isEnough = score >= least
  if (!isEnough) process.exitCode = 1
  console.log(`${isEnough ? 'enough ' : 'TOO FEW'} ${what}: ${score.toFixed(1)} % noticed, ${least} % needed`)
}
