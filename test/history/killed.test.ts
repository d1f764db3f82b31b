import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { SqliteStore } from '../../src/history/sqlite/sqlite-store.ts'

const rounds = 30
const writer = join(import.meta.dirname, '../support/history/writer.ts')

/** Lets a process write from number `first` on and kills it at any moment. Resolves with the last number that it reported as written. */
async function writeUntilKilled(path: string, first: number): Promise<number> {
  const child = spawn(process.execPath, [writer, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const closed = once(child, 'close')
  await once(child.stdout, 'data')
  await sleep(Math.random() * 150)
  child.kill('SIGKILL')
  await closed
  // What comes after the last end of a line was cut by the kill.
  return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1))
}

/** The numbers of all events, in order. */
async function numbersIn(path: string): Promise<readonly number[]> {
  const store = new SqliteStore(path, 60_000)
  const events = await store.events({ limit: 1_000_000 })
  await store.close()
  return events.map(({ atMs }) => atMs).reverse()
}

it('a receiver that is killed while it writes has all that was acknowledged, and no half of a write', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-killed-'))
  const path = join(folder, 'history.db')
  try {
    let last = -1
    for (let round = 0; round < rounds; round++) {
      const acknowledged = await writeUntilKilled(path, last + 1)
      const numbers = await numbersIn(path)
      // At most one write more than was acknowledged, and never a hole.
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index))
      last = numbers.at(-1) ?? -1
      expect(last).toBeGreaterThanOrEqual(acknowledged)
      expect(last - acknowledged).toBeLessThanOrEqual(20)
    }
    const db = new DatabaseSync(path)
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    expect(db.prepare('SELECT name, row_count FROM sizes ORDER BY name').all()).toEqual([
      { name: 'counts', row_count: last + 1 },
      { name: 'events', row_count: last + 1 },
    ])
    db.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
