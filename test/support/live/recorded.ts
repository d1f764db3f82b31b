import type { ReceiverProcess } from '../receiver-process.ts'
import { waitFor } from '../testbed/wait.ts'

/** An event as the API tells it: the fields that tests go by. */
export interface ToldEvent {
  readonly id: string
  readonly at: string
  readonly kind: string
  readonly reason?: string
  readonly from?: number
  readonly to?: number
  readonly actor: string
  readonly [field: string]: unknown
}

/** The JSON that a running receiver answers to a path of its API. Rejects where it refuses. */
// biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects of the answer
export async function askApi(receiver: ReceiverProcess, path: string): Promise<any> {
  const response = await receiver.get(`/api/v1/${path}`)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

/** The events of a service, the first one first. */
export async function eventsOf(receiver: ReceiverProcess, service: string): Promise<readonly ToldEvent[]> {
  const { events } = await askApi(receiver, `events?service=${encodeURIComponent(service)}`)
  return (events as ToldEvent[]).toReversed()
}

/** The first event of the service that fits; waits for it. */
export function untilRecorded(
  receiver: ReceiverProcess,
  service: string,
  what: string,
  fits: (event: ToldEvent) => boolean,
): Promise<ToldEvent> {
  const probe = async () => (await eventsOf(receiver, service)).find(fits)
  return waitFor(probe, { for: `the history to tell ${what} of ${service}`, timeoutMs: 30_000 })
}
