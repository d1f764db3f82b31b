import type { PoolClient } from 'pg'
import type { Row } from '../rows.ts'
import type { Statement } from '../sql.ts'

/** A statement whose parameters may be arrays, one for each column. */
export interface ColumnsStatement {
  readonly text: string
  readonly values: readonly (Statement['values'][number] | readonly unknown[])[]
}

/** A connection to the server. */
export class Connection {
  readonly #client: Pick<PoolClient, 'query'>

  constructor(client: Pick<PoolClient, 'query'>) {
    this.#client = client
  }

  async all({ text, values }: ColumnsStatement): Promise<readonly Row[]> {
    return (await this.#client.query<Row & object>(text, [...values])).rows
  }

  /** Resolves with the number of changed rows. */
  async run({ text, values }: ColumnsStatement): Promise<number> {
    return (await this.#client.query(text, [...values])).rowCount ?? 0
  }

  /** Several statements, without parameters. */
  async exec(text: string): Promise<void> {
    await this.#client.query(text)
  }

  /** Commits all of it or nothing. After a failure the connection cannot be used. The server cancels statements that take longer. */
  async transaction<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
    await this.exec(`BEGIN; SET LOCAL statement_timeout = ${timeoutMs}`)
    const result = await work()
    await this.exec('COMMIT')
    return result
  }
}
