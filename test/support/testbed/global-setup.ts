import type { TestProject } from 'vitest/node'
import { type EngineAddress, openEngine } from './engine.ts'
import { Unavailable } from './work.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where this machine cannot carry an engine. */
    engine: EngineAddress | null
  }
}

/**
 * One engine for all engine tests. Where it cannot be had, the tests are skipped and the console says what to do about it; with
 * CI=true that is a failure instead, because tests that nobody runs are none.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const engine = await openEngine({ log: (line) => console.log(line) }).catch((error: unknown) => {
    if (!(error instanceof Unavailable) || process.env['CI'] === 'true') throw error
    const bar = '!'.repeat(100)
    console.warn(`\n${bar}\nSKIPPED: every test that needs a Docker engine.\n${error.message}\n${bar}\n`)
    return undefined
  })
  project.provide('engine', engine?.address ?? null)
  return engine?.close
}
