import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from './open-store.ts'
import { PostgresStore } from './postgres/postgres-store.ts'
import { SqliteStore } from './sqlite/sqlite-store.ts'

it('without an address it is a file in the data folder, made when it is used', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-open-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const store = openStore({ databaseUrl: '', dataDir })
  expect(store).toBeInstanceOf(SqliteStore)
  expect(existsSync(join(dataDir, 'history.db'))).toBe(false)
  await store.write([])
  expect(existsSync(join(dataDir, 'history.db'))).toBe(true)
  await store.close()
})

it('with an address it is PostgreSQL, which is not called yet', async () => {
  const store = openStore({ databaseUrl: 'postgres://nobody@127.0.0.1:1/history', dataDir: '/nowhere' })
  expect(store).toBeInstanceOf(PostgresStore)
  await store.close()
})
