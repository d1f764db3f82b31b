/**
 * How fast the history is written, how fast it answers what the API asks, and how much room it takes: at a million events, each with a
 * count, and at a tenth of that. README.md explains the output. With the address of an empty PostgreSQL database as its
 * argument it measures that one, at a tenth of a million.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PostgresStore } from '../src/history/postgres/postgres-store.ts'
import { SqliteStore } from '../src/history/sqlite/sqlite-store.ts'
import { type MeasuredHistory, measureBareInserts, measureHistory, type Times } from './measured-history.ts'
import { table } from './table.ts'

const sizes = [100_000, 1_000_000] as const
/** Whatever it takes, it is measured. */
const patientMs = 600_000

const inMs = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`
const times = (value: number) => value.toFixed(1)
const [databaseUrl = ''] = process.argv.slice(2)

/** What the tables of the file take, with their indexes: bytes for each row. */
function bytesPerRow(path: string): string {
  const db = new DatabaseSync(path, { readOnly: true })
  const text = `SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes FROM dbstat d JOIN sqlite_schema s ON s.name = d.name
    WHERE s.tbl_name IN ('events', 'counts') GROUP BY s.tbl_name`
  const counted = db.prepare('SELECT name, row_count FROM sizes').all()
  const rows = new Map(counted.map(({ name, row_count }) => [name, Number(row_count)]))
  const each = db
    .prepare(text)
    .all()
    .map(({ name, bytes }) => [name, Number(bytes) / (rows.get(name ?? '') ?? 1)])
  db.close()
  return each.map(([name, bytes]) => `${name}: ${Number(bytes).toFixed(0)} bytes each`).join(', ')
}

async function measureFile(folder: string, events: number): Promise<MeasuredHistory> {
  console.log(`${events} events ...`)
  const path = join(folder, String(events), 'history.db')
  const store = new SqliteStore(path, patientMs)
  try {
    return await measureHistory(store, events, async () => {
      console.log(`  ${bytesPerRow(path)}`)
    })
  } finally {
    await store.close()
  }
}

const row = (what: string, rows: string, small: Times, large: Times) => [
  what,
  rows,
  inMs(small.p50),
  inMs(large.p50),
  inMs(large.p95),
  times(large.p50 / small.p50),
]

function print(small: MeasuredHistory, large: MeasuredHistory): void {
  const heads = ['what', 'rows', `p50, ${small.events}`, `p50, ${large.events}`, 'p95', 'times']
  const asked = large.answered.map((each, index) =>
    row(each.what, String(each.rows), small.answered[index] ?? each, each),
  )
  const written = row('write an event, its count and the watch', '3', small.write, large.write)
  const pruned = row('remove a portion of what is too old', '2000', small.prune, large.prune)
  console.log(`\n${table([heads, written, ...asked, pruned])}\n`)
  for (const { events, perSecond } of [small, large])
    console.log(
      `${events} events were written at ${perSecond.toFixed(0)} a second, 150 at a time, each with its count.`,
    )
}

async function benchFiles(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-bench-'))
  try {
    const [small, large] = [await measureFile(folder, sizes[0]), await measureFile(folder, sizes[1])]
    print(small, large)
    const bare = await measureBareInserts(join(folder, 'bare.db'))
    const ratio = times(large.write.p50 / bare.p50)
    console.log(
      `A bare INSERT of one row takes ${inMs(bare.p50)}: a write of the history takes ${ratio} times as long.`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function benchServer(): Promise<void> {
  const store = new PostgresStore(databaseUrl, { connectMs: patientMs, answerMs: patientMs })
  const measured = await measureHistory(store, sizes[0], async () => undefined)
  await store.close()
  print(measured, measured)
}

if (databaseUrl === '') await benchFiles()
else await benchServer()
console.log(
  `Load average ${loadavg()[0]?.toFixed(1)}; ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB of memory at the end.`,
)
