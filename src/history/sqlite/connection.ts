import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Cell, Row } from '../rows.ts'
import type { Statement } from '../sql.ts'

/** How long to wait for another program's lock on the file, in ms. Less than a call may take. */
const busyMs = 2_000

/** One open database file. Statements are prepared once. */
export class Connection {
  readonly #db: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: busyMs })
  }

  all({ text, values }: Statement): readonly Row[] {
    return this.#prepare(text).all(parameters(values))
  }

  first({ text, values }: Statement): Row | undefined {
    return this.#prepare(text).get(parameters(values))
  }

  /** Returns the number of changed rows. */
  run({ text, values }: Statement): number {
    return Number(this.#prepare(text).run(parameters(values)).changes)
  }

  exec(text: string): void {
    this.#db.exec(text)
  }

  pragma(name: string): number {
    return Number(this.first({ text: `PRAGMA ${name}`, values: [] })?.[name])
  }

  /** Commits all of it or nothing. Nobody else writes meanwhile. */
  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (thrown) {
      // SQLite may have rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw thrown
    }
  }

  close(): void {
    this.#prepared.clear()
    this.#db.close()
  }

  #prepare(text: string): StatementSync {
    const known = this.#prepared.get(text)
    if (known !== undefined) return known
    const statement = this.#db.prepare(text)
    this.#prepared.set(text, statement)
    return statement
  }
}

/** SQLite reads `$1` as a name. */
function parameters(values: readonly Cell[]): Record<string, Cell> {
  return Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]))
}
