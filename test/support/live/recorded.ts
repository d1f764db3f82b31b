import type { ReceiverProcess } from '../receiver-process.ts'
import { waitFor } from '../testbed/wait.ts'

/** The fields of an event of the API that tests use. */
export interface RecordedEvent {
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
// biome-ignore lint/suspicious/noExplicitAny: each test checks what it expects of the answer
export async function askApi(receiver: ReceiverProcess, path: string): Promise<any> {
  const response = await receiver.get(`/api/v1/${path}`)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

/** The events of a service, the first one first. */
export async function eventsOf(
  receiver: ReceiverProcess,
  service: string,
): Promise<readonly RecordedEvent[]> {
  const { events } = await askApi(receiver, `events?service=${encodeURIComponent(service)}`)
  return (events as RecordedEvent[]).toReversed()
}

/** The first event of the service that fits; waits for it. */
export function untilRecorded(
  receiver: ReceiverProcess,
  service: string,
  what: string,
  fits: (event: RecordedEvent) => boolean,
): Promise<RecordedEvent> {
  const probe = async () => (await eventsOf(receiver, service)).find(fits)
  return waitFor(probe, { for: `the history to have ${what} of ${service}`, timeoutMs: 30_000 })
}
