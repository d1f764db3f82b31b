import { expect, it } from 'vitest'
import type { FaultKind } from './journal.ts'
import { type Evidence, judge } from './judge.ts'
import type { Sample } from './sample.ts'

const hourMs = 3_600_000
const megabyte = 1_048_576

/** A sample a minute into the first of two hours, as many as there are minutes. */
const samples = (fields: (minute: number) => Partial<Sample>): readonly Sample[] =>
  Array.from({ length: 120 }, (_, minute) => ({
    atMs: minute * 60_000,
    pid: 7,
    rssBytes: 150 * megabyte,
    heapBytes: (40 + (minute % 5) * 4) * megabyte,
    externalBytes: 5 * megabyte,
    descriptors: 40,
    sockets: 12,
    timers: 8,
    connections: 6,
    cpuSeconds: minute,
    lagP99Seconds: 0.02,
    recordBytes: minute * 1_000,
    dockerCalls: minute * 100,
    conflicts: 0,
    applied: minute * 60,
    requests: minute * 200,
    serverErrors: 0,
    ...fields(minute),
  }))

const steps = Array.from({ length: 1_500 }, (_, index) => ({
  service: 'web',
  from: 1 + (index % 3),
  to: 1 + ((index + 1) % 3),
  atMs: index * 4_800,
}))
const recorded = steps.map((step) => ({ ...step, by: 'autoscaler' as const }))
const middleMs = 750 * 4_800

const good: Evidence = {
  lastedMs: 2 * hourMs,
  deeds: [],
  samples: samples(() => ({})),
  finalReplicas: [{ name: 'web', mustHave: 3, has: 3 }],
  history: new Map([['web', recorded]]),
  made: steps,
  errors: [],
  complaints: '',
  statuses: [0, 0],
  failures: [],
}

const wrongOf = (evidence: Partial<Evidence>) =>
  judge({ ...good, ...evidence })
    .filter(({ isGood }) => !isGood)
    .map(({ name }) => name)

const at = (kind: FaultKind, atMs: number, service?: string) => [
  { kind, fromMs: atMs, toMs: atMs, ...(service === undefined ? {} : { service }) },
]

it('a soak of which all is well is good', () => {
  expect(wrongOf({})).toEqual([])
})

it.each([
  ['resident memory, MB', (minute: number) => ({ rssBytes: (150 + minute / 2) * megabyte })],
  [
    'heap at its lowest, MB',
    (minute: number) => ({ heapBytes: (40 + (minute % 5) * 4 + minute / 4) * megabyte }),
  ],
  ['external memory, MB', (minute: number) => ({ externalBytes: (5 + minute / 4) * megabyte })],
  ['open descriptors at their fewest', (minute: number) => ({ descriptors: 40 + Math.floor(minute / 5) })],
  ['open sockets at their fewest', (minute: number) => ({ sockets: 12 + Math.floor(minute / 5) })],
  ['timers at their fewest', (minute: number) => ({ timers: 8 + Math.floor(minute / 3) })],
  ['TCP connections at their fewest', (minute: number) => ({ connections: 6 + Math.floor(minute / 5) })],
])('a leak of %s is found', (name, fields) => {
  expect(wrongOf({ samples: samples(fields) })).toEqual([`${name}: flat`])
})

it('a life that is too short shows nothing', () => {
  const wrong = wrongOf({ samples: samples((minute) => ({ pid: minute < 60 ? 7 : 8 })) })
  expect(wrong).toEqual(['one receiver lived for three quarters of the time'])
})

it('replicas that are not as they must be are found', () => {
  expect(wrongOf({ finalReplicas: [{ name: 'web', mustHave: 3, has: 2 }] })).toEqual([
    'every service has the replicas that it must have',
  ])
})

const hole = 'the history has no hole that no fault explains'
const difference = 'the history and Docker have the same changes'

it('a change that is missing in the history, or is recorded twice, is found', () => {
  expect(wrongOf({ history: new Map([['web', recorded.toSpliced(750, 1)]]) })).toEqual([hole, difference])
  const twice = recorded.toSpliced(750, 0, ...recorded.slice(750, 751))
  expect(wrongOf({ history: new Map([['web', twice]]) })).toEqual([hole, difference])
})

it('a receiver that was killed at that moment could not record it, nor one that was killed at another', () => {
  const missing = { history: new Map([['web', recorded.toSpliced(750, 1)]]) }
  expect(wrongOf({ ...missing, deeds: at('kill', middleMs) })).toEqual([])
  expect(wrongOf({ ...missing, deeds: at('kill', middleMs - 600_000) })).toEqual([hole, difference])
  expect(wrongOf({ ...missing, deeds: at('stop', middleMs) })).toEqual([difference])
})

it('an external change is recorded as such, and of that service alone', () => {
  const byHand = {
    history: new Map([['web', recorded.with(750, { ...recorded[750], by: 'person' } as never)]]),
  }
  expect(wrongOf(byHand)).toEqual([difference])
  expect(wrongOf({ ...byHand, deeds: at('person', middleMs, 'web') })).toEqual([])
  expect(wrongOf({ ...byHand, deeds: at('person', middleMs, 'other') })).toEqual([difference])
})

it('errors in the log and answers 5xx need a fault that explains them', () => {
  const errors = [{ atMs: middleMs, text: '{"msg":"Docker not usable"}' }]
  const failing = samples((minute) => ({ serverErrors: minute * 60_000 < middleMs ? 0 : 3 }))
  expect(wrongOf({ errors, samples: failing })).toEqual([
    'no error in the log that no fault explains',
    'no answer 5xx that no fault explains',
  ])
  expect(wrongOf({ errors, samples: failing, deeds: at('engine', middleMs) })).toEqual([])
  expect(wrongOf({ errors, deeds: at('wrong-reload', middleMs) })).toHaveLength(1)
  const refused = [{ atMs: middleMs, text: '{"msg":"policy file refused, the old one stays in force"}' }]
  expect(wrongOf({ errors: refused, deeds: at('engine', middleMs) })).toHaveLength(1)
  expect(wrongOf({ errors: refused, deeds: at('wrong-reload', middleMs) })).toEqual([])
})

it('tasks that fail again and again do so for minutes after restarts of the engine, and for no other reason', () => {
  const errors = [{ atMs: middleMs, text: '{"msg":"tasks fail again and again after a change"}' }]
  expect(wrongOf({ errors, deeds: at('engine', middleMs - 300_000) })).toEqual([])
  expect(wrongOf({ errors, deeds: at('engine', middleMs - 900_000) })).toHaveLength(1)
  expect(wrongOf({ errors, deeds: at('conflict', middleMs - 300_000) })).toHaveLength(1)
})

it('warnings, a bad end, no work and faults that could not be done are found', () => {
  expect(wrongOf({ complaints: 'MaxListenersExceededWarning' })).toEqual([
    'nothing was printed besides the log',
  ])
  expect(wrongOf({ statuses: [0, 1] })).toEqual(['a receiver that is asked to end ends with 0'])
  expect(wrongOf({ failures: ['engine: it does not end'] })).toEqual([
    'the soak could do all that it had in mind',
  ])
  const idle = { history: new Map([['web', recorded.slice(0, 5)]]), made: steps.slice(0, 5) }
  expect(wrongOf(idle)).toEqual(['there was work: a change in five seconds at least'])
})
