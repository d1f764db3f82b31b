import type { EventQuery, HistoryEvent } from '../../domain/event.ts'
import type { ReplicaCount, Watch } from '../../domain/replica-count.ts'
import { HistoryError } from '../history-error.ts'
import { countsOfRows, eventOfRow, watchOfRow } from '../rows.ts'
import { Sql } from '../sql.ts'
import type { CountQuery, Entry, PastQuery, Retention, StoredPast } from '../store.ts'
import type { Connection } from './connection.ts'
import { closeMisplaced, isInPlace, type OpenDatabase, openDatabase, renameDamaged } from './database-file.ts'
import { pruneSome } from './prune.ts'
import { sqliteError } from './sqlite-error.ts'
import { writeAll } from './write.ts'

const sql = new Sql('main')

/**
 * The history in one file. It is opened on first use, and again after a failure. A call that fails throws a `HistoryError`. A damaged
 * file is renamed, and the next call starts a new one.
 */
export class SqliteFile {
  readonly #path: string
  #open: OpenDatabase | undefined

  constructor(path: string) {
    this.#path = path
  }

  write(entries: readonly Entry[]): void {
    this.#use((connection) => writeAll(connection, sql, entries))
  }

  events(query: EventQuery): readonly HistoryEvent[] {
    const statement = sql.events(query)
    if (statement === undefined) return []
    const found = this.#use((connection) => connection.all(statement).map(eventOfRow))
    return query.afterId === undefined ? found : found.toReversed()
  }

  services(query: { readonly untilMs: number }): readonly string[] {
    return this.#use((connection) => connection.all(sql.services(query))).map(({ service }) =>
      String(service),
    )
  }

  counts(query: CountQuery): readonly ReplicaCount[] {
    return countsOfRows(this.#use((connection) => connection.all(sql.counts(query))))
  }

  watches(query: { readonly sinceMs: number; readonly untilMs: number }): readonly Watch[] {
    return this.#use((connection) => connection.all(sql.watches(query)).map(watchOfRow))
  }

  past(query: PastQuery): StoredPast | undefined {
    return this.#use((connection) => {
      const watches = connection.all(sql.watches(query)).map(watchOfRow)
      const rows = connection.all(sql.someCounts(query.mostCounts + 1, query))
      return rows.length > query.mostCounts ? undefined : { watches, counts: countsOfRows(rows) }
    })
  }

  prune(retention: Retention): number {
    return this.#use((connection) => pruneSome(connection, sql, retention))
  }

  /** Never throws: everything written is in the file, or in its log beside it. */
  close(): void {
    const { connection } = this.#open ?? {}
    this.#open = undefined
    try {
      connection?.close()
    } catch {
      // The next open recovers the file.
    }
  }

  #use<T>(work: (connection: Connection) => T): T {
    try {
      return work(this.#connection())
    } catch (thrown) {
      throw this.#failed(sqliteError(thrown, this.#path))
    }
  }

  #connection(): Connection {
    if (this.#open !== undefined && !isInPlace(this.#open)) {
      const misplaced = this.#open
      this.#open = undefined
      closeMisplaced(misplaced, this.#path)
    }
    this.#open ??= openDatabase(this.#path)
    return this.#open.connection
  }

  #failed(error: HistoryError): HistoryError {
    this.close()
    return error.code === 'damaged' ? this.#rename(error) : error
  }

  #rename(error: HistoryError): HistoryError {
    try {
      const aside = renameDamaged(this.#path, Date.now())
      const message = `${error.message}; it was renamed to ${aside}, and a new file is started`
      return new HistoryError('damaged', message, { cause: error })
    } catch (thrown) {
      const why = sqliteError(thrown, this.#path).message
      return new HistoryError('damaged', `${error.message}; it cannot be renamed: ${why}`, { cause: error })
    }
  }
}
