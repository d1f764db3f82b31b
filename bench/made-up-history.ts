import { type EventAlert, type EventKind, eventKinds, type HistoryEvent } from '../src/domain/event.ts'
import { EventIds } from '../src/history/event-ids.ts'
import type { Entry } from '../src/history/store.ts'

/** When the history begins, and how long it goes on, in ms. */
export const beginMs = Date.UTC(2026, 0, 1)
export const spanMs = 90 * 86_400_000

const services = Array.from({ length: 50 }, (_, index) => `shop_service-${index}`)
const receiver = 'be5c4000'
/** Events of each kind in a hundred; all others are holds. */
const shares: Readonly<Partial<Record<EventKind, number>>> = {
  scaled: 30,
  rejected: 4,
  changed: 3,
  dry_run: 2,
  failed: 1,
}
const kinds = eventKinds.flatMap((kind) => Array<EventKind>(shares[kind] ?? 0).fill(kind))

/** A number below `limit` that looks random, and is the same each time. */
function pick(seed: number, limit: number): number {
  const mixed = Math.imul(seed ^ (seed >>> 15), 0x2c1b_3c6d)
  return ((mixed ^ (mixed >>> 12)) >>> 0) % limit
}

/** `events` events of 50 services over 90 days, each with a count: what belongs together, by one receiver that watches all the time. */
export function* madeUpHistory(events: number): Generator<readonly Entry[]> {
  const ids = new EventIds(receiver)
  for (let index = 0; index < events; index++) {
    const atMs = beginMs + Math.floor((index * spanMs) / events)
    const service = services[pick(index + 1, services.length)] ?? ''
    const kind = kinds[pick(index + 3, 100)] ?? 'held'
    const replicas = 1 + pick(index + 7, 190) / 10
    yield [
      { kind: 'event', event: anEvent({ id: ids.next(atMs), atMs, service, kind }, replicas) },
      {
        kind: 'count',
        count: {
          service,
          atMs,
          desired: Math.ceil(replicas),
          running: Math.floor(replicas),
          costPerHour: 0.04,
        },
      },
      { kind: 'watch', watch: { receiver, fromMs: beginMs, untilMs: atMs } },
    ]
  }
}

function anEvent(
  what: Pick<HistoryEvent, 'id' | 'atMs' | 'service' | 'kind'>,
  replicas: number,
): HistoryEvent {
  const { atMs, service, kind } = what
  const isOfPerson = kind === 'changed'
  return {
    ...what,
    from: Math.floor(replicas),
    to: Math.ceil(replicas),
    actor: isOfPerson ? 'person' : 'autoscaler',
    alerts: isOfPerson ? [] : [anAlert(service, replicas, atMs - 2_200)],
    serviceVersion: 123_456,
    autoscalerVersion: '1.0.0',
    ...(isOfPerson ? {} : { needed: replicas, reason: kind === 'held' ? 'stabilizing' : 'alert' }),
    ...(kind === 'scaled' ? { reactionMs: 2_200, convergedMs: 3_400 } : {}),
    ...(kind === 'held' ? { untilMs: atMs + 60_000 } : {}),
  }
}

function anAlert(service: string, replicas: number, startsAtMs: number): EventAlert {
  const name = 'SwarmServiceNeedsMoreReplicas'
  const summary = `${service} needs ${replicas} replicas for its requests; it has ${Math.floor(replicas)}.`
  return { name, fingerprint: '5c1f3a9be07d2468', scale: 'up', startsAtMs, summary, value: String(replicas) }
}
