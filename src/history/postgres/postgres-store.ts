import pTimeout from 'p-timeout'
import { Pool, type PoolClient } from 'pg'
import { HistoryError } from '../history-error.ts'
import { countsOfRows, eventOfRow, watchOfRow } from '../rows.ts'
import { Sql } from '../sql.ts'
import type { HistoryStore } from '../store.ts'
import { Connection } from './connection.ts'
import { migrate } from './migrate.ts'
import { migrations, schema } from './migrations.ts'
import { postgresError } from './postgres-error.ts'
import { pruneSome } from './prune.ts'
import { writeAll } from './write.ts'

const sql = new Sql(schema)

/** Longest time to connect, and longest call, in ms. */
export interface PostgresTimes {
  readonly connectMs: number
  readonly answerMs: number
}

const defaultTimes: PostgresTimes = { connectMs: 2_000, answerMs: 4_000 }

/** One to write, one to prune, and the others to read. */
const mostConnections = 4

/** The history in a PostgreSQL database, which several receivers can share. */
export class PostgresStore implements HistoryStore {
  readonly #databaseUrl: string
  readonly #times: PostgresTimes
  #pool: Pool | undefined
  #isMigrated = false
  #isClosed = false

  constructor(databaseUrl: string, times: PostgresTimes = defaultTimes) {
    this.#databaseUrl = databaseUrl
    this.#times = times
  }

  readonly write: HistoryStore['write'] = (entries) =>
    this.#use((connection) => writeAll(connection, sql, entries))

  readonly events: HistoryStore['events'] = async (query) => {
    const statement = sql.events(query)
    if (statement === undefined) return []
    const found = await this.#use(async (connection) => (await connection.all(statement)).map(eventOfRow))
    return query.afterId === undefined ? found : found.toReversed()
  }

  readonly services: HistoryStore['services'] = async (query) =>
    (await this.#use((connection) => connection.all(sql.services(query)))).map(({ service }) =>
      String(service),
    )

  readonly counts: HistoryStore['counts'] = async (query) =>
    countsOfRows(await this.#use((connection) => connection.all(sql.counts(query))))

  readonly watches: HistoryStore['watches'] = async (query) =>
    (await this.#use((connection) => connection.all(sql.watches(query)))).map(watchOfRow)

  readonly past: HistoryStore['past'] = (query) =>
    this.#use(async (connection) => {
      const watches = (await connection.all(sql.watches(query))).map(watchOfRow)
      const rows = await connection.all(sql.someCounts(query.mostCounts + 1, query))
      return rows.length > query.mostCounts ? undefined : { watches, counts: countsOfRows(rows) }
    })

  readonly prune: HistoryStore['prune'] = (retention) =>
    this.#use((connection) => pruneSome(connection, sql, retention))

  readonly close = async (): Promise<void> => {
    this.#isClosed = true
    // Not awaited: the server may hang.
    this.#pool?.end().catch(() => undefined)
  }

  async #use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined
    try {
      client = await this.#connect()
      const result = await within(this.#times.answerMs, this.#work(new Connection(client), work))
      client.release()
      return result
    } catch (thrown) {
      // Whatever the error, the next call uses a new connection and checks the tables again.
      client?.release(true)
      this.#isMigrated = false
      throw postgresError(thrown, this.#databaseUrl)
    }
  }

  async #work<T>(connection: Connection, work: (connection: Connection) => Promise<T>): Promise<T> {
    const { answerMs: timeoutMs } = this.#times
    if (!this.#isMigrated) await migrate(connection, { migrations, timeoutMs })
    this.#isMigrated = true
    return await connection.transaction(timeoutMs, () => work(connection))
  }

  async #connect(): Promise<PoolClient> {
    if (this.#isClosed) throw new HistoryError('store', 'the history is closed')
    this.#pool ??= openPool(this.#databaseUrl, this.#times.connectMs)
    return await this.#pool.connect()
  }
}

function openPool(connectionString: string, connectionTimeoutMillis: number): Pool {
  const pool = new Pool({
    connectionString,
    connectionTimeoutMillis,
    max: mostConnections,
    keepAlive: true,
    allowExitOnIdle: true,
    application_name: 'swarm-autoscaler',
  })
  // The call that uses a broken connection fails by itself; an idle one does not matter.
  const ignore = () => undefined
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const giveUp = () => {
    throw new HistoryError('timeout', `no answer within ${timeoutMs} ms`)
  }
  return pTimeout(work, { milliseconds: timeoutMs, fallback: giveUp })
}
