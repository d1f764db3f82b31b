import { describe, inject } from 'vitest'
import { joinEngine } from './engine.ts'

const address = inject('engine')

/** Stands in for the engine while skipped tests are collected; nobody calls it. */
const nowhere = {
  id: 'nowhere',
  kind: 'reachable',
  dockerHost: 'unix:///nowhere/docker.sock',
  nodeId: '',
  host: '',
} as const

/** The engine that the test run has opened, and takes down. */
export const engine = joinEngine(address ?? nowhere)

/** `describe` for tests that use `engine`: skipped where there is none. */
export const describeWithEngine = describe.skipIf(address === null)
