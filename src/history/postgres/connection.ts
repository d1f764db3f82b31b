import type { PoolClient } from 'pg'
import type { Row } from '../rows.ts'
import type { Statement } from '../sql.ts'

/** A statement whose parameters may be whole columns. */
export interface ColumnsStatement {
  readonly text: string
  readonly values: readonly (Statement['values'][number] | readonly unknown[])[]
}

/** One connection to the server, while it is used. */
export class Connection {
  readonly #client: Pick<PoolClient, 'query'>

  constructor(client: Pick<PoolClient, 'query'>) {
    this.#client = client
  }

  async all({ text, values }: ColumnsStatement): Promise<readonly Row[]> {
    return (await this.#client.query<Row & object>(text, [...values])).rows
  }

  /** How many rows it changed. */
  async run({ text, values }: ColumnsStatement): Promise<number> {
    return (await this.#client.query(text, [...values])).rowCount ?? 0
  }

  /** Several statements, without parameters. */
  async exec(text: string): Promise<void> {
    await this.#client.query(text)
  }

  /** All of it or nothing: where it fails, the connection is of no more use. The server gives up a statement that takes longer. */
  async transaction<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
    await this.exec(`BEGIN; SET LOCAL statement_timeout = ${timeoutMs}`)
    const result = await work()
    await this.exec('COMMIT')
    return result
  }
}
