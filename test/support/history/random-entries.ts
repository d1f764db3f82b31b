import fc from 'fast-check'
import {
  actors,
  type EventAlert,
  type EventQuery,
  eventKinds,
  type HistoryEvent,
} from '../../../src/domain/event.ts'
import { startOf } from '../../../src/history/event-ids.ts'
import type { CountQuery, Entry } from '../../../src/history/store.ts'

/** Few times, services and receivers, so that they meet. */
const aTime = fc.integer({ min: 0, max: 40 })
const aService = fc.constantFrom('api', 'web', 'web2')
const aReceiver = fc.constantFrom('00000001', '0000000f')
const aNumber = fc.oneof(fc.nat(20), fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }))
const aText = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))

const anId = fc
  .tuple(aTime, fc.integer({ min: 0, max: 2 }), aReceiver)
  .map(([ms, number, receiver]) => `${startOf(ms)}000${number}-${receiver}`)

const anAlert: fc.Arbitrary<EventAlert> = fc.record(
  {
    name: aText,
    fingerprint: aText,
    scale: fc.constantFrom('up', 'down', 'to'),
    startsAtMs: aNumber,
    summary: aText,
    value: aText,
  },
  { requiredKeys: ['name', 'fingerprint'] },
)

const anEvent: fc.Arbitrary<HistoryEvent> = fc
  .record(
    {
      id: anId,
      service: aService,
      kind: fc.constantFrom(...eventKinds),
      reason: fc.constantFrom('alert', 'at_max', 'invalid_alert'),
      from: aNumber,
      to: aNumber,
      needed: aNumber,
      limitedBy: fc.constantFrom('max_step', 'max_replicas', 'min_replicas'),
      actor: fc.constantFrom(...actors),
      alerts: fc.array(anAlert, { maxLength: 3 }),
      untilMs: aNumber,
      serviceVersion: aNumber,
      autoscalerVersion: aText,
      reactionMs: aNumber,
      error: fc.record({ code: aText, message: aText }),
    },
    { requiredKeys: ['id', 'service', 'kind', 'actor', 'alerts', 'autoscalerVersion'] },
  )
  .map((event) => ({ ...event, atMs: Number.parseInt(event.id.slice(0, 12), 16) }))

/** Whatever can be written. */
export const anEntry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('event'), event: anEvent }) },
  fc.record({ kind: fc.constant('converged'), id: anId, convergedMs: aNumber }),
  fc.record({ kind: fc.constant('repeated'), id: anId, times: fc.nat(9), lastAtMs: aTime }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('count'),
      count: fc.record(
        {
          service: aService,
          atMs: aTime,
          desired: aNumber,
          running: aNumber,
          costPerHour: aNumber,
          isGone: fc.constant(true),
        },
        { requiredKeys: ['service', 'atMs', 'desired'] },
      ),
    }),
  },
  fc.tuple(aReceiver, aTime, aTime).map(([receiver, fromMs, forMs]): Entry => {
    return { kind: 'watch', watch: { receiver, fromMs, untilMs: fromMs + forMs } }
  }),
)

export const anEventQuery: fc.Arbitrary<EventQuery> = fc.record(
  {
    service: aService,
    kinds: fc.array(fc.constantFrom(...eventKinds), { maxLength: 3 }),
    sinceMs: aTime,
    untilMs: aTime,
    beforeId: anId,
    afterId: anId,
    limit: fc.integer({ min: 1, max: 8 }),
  },
  { requiredKeys: ['limit'] },
)

export const aSpan: fc.Arbitrary<CountQuery> = fc.record(
  { service: aService, sinceMs: aTime, untilMs: aTime },
  { requiredKeys: ['sinceMs', 'untilMs'] },
)
