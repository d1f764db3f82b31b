import { request } from 'node:http'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { SleepingService } from '../sleeping-service.ts'
import { engine } from '../testbed/describe-with-engine.ts'
import { waitFor } from '../testbed/wait.ts'
import { updateForeign } from './foreign-update.ts'

interface ServiceEvent {
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> }
}

/** What a service's replicas did, from the events of the engine. */
export interface ReplicaHistory {
  /** Takes the service to 0, and resolves with every change before, in order, as `1 -> 2`. */
  readonly end: () => Promise<readonly string[]>
}

/** Follows the service's replicas from now on. It must not be at 0 by itself before the end. */
export async function replicaHistoryOf({ id, name }: SleepingService): Promise<ReplicaHistory> {
  const changes: string[] = []
  await follow(name, ({ Actor: { Attributes: attributes } }) => {
    const { 'replicas.old': from, 'replicas.new': to } = attributes
    if (from !== undefined && to !== undefined) changes.push(`${from} -> ${to}`)
  })
  const end = async () => {
    // Events are in order: after the event of this change, all earlier ones have arrived.
    await updateForeign(id, { replicas: 0 })
    const isTold = async () => (changes.at(-1)?.endsWith(' -> 0') ? true : undefined)
    await waitFor(isTold, { for: `the event of ${name} at 0`, timeoutMs: 10_000, everyMs: 5 })
    return changes.slice(0, -1)
  }
  return { end }
}

/** Calls back for each event of the service until the test has finished. Resolves when the event stream has started. */
async function follow(name: string, onEvent: (event: ServiceEvent) => void): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ type: ['service'], service: [name] }))
  const { pathname: socketPath } = new URL(engine.dockerHost)
  const begun = Promise.withResolvers<void>()
  const asked = request({ socketPath, path: `/events?filters=${filters}`, agent: false }, (stream) => {
    const lines = createInterface({ input: stream })
    lines.on('line', (line) => onEvent(JSON.parse(line) as ServiceEvent))
    // It ends with the test, in the middle of what the engine may say.
    for (const source of [stream, lines]) source.on('error', () => {})
    begun.resolve()
  })
  asked.once('error', begun.reject)
  asked.end()
  onTestFinished(() => void asked.destroy())
  await begun.promise
}
