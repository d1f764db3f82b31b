import { afterAll, beforeAll, describe, it } from 'vitest'
import { postgresPrograms } from './postgres-programs.ts'
import { RunningPostgres } from './running-postgres.ts'

/** Of the clock: more than all that is waited for by the machine's time. */
const hookTimeoutMs = 1_800_000

/**
 * A block of tests that need PostgreSQL, and get a server of their own. Where it cannot be had, the block is skipped and the console
 * says what to install; with CI=true that is a failure instead, because a check that nobody runs is none.
 */
export async function describeWithPostgres(
  title: string,
  define: (postgres: () => RunningPostgres) => void,
): Promise<void> {
  const programs = await postgresPrograms().catch((error: unknown) => {
    if (process.env['CI'] === 'true') throw error
    console.warn(`SKIPPED: ${title}. ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  })
  if (programs === undefined) {
    describe.skip(title, () => it('needs PostgreSQL', () => undefined))
    return
  }
  describe(title, () => {
    let postgres: RunningPostgres
    beforeAll(async () => {
      postgres = await RunningPostgres.start(programs)
    }, hookTimeoutMs)
    afterAll(() => postgres?.[Symbol.asyncDispose](), hookTimeoutMs)
    define(() => postgres)
  })
}
