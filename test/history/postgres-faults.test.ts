import { randomBytes } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { HistoryError } from '../../src/history/history-error.ts'
import { PostgresStore } from '../../src/history/postgres/postgres-store.ts'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry, idAt } from '../support/history/entries.ts'
import { SmallDisk } from '../support/history/small-disk.ts'
import { describeWithPostgres } from '../support/postgres/describe-with-postgres.ts'
import { waitFor } from '../support/testbed/wait.ts'

const short = { connectMs: 1_000, answerMs: 1_000 }
const patient = { connectMs: 60_000, answerMs: 60_000 }

const stores: PostgresStore[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

function open(address: string, times = patient): PostgresStore {
  const store = new PostgresStore(address, times)
  stores.push(store)
  return store
}

/** What the call failed with. */
async function failureOf(call: Promise<unknown>): Promise<HistoryError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(HistoryError)
  return error as HistoryError
}

/** Tries until the write is taken: the machine may be busy. */
async function writeAgain(store: PostgresStore, atMs: number): Promise<void> {
  const write = async () => {
    await store.write([eventEntry(anEvent(atMs))])
    return true
  }
  await waitFor(write, { for: 'the write to be taken', timeoutMs: 60_000 })
}

await describeWithPostgres('PostgreSQL in trouble', (postgres) => {
  const aDatabase = async () => postgres().address(await postgres().createDatabase())

  it('is unreachable while the server is stopped, and taken up again when it is back', async () => {
    const store = open(await aDatabase())
    await writeAgain(store, noon)
    await postgres().stop()
    try {
      for (const call of [store.write([eventEntry(anEvent(noon + 1))]), store.events({ limit: 1 })]) {
        const { code, message } = await failureOf(call)
        expect(code).toBe('unreachable')
        expect(message).toMatch(/^PostgreSQL at 127\.0\.0\.1:\d+\/record_\d+: .*AUTOSCALER_DATABASE_URL/)
      }
    } finally {
      await postgres().start()
    }
    await writeAgain(store, noon + 2)
    expect((await store.events({ limit: 9 })).map(({ id }) => id)).toEqual([idAt(noon + 2), idAt(noon)])
  })

  it('is unreachable when the server ends in the middle of a call', async () => {
    const address = await aDatabase()
    const store = open(address)
    await writeAgain(store, noon)
    const database = new URL(address).pathname.slice(1)
    // Every write sleeps, so that the end of the server finds one under way.
    await postgres().query(
      database,
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
       CREATE TRIGGER slow BEFORE INSERT ON swarm_autoscaler.events FOR EACH ROW EXECUTE FUNCTION slow()`,
    )
    const failure = failureOf(store.write([eventEntry(anEvent(noon + 1))]))
    const sleeps = async () => {
      const text = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
      return (await postgres().query(database, text)).length > 0 || undefined
    }
    await waitFor(sleeps, { for: 'the write to sleep', timeoutMs: 60_000 })
    await postgres().stop()
    await postgres().start()
    expect((await failure).code).toBe('unreachable')
    expect(await store.events({ limit: 9 })).toEqual([anEvent()])
  })

  it('gives up a server that hangs, with a connection and without one', async () => {
    const address = await aDatabase()
    const connected = open(address, short)
    await writeAgain(connected, noon)
    postgres().pause()
    try {
      const calls = [connected, open(address, short)].map((store) => failureOf(store.events({ limit: 1 })))
      for (const { code, message } of await Promise.all(calls)) {
        expect(code).toBe('timeout')
        expect(message).toMatch(/check what keeps the server busy/)
      }
    } finally {
      postgres().resume()
    }
    await writeAgain(connected, noon + 1)
  })

  it('gives up a write that waits for a lock, and makes it when the lock is gone', async () => {
    const address = await aDatabase()
    const database = new URL(address).pathname.slice(1)
    const store = open(address, short)
    await writeAgain(store, noon)
    // Until it is ended: PgSleep is what it waits in while it holds the lock.
    const locked = postgres().query(
      database,
      'BEGIN; LOCK TABLE swarm_autoscaler.events; SELECT pg_sleep(600); ROLLBACK',
    )
    const released = expect(locked).rejects.toThrow(/terminating connection/)
    const holders = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    const isLocked = async () =>
      (await postgres().query(database, `SELECT 1 ${holders}`)).length > 0 || undefined
    await waitFor(isLocked, { for: 'the lock to be held', timeoutMs: 60_000, everyMs: 20 })
    expect((await failureOf(store.write([eventEntry(anEvent(noon + 1))]))).code).toBe('timeout')
    await postgres().query(database, `SELECT pg_terminate_backend(pid) ${holders}`)
    await released
    await writeAgain(store, noon + 2)
  })

  it('reports a wrong password, without the password', async () => {
    const database = await postgres().createDatabase()
    const address = postgres().address(database, 'wr:ong/pass word')
    const { code, message, cause } = await failureOf(open(address).write([eventEntry(anEvent())]))
    expect(code).toBe('refused')
    expect(message).toMatch(
      /password authentication failed.*check the privileges of the user in AUTOSCALER_DATABASE_URL/,
    )
    expect(`${message} ${String(cause)}`).not.toMatch(/wr:ong|wr%3Aong|pass word|pass%20word/)
  })

  it('reports a missing database', async () => {
    const { code, message } = await failureOf(open(postgres().address('nowhere')).events({ limit: 1 }))
    expect(code).toBe('refused')
    expect(message).toMatch(/database "nowhere" does not exist/)
  })

  it('reports that nothing listens, without the password', async () => {
    const { code, message } = await failureOf(
      open('postgres:///history?host=/nowhere&user=autoscaler&password=se-cret').events({ limit: 1 }),
    )
    expect(code).toBe('unreachable')
    expect(message).toMatch(/^PostgreSQL at \/nowhere:5432\/history: .*check that the server runs/)
    expect(message).not.toMatch(/se-cret/)
  })

  it.skipIf(process.getuid?.() !== 0)('reports a full disk, and continues when there is room', async () => {
    const disk = await SmallDisk.mount(24 * 1_024)
    try {
      const database = await postgres().createDatabaseOn(disk.folder)
      const store = open(postgres().address(database))
      await writeAgain(store, noon)
      const alerts = [{ name: randomBytes(100_000).toString('hex'), fingerprint: '' }]
      const fill = async () => {
        for (let index = 1; index < 1_000; index++)
          await store.write([eventEntry(anEvent(noon + index, { alerts }))])
      }
      const { code, message } = await failureOf(fill())
      expect(code).toBe('full')
      expect(message).toMatch(/free disk space on the server/)
      await disk.remount('size=64m')
      await writeAgain(store, noon + 1_000)
      expect(await store.events({ limit: 1 })).toEqual([anEvent(noon + 1_000)])
      await store.close()
      await postgres().query('postgres', `DROP DATABASE ${database} WITH (FORCE)`)
      await postgres().query('postgres', 'DROP TABLESPACE small')
    } finally {
      await disk.unmount()
    }
  })

  it('reports a read-only database, and still reads it', async () => {
    const address = await aDatabase()
    const database = new URL(address).pathname.slice(1)
    await writeAgain(open(address), noon)
    await postgres().query(database, `ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    const store = open(address)
    expect(await store.events({ limit: 1 })).toEqual([anEvent()])
    const { code, message } = await failureOf(store.write([eventEntry(anEvent(noon + 1))]))
    expect(code).toBe('read_only')
    expect(message).toMatch(/to the primary/)
  })

  it('migrates once where many start at the same time', async () => {
    const address = await aDatabase()
    const each = Array.from({ length: 12 }, (_, index) => index)
    await Promise.all(each.map((index) => open(address).write([eventEntry(anEvent(noon + index))])))
    expect(await open(address).events({ limit: 99 })).toHaveLength(12)
  })

  it('uses a schema that was created for it, whatever else the database holds', async () => {
    const address = await aDatabase()
    const database = new URL(address).pathname.slice(1)
    await postgres().query(
      database,
      'CREATE TABLE public.events (id integer); CREATE SCHEMA swarm_autoscaler',
    )
    await writeAgain(open(address), noon)
    expect(await postgres().query(database, 'SELECT * FROM public.events')).toEqual([])
  })

  it('does not change tables of a newer version, and reports it', async () => {
    const address = await aDatabase()
    const database = new URL(address).pathname.slice(1)
    await writeAgain(open(address), noon)
    await postgres().query(database, 'UPDATE swarm_autoscaler.schema_version SET version = 999')
    const { code, message } = await failureOf(open(address).write([eventEntry(anEvent(noon + 1))]))
    expect(code).toBe('newer')
    expect(message).toMatch(/version 999 .* run that version again/)
    expect(await postgres().query(database, 'SELECT id FROM swarm_autoscaler.events')).toHaveLength(1)
  })
})
