import type { TestProject } from 'vitest/node'
import { failAfter } from './clean-up.ts'
import { type Engine, type EngineAddress, openEngine, openEngineBeside } from './engine.ts'
import { Unavailable } from './work.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where this machine cannot carry an engine. */
    engine: EngineAddress | null
    /** Of the stack that is deployed as it ships: its autoscaler must not see the services of other tests. */
    stackEngine: EngineAddress | null
  }
}

const log = (line: string) => console.log(line)

/** What the projects share, whichever is set up first. Each of them loads this module anew, so it is kept beside it. */
interface Shared {
  readonly engines: Promise<readonly Engine[]>
  users: number
}
const key = Symbol.for('swarm-autoscaler.testbed')
const store = globalThis as { [key]?: Shared }

/**
 * The engines of all engine tests. Where they cannot be had, the tests are skipped and the console says what to do about it; with
 * CI=true that is a failure instead, because tests that nobody runs are none.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  store[key] ??= { engines: open(), users: 0 }
  const shared = store[key]
  shared.users++
  const [engine, stackEngine] = await shared.engines
  project.provide('engine', engine?.address ?? null)
  project.provide('stackEngine', stackEngine?.address ?? null)
  return async () => {
    if (--shared.users > 0) return
    delete store[key]
    await Promise.all([engine?.close(), stackEngine?.close()])
  }
}

async function open(): Promise<readonly Engine[]> {
  const engine = await openEngine({ log }).catch((error: unknown) => {
    if (!(error instanceof Unavailable) || process.env['CI'] === 'true') throw error
    const bar = '!'.repeat(100)
    console.warn(`\n${bar}\nSKIPPED: every test that needs a Docker engine.\n${error.message}\n${bar}\n`)
    return undefined
  })
  if (engine === undefined) return []
  try {
    return [engine, await openEngineBeside(engine, { log })]
  } catch (error) {
    return failAfter(error, () => engine.close(), log)
  }
}
