import { postgresPrograms } from '../postgres/postgres-programs.ts'
import { newWork, Unavailable } from '../testbed/work.ts'
import { prometheusTools } from '../tools/prometheus-tools.ts'
import { ensurePrograms } from './packages.ts'

/**
 * Brings what unit tests hold shipped files and documented commands against, before any of them runs. A test whose programs cannot be had
 * is skipped, or fails with CI=true; what is missing, and what to do about it, is said here.
 */
export async function setup(): Promise<void> {
  const work = newWork((line) => console.log(line))
  const parts = [
    () => ensurePrograms(['sqlite3', 'jq'], work),
    () => postgresPrograms(),
    () => prometheusTools(),
  ]
  for (const bring of parts) {
    await bring().catch((error: unknown) => {
      if (process.env['CI'] === 'true' && !(error instanceof Unavailable)) throw error
      console.warn(`tests: ${error instanceof Error ? error.message : error}`)
    })
  }
}
