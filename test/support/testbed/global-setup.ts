import type { TestProject } from 'vitest/node'
import { type EngineAddress, openEngine } from './engine.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** For `joinEngine`. */
    engine: EngineAddress
  }
}

/** One engine for all engine tests; they find it with `joinEngine(inject('engine'))`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engine = await openEngine({ log: (line) => console.log(line) })
  project.provide('engine', engine.address)
  return engine.close
}
