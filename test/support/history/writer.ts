import { SqliteStore } from '../../../src/history/sqlite/sqlite-store.ts'
import { aCount, anEvent, countEntry, eventEntry } from './entries.ts'

/**
 * A process to kill: writes numbered events to the file named by its first argument, from the number of its second argument on, and
 * prints the last number of each write that was acknowledged.
 */
const [path = '', first = '0'] = process.argv.slice(2)
const store = new SqliteStore(path, 60_000)
const summary = 'x'.repeat(300)
for (let number = Number(first), batch = 1; ; batch = (batch % 20) + 1) {
  const numbers = Array.from({ length: batch }, () => number++)
  await store.write(
    numbers.flatMap((each) => [
      eventEntry(anEvent(each, { alerts: [{ name: 'A', fingerprint: 'f', summary }] })),
      countEntry(aCount(each, each)),
    ]),
  )
  process.stdout.write(`${number - 1}\n`)
}
