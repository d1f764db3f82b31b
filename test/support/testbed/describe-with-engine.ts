import { mkdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { joinEngine } from './engine.ts'
import { waitFor } from './wait.ts'

const address = inject('engine')
const stackAddress = inject('stackEngine')

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

/** The engine of the stack that is deployed as it ships. */
export const stackEngine = joinEngine(stackAddress ?? nowhere)

/** `describe` for tests that use an engine: skipped where there is none. */
export const describeWithEngine = describe.skipIf(address === null)

// On one engine for both, the stack's autoscaler would scale what other files are testing: they take turns.
if (address !== null && address.dockerHost === stackAddress?.dockerHost) {
  const turn = join(tmpdir(), `swarm-autoscaler-turn-${address.id}`)
  beforeAll(async () => {
    const take = async () => {
      mkdirSync(turn)
      return true
    }
    await waitFor(take, { for: 'another file to end', timeoutMs: 1_800_000 })
  }, 1_800_000)
  afterAll(() => rmdirSync(turn))
}
