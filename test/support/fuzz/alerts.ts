import fc from 'fast-check'
import { aMessage, anAlert } from '../fakes/alertmanager-message.ts'
import { aHostileJson, aHostileNumber, aHostileText } from './hostile.ts'

/** Names of services that there are, and others. */
const aName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('web', 'id-of-web', 'api', 'shy', 'broken', 'constructor') },
  aHostileText,
)

const aTime = fc.oneof(
  fc.constantFrom(
    '2026-01-15T12:00:00Z',
    '0001-01-01T00:00:00Z',
    '0000-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59-23:59',
    '2026-02-30T00:00:00Z',
    '2026-01-15T12:00:00.123456789123456789Z',
    '2026-01-15T12:00:60Z',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  aHostileText,
)

const aNumber = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map(String),
  aHostileNumber.map(String),
  aHostileText,
)

const texts = (named: Record<string, fc.Arbitrary<string>>) =>
  fc
    .tuple(fc.record(named, { requiredKeys: [] }), fc.dictionary(aHostileText, aHostileText, { maxKeys: 3 }))
    .map(([known, more]) => ({ ...more, ...known }))

/** An alert as Alertmanager sends it, but for its contents. */
const aLikelyAlert = fc.record({
  status: fc.constantFrom('firing', 'firing', 'resolved'),
  labels: fc
    .tuple(
      texts({ alertname: aHostileText, severity: aHostileText }),
      aName,
      fc.constantFrom('up', 'down', 'to', 'up ', ''),
    )
    .map(([more, service, scale]) => ({ ...more, service, scale })),
  annotations: texts({ replicas: aNumber, step: aNumber, summary: aHostileText }),
  startsAt: aTime,
  endsAt: aTime,
  fingerprint: fc.oneof(fc.constantFrom('a', 'b', 'c2f1a9b8d7e6f504'), aHostileText),
})

/** Puts a value somewhere into a copy of another one, or takes something away. */
function mutated(value: unknown, path: readonly number[], put: unknown): unknown {
  const [first = 0, ...rest] = path
  if (typeof value !== 'object' || value === null || path.length === 0) return put
  if (Array.isArray(value))
    return value.map((one, at) => (at === first % value.length ? mutated(one, rest, put) : one))
  const keys = Object.keys(value)
  const key = keys[first % (keys.length + 1)]
  if (key === undefined) return { ...value, [`new ${first}`]: put }
  const inner: unknown = mutated((value as Record<string, unknown>)[key], rest, put)
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, old]) =>
      name === key ? (put === undefined ? [] : [[name, inner]]) : [[name, old]],
    ),
  )
}

const aValidMessage = fc
  .array(aLikelyAlert, { maxLength: 6 })
  .map((alerts) => aMessage(...alerts, anAlert({ replicas: '5' })))

/** A message that is right, or wrong in one place. */
export const anAlmostValidMessage: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: aValidMessage },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        aValidMessage,
        fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
        fc.option(aHostileJson, { nil: undefined }),
      )
      .map(([message, path, put]) => mutated(message, path, put)),
  },
)
