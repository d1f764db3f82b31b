import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../../src/decide/decide.ts'
import { nextChanges } from '../../src/decide/next-change.ts'
import type { ParsedPolicy } from '../../src/domain/policy.ts'
import type { Service } from '../../src/domain/service.ts'
import { labelKeys } from '../../src/policy/label-keys.ts'
import { readPolicyFile } from '../../src/policy/policy-file.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { anActiveAlert, aService, aStep, noon } from '../support/fakes/builders.ts'
import { cases, expectCleanPrototypes, HeapWatch } from '../support/fuzz/cases.ts'
import { aHostileText } from '../support/fuzz/hostile.ts'

const aLikelyValue = fc.constantFrom(
  ...[
    'true',
    'false',
    '0',
    '1',
    '5',
    '20',
    '70%',
    '50%',
    '4,100%',
    '30s',
    '1h30m',
    '500ms',
    '50MB',
    '2.5',
    '1e3',
    '0.04',
  ],
  ...[
    '* * * * *',
    '0 8 * * 1-5',
    '0 0 31 2 *',
    '0 0 29 2 *',
    '*/7 3-9 L * *',
    '@daily',
    '59 23 31 12 7',
    'UTC',
    'Europe/Berlin',
    '+02:00',
  ],
  ...[
    'up',
    'down',
    'true until 2026-01-31T08:00:00Z',
    'restore',
    'accept',
    'daily',
    'weekly',
    '10m',
    '9999999999999y',
  ],
)
const aName = fc.oneof(fc.constantFrom('day', 'constructor', '__proto__', 'A-1_b'), aHostileText)
const aKey = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...labelKeys), aName)
      .map(([key, name]) => key.replace('<name>', () => name)),
  },
  { weight: 1, arbitrary: aName.map((name) => `target.${name}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('state.last-up', 'state.replicas', 'mx', 'cooldown', 'schedule.day', ''),
  },
  { weight: 1, arbitrary: aHostileText },
)
const aValue = fc.oneof({ weight: 4, arbitrary: aLikelyValue }, aHostileText)
const someLabels = fc.tuple(fc.array(fc.tuple(aKey, aValue), { maxLength: 12 }), fc.boolean()).map(
  ([pairs, isLikely]) =>
    [
      ...(isLikely
        ? [
            ['enable', 'true'],
            ['max', '20'],
          ]
        : []),
      ...pairs,
    ] as [string, string][],
)

const alerts = [
  anActiveAlert('up', 1e300),
  anActiveAlert('down', 0),
  anActiveAlert('to', 3.5),
  anActiveAlert('up', aStep(1e308, 'percent')),
]

function expectFaults({ faults }: Extract<ParsedPolicy, { kind: 'invalid' }>): void {
  for (const { key, message } of faults) {
    expect(key).toMatch(/^autoscaler\./)
    expect(message).not.toBe('')
  }
}

/** Numbers that can be told and written, whatever was asked for. */
function expectDecisions(service: Service): void {
  for (const nowMs of [noon, noon + 1e9]) {
    const decision = decide({ service, alerts, nowMs })
    if (decision.kind === 'scale') expect(Number.isSafeInteger(decision.to)).toBe(true)
    if (decision.kind !== 'reject') expect(Number.isFinite(decision.needed ?? 0)).toBe(true)
  }
  nextChanges({ service, alerts, nowMs: noon })
}

describe('labels', () => {
  it('are read into a policy that can be decided by, or refused with every fault', () => {
    const heap = new HeapWatch(25)
    fc.assert(
      fc.property(someLabels, fc.boolean(), (pairs, hasMemoryLimit) => {
        const labels = Object.fromEntries(pairs.map(([key, text]) => [`autoscaler.${key}`, text]))
        const reading = readPolicy(labels, hasMemoryLimit)
        expectCleanPrototypes()
        heap.tick()
        if (reading.kind === 'invalid') expectFaults(reading)
        expectDecisions({ ...aService(), policy: reading })
      }),
      cases(25),
    )
    heap.expectSteady('labels')
  })
})

const example = `defaults:
  up: {cooldown: 1m}
  down:
    stabilization: 5m
services:
  shop_web: &web
    enable: true
    max: 20
    target: {cpu: 70%, requests: 25}
    schedule.lunch: {start: 0 11 * * 1-5, duration: 3h, timezone: Europe/Berlin, min: 6}
  shop_api:
    <<: *web
    pause: true until 2026-01-31T08:00:00Z
`

const aPiece = fc.oneof(
  fc.constantFrom(
    'defaults:',
    'services:',
    '  web:',
    '    max: 5',
    '  max: 20',
    '    up: {cooldown: 2m}',
    '    up.cooldown: 1m',
    '    enable: true',
  ),
  fc.constantFrom(
    '&a',
    '*a',
    '&b [*a, *a]',
    'x: &a {b: *a}',
    '<<: *a',
    '  <<: {max: 3}',
    '? [a, b]',
    ': c',
    '- 1',
    '---',
    '...',
    '%YAML 9.9',
    '%TAG ! x',
  ),
  fc.constantFrom(
    '!!js/function "x"',
    '!!binary AAAA',
    '!!set {a}',
    '!<tag:x> y',
    '!!timestamp 2026-01-01',
    '!!merge x',
    '\t',
    '\t\tmax: 1',
    '|',
    '>-',
    '"',
    "'",
    '{',
    '[',
    ']',
    '}',
    '#',
    '\ufeff',
    '\r',
  ),
  aHostileText,
)
const aText = fc.oneof(
  { weight: 10, arbitrary: fc.array(aPiece, { maxLength: 15 }).map((pieces) => pieces.join('\n')) },
  {
    weight: 10,
    arbitrary: fc
      .tuple(fc.nat(example.length), fc.nat(40), aPiece)
      .map(([at, gone, piece]) => example.slice(0, at) + piece + example.slice(at + gone)),
  },
  // Each takes a parser some hundredths of a second.
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('[', '{a: ', '- ', '? ', '&a ', '!x ', '"', '{', '(', '  '), fc.nat(2_000))
      .map(([one, times]) => `services: ${one.repeat(times)}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 12 }), fc.boolean())
      .map(laughs),
  },
)

/** Aliases of aliases: a billion from some lines. */
function laughs([levels, width, isMap]: [number, number, boolean]): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const of = Array.from(
      { length: width },
      (_, n) => `${isMap ? `k${n}: ` : ''}${level === 0 ? 1 : `*l${level - 1}`}`,
    ).join(', ')
    return `  s${level}: &l${level} ${isMap ? `{${of}}` : `[${of}]`}`
  })
  return `services:\n${lines.join('\n')}\n`
}

describe('a policy file', () => {
  it('of any text is read, or refused with every fault and its place', () => {
    const heap = new HeapWatch(8)
    fc.assert(
      fc.property(aText, (text) => {
        const reading = readPolicyFile(text)
        expectCleanPrototypes()
        heap.tick()
        if (reading.kind === 'valid') return
        for (const { line, column, message } of reading.faults) {
          expect([line >= 1, column >= 1, message.length > 0]).toEqual([true, true, true])
        }
      }),
      cases(8),
    )
    heap.expectSteady('policy files')
  })
})
