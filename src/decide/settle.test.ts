import { describe, expect, it } from 'vitest'
import { aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { rolloutStates, type ScalingState, type Service } from '../domain/service.ts'
import { type Known, settle } from './settle.ts'

const hourAgo = noon - 3_600_000
const minuteAgo = noon - 60_000

/** What the autoscaler left an hour ago: 6 replicas. */
const scaled: ScalingState = { lastUpMs: hourAgo, lastDownMs: hourAgo - 1, replicas: 6 }
const whole = { replicas: 6, state: scaled }
const accepting = aPolicy({ onRedeploy: 'accept' })

/** `web`, updated a minute ago. */
function read(desiredReplicas: number, over: Parameters<typeof aService>[0] = {}): Service {
  return aService({ desiredReplicas, updatedAtMs: minuteAgo, ...over })
}

/** What the look before has left in memory, where the service was as the autoscaler had scaled it. */
function remembered(over: Partial<Known> = {}): Known {
  return { id: 'id-of-web', replicas: 6, state: scaled, isLabelled: true, ...over }
}

/** The looks at these readings, one after the other. */
function looks(...readings: readonly Service[]) {
  let known: Known | undefined
  return readings.map((reading, n) => {
    const settled = settle(reading, known, noon + n * 1_000)
    known = settled.known
    return settled
  })
}

describe('nothing happened', () => {
  const rows: [string, Service, Known | undefined, ScalingState][] = [
    ['to a service that was scaled, at the first look', read(6, { state: scaled }), undefined, scaled],
    ['to a service that was scaled, at a later look', read(6, { state: scaled }), remembered(), scaled],
    ['to a service that was never scaled, at the first look', read(4), undefined, {}],
    [
      'to a service that was never scaled, at a later look',
      read(4),
      remembered({ replicas: 4, state: {}, isLabelled: false }),
      {},
    ],
    [
      'to the number, where a person changed something else',
      read(6, { state: scaled, previous: whole }),
      remembered({ version: 1 }),
      scaled,
    ],
    [
      'since an autoscaler without a record of its number scaled it',
      read(6, { state: { lastUpMs: hourAgo }, previous: { replicas: 6, state: { lastUpMs: hourAgo } } }),
      undefined,
      { lastUpMs: hourAgo },
    ],
  ]
  it.each(rows)('%s', (_, reading, known, state) => {
    const settled = settle(reading, known, noon)
    expect(settled.service).toEqual({ ...reading, state })
    expect(settled.known).toMatchObject({ replicas: reading.desiredReplicas, state })
    expect(settled).not.toHaveProperty('changedFrom')
  })

  it('keeps the version, where it is known', () => {
    expect(settle(read(4, { version: 7 }), undefined, noon).known).toMatchObject({ version: 7 })
    expect(settle(read(4), undefined, noon).known).not.toHaveProperty('version')
  })
})

describe("a person's scaling", () => {
  const rows: [string, Service, Known | undefined, number, ScalingState][] = [
    ['up, seen by memory', read(8, { state: scaled }), remembered(), 6, { ...scaled, lastUpMs: minuteAgo }],
    [
      'down, seen by memory',
      read(4, { state: scaled }),
      remembered(),
      6,
      { ...scaled, lastDownMs: minuteAgo },
    ],
    [
      'of a service that was never scaled, seen by memory',
      read(5),
      remembered({ replicas: 4, state: {}, isLabelled: false }),
      4,
      { lastUpMs: minuteAgo },
    ],
    [
      'to the number that was last scaled to, after another one by hand',
      read(6, { state: scaled }),
      remembered({ replicas: 4 }),
      4,
      { ...scaled, lastUpMs: minuteAgo },
    ],
  ]
  it.each(rows)('%s, is the baseline and starts the cooldown', (_, reading, known, from, state) => {
    const settled = settle(reading, known, noon)
    expect(settled.changedFrom).toBe(from)
    expect(settled.service.state).toEqual(state)
    expect(settled.service).not.toHaveProperty('redeploy')
    expect(settled.known).toMatchObject({ replicas: reading.desiredReplicas, state })
  })

  it.each([
    ['the time of the update', noon - 1, noon - 1],
    ['now, where the update was now', noon, noon],
    ['now, where the clock of the engine is ahead', noon + 1, noon],
    ['now, where the engine tells no time', undefined, noon],
  ])('was at %s', (_, updatedAtMs, lastUpMs) => {
    const reading = {
      ...aService({ desiredReplicas: 8, state: scaled }),
      ...(updatedAtMs && { updatedAtMs }),
    }
    expect(settle(reading, remembered(), noon).service.state.lastUpMs).toBe(lastUpMs)
  })

  it('never moves a later cooldown back', () => {
    const state = { lastUpMs: noon - 1, replicas: 6 }
    expect(settle(read(8, { state }), remembered({ state }), noon).service.state.lastUpMs).toBe(noon - 1)
  })

  it.each([
    ['with an update time', read(8, { state: scaled }), minuteAgo],
    ['without one', aService({ desiredReplicas: 8, state: scaled }), noon],
  ])('is told once, and keeps its time at later looks, %s', (_, after, lastUpMs) => {
    const [, ...later] = looks(read(6, { state: scaled }), after, after, after)
    if (after.updatedAtMs === undefined) lastUpMs += 1_000
    expect(later.map(({ changedFrom }) => changedFrom)).toEqual([6, undefined, undefined])
    expect(later.map(({ service }) => service.state.lastUpMs)).toEqual([lastUpMs, lastUpMs, lastUpMs])
  })

  it('keeps its time when something else of the service is updated later', () => {
    const [, , last] = looks(
      read(6, { state: scaled }),
      read(8, { state: scaled }),
      read(8, { state: scaled, updatedAtMs: noon }),
    )
    expect(last?.service.state.lastUpMs).toBe(minuteAgo)
  })

  const before: [string, Service, ScalingState][] = [
    ['up, seen by the number in the labels', read(8, { state: scaled }), { ...scaled, lastUpMs: minuteAgo }],
    [
      'down, seen by the number in the labels',
      read(5, { state: scaled }),
      { ...scaled, lastDownMs: minuteAgo },
    ],
    [
      'seen by the spec before alone, where the labels tell no number',
      read(8, { state: { lastUpMs: hourAgo }, previous: { replicas: 6, state: { lastUpMs: hourAgo } } }),
      { lastUpMs: minuteAgo },
    ],
    [
      'seen by the spec before alone, where there are no labels',
      read(5, { previous: { replicas: 4, state: {} } }),
      { lastUpMs: minuteAgo },
    ],
  ]
  it.each(before)(
    'before the first look, %s, is the baseline and starts the cooldown, and is not told',
    (_, reading, state) => {
      const [first, again] = looks(reading, reading)
      for (const settled of [first, again]) {
        expect(settled).not.toHaveProperty('changedFrom')
        expect(settled?.service.state).toEqual(state)
        expect(settled?.service).not.toHaveProperty('redeploy')
        expect(settled?.known).toMatchObject({ replicas: reading.desiredReplicas, state })
      }
    },
  )
})

describe('a change by another receiver', () => {
  const byOther = { ...scaled, lastUpMs: minuteAgo, replicas: 8 }
  const wiped = remembered({ replicas: 1, isLabelled: false, redeploy: { from: 6, to: 1 } })

  const rows: [string, Service, Known | undefined, ScalingState][] = [
    ['up is no person', read(8, { state: byOther, previous: whole }), remembered(), byOther],
    [
      'down is no person',
      read(3, { state: { ...scaled, lastDownMs: minuteAgo, replicas: 3 }, previous: whole }),
      remembered(),
      { ...scaled, lastDownMs: minuteAgo, replicas: 3 },
    ],
    [
      'of a service that was never scaled is no person',
      read(8, { state: { lastUpMs: minuteAgo, replicas: 8 }, previous: { replicas: 4, state: {} } }),
      remembered({ replicas: 4, state: {}, isLabelled: false }),
      { lastUpMs: minuteAgo, replicas: 8 },
    ],
    [
      'after a redeploy is no person, and ends the redeploy',
      read(8, { state: byOther, previous: { replicas: 1, state: {} } }),
      wiped,
      byOther,
    ],
    [
      'that has restored what a redeploy had reset is no person, and starts no cooldown',
      read(6, { state: scaled, previous: { replicas: 1, state: {} } }),
      wiped,
      scaled,
    ],
  ]
  it.each(rows)('%s', (_, reading, known, state) => {
    const settled = settle(reading, known, noon)
    expect(settled).not.toHaveProperty('changedFrom')
    expect(settled.service.state).toEqual(state)
    expect(settled.service).not.toHaveProperty('redeploy')
    expect(settled.known).not.toHaveProperty('redeploy')
  })

  it.each([
    ['up', 9, { ...byOther, lastUpMs: minuteAgo + 1 }],
    ['down', 7, { ...byOther, lastDownMs: minuteAgo + 1 }],
    ['back to the number that memory has', 6, { ...byOther, lastDownMs: minuteAgo + 1 }],
  ])('that a person has since changed %s is told with the number of that receiver', (_, to, state) => {
    const settled = settle(read(to, { state: byOther, updatedAtMs: minuteAgo + 1 }), remembered(), noon)
    expect(settled.changedFrom).toBe(8)
    expect(settled.service.state).toEqual(state)
  })
})

describe('docker service rollback', () => {
  const older = { lastUpMs: hourAgo - 600_000, replicas: 4 }
  const back = read(4, { state: older, previous: whole })

  it('is the baseline, and the cooldown of what it took back is not forgotten', () => {
    const settled = settle(back, remembered(), noon)
    expect(settled.changedFrom).toBe(6)
    expect(settled.service.state).toMatchObject({ lastUpMs: hourAgo, lastDownMs: minuteAgo })
    expect(settled.service).not.toHaveProperty('redeploy')
  })

  it('is told once', () => {
    const [, , again] = looks(read(6, { state: scaled }), back, back)
    expect(again).not.toHaveProperty('changedFrom')
    expect(again?.service.state).toMatchObject({ lastUpMs: hourAgo, lastDownMs: minuteAgo })
  })

  const rollouts = rolloutStates.filter((rollout) => rollout.startsWith('rollback_'))
  it.each(rollouts)('to a spec from before the first scaling is no redeploy: %s', (rollout) => {
    const unlabelled = read(4, { previous: whole, rollout })
    const seen = settle(unlabelled, remembered(), noon)
    expect(seen.changedFrom).toBe(6)
    const afterRestart = settle(unlabelled, undefined, noon)
    expect(afterRestart).not.toHaveProperty('changedFrom')
    for (const { service, known } of [seen, afterRestart]) {
      expect(service.state).toEqual({ ...scaled, lastDownMs: minuteAgo })
      expect(service).not.toHaveProperty('redeploy')
      expect(known).not.toHaveProperty('redeploy')
    }
  })
})

describe('a redeploy', () => {
  const unscaled = { replicas: 1, state: {} }
  const rows: [string, Service, Known | undefined, object | undefined][] = [
    [
      'is seen by the spec before, after a restart',
      read(1, { previous: whole }),
      undefined,
      { from: 6, to: 1 },
    ],
    [
      'is seen by the spec before and by memory',
      read(1, { previous: whole }),
      remembered(),
      { from: 6, to: 1 },
    ],
    [
      'is seen by memory alone, where there were two updates since',
      read(1, { previous: unscaled }),
      remembered(),
      { from: 6, to: 1 },
    ],
    ['is seen by memory alone, where there is no spec before', read(1), remembered(), { from: 6, to: 1 }],
    ['may raise the replicas', read(9, { previous: whole }), remembered(), { from: 6, to: 9 }],
    [
      'takes back what another receiver did since the last look',
      read(1, { previous: { replicas: 8, state: { ...scaled, lastUpMs: minuteAgo - 1, replicas: 8 } } }),
      remembered(),
      { from: 8, to: 1 },
    ],
    [
      "takes back a person's scaling since the last look",
      read(1, { previous: { replicas: 4, state: scaled } }),
      remembered(),
      { from: 4, to: 1 },
    ],
    ['to zero is one', read(0, { previous: whole }), remembered(), { from: 6, to: 0 }],
    [
      'from zero is one',
      read(1, { previous: { replicas: 0, state: scaled } }),
      remembered({ replicas: 0 }),
      { from: 0, to: 1 },
    ],
    ['that leaves the number is none', read(6, { previous: whole }), remembered(), undefined],
    ['that leaves the number is none, after a restart', read(6, { previous: whole }), undefined, undefined],
    [
      'of a service that was never scaled is none',
      read(1, { previous: { replicas: 4, state: {} } }),
      undefined,
      undefined,
    ],
    [
      'of a service that was never scaled is none, seen by memory',
      read(1, { previous: { replicas: 4, state: {} } }),
      remembered({ replicas: 4, state: {}, isLabelled: false }),
      undefined,
    ],
    [
      'of another service of the same name, which has no memory, is none',
      read(1, { id: 'another' }),
      remembered(),
      undefined,
    ],
    [
      'is none where the policy takes it as it is',
      read(1, { previous: whole, policy: accepting }),
      remembered(),
      undefined,
    ],
    [
      'is seen where the policy is invalid, for when it is mended',
      {
        ...read(1, { previous: whole }),
        policy: { kind: 'invalid', faults: [{ key: 'autoscaler.max', message: 'is missing' }] },
      },
      remembered(),
      { from: 6, to: 1 },
    ],
  ]
  it.each(rows)('%s', (_, reading, known, redeploy) => {
    const settled = settle(reading, known, noon)
    expect(settled.service.redeploy).toEqual(redeploy)
    expect(settled.known.redeploy).toEqual(redeploy)
    if (redeploy !== undefined) expect(settled).not.toHaveProperty('changedFrom')
  })

  it.each([
    ['the spec before', read(1, { previous: whole }), undefined],
    ['memory', read(1), remembered()],
    [
      'both',
      read(1, { previous: { replicas: 6, state: { lastDownMs: hourAgo - 1, replicas: 6 } } }),
      remembered({ state: { lastUpMs: hourAgo, replicas: 6 } }),
    ],
  ])('keeps the state of %s, and starts no cooldown', (_, reading, known) => {
    expect(settle(reading, known, noon).service.state).toEqual(scaled)
  })

  it.each([
    [0, { ...scaled, lastDownMs: minuteAgo }],
    [5, { ...scaled, lastDownMs: minuteAgo }],
    [9, { ...scaled, lastUpMs: minuteAgo }],
  ])('that a person has scaled to %i before it was looked at is none: that is the baseline', (to, state) => {
    const settled = settle(read(to, { previous: { replicas: 1, state: {} } }), remembered(), noon)
    expect(settled.service).not.toHaveProperty('redeploy')
    expect(settled.changedFrom).toBe(6)
    expect(settled.service.state).toEqual(state)
  })

  it('keeps the later of the times that memory and the spec before have', () => {
    const previous = { replicas: 6, state: { lastUpMs: hourAgo + 1, lastDownMs: 1, replicas: 6 } }
    expect(settle(read(1, { previous }), remembered(), noon).service.state).toEqual({
      ...scaled,
      lastUpMs: hourAgo + 1,
    })
  })

  it('to an equal number leaves nothing to restore, and the state is kept at every look', () => {
    const after = read(6, { previous: whole })
    for (const settled of looks(read(6, { state: scaled }), after, after)) {
      expect(settled.service.state).toEqual(scaled)
      expect(settled.service).not.toHaveProperty('redeploy')
      expect(settled).not.toHaveProperty('changedFrom')
    }
  })

  it('that is accepted is the baseline: it keeps the state, starts the cooldown, and is told once', () => {
    const after = read(1, { previous: whole, policy: accepting })
    const [, seen, again] = looks(read(6, { state: scaled, policy: accepting }), after, after)
    expect(seen?.changedFrom).toBe(6)
    expect(seen?.service.state).toEqual({ ...scaled, lastDownMs: minuteAgo })
    expect(again).not.toHaveProperty('changedFrom')
    expect(again?.service.state).toEqual(seen?.service.state)
  })
})

describe('a redeploy that is not answered yet', () => {
  const pending = remembered({ replicas: 1, isLabelled: false, redeploy: { from: 6, to: 1 } })
  const after = read(1, { previous: whole })

  it.each([
    ['nothing happens', after],
    [
      'something else is updated, so that the spec before tells no more of it',
      read(1, { previous: { replicas: 1, state: {} } }),
    ],
    ['it is redeployed to the same number', read(1, { previous: { replicas: 1, state: {} }, version: 9 })],
  ])('stays while %s', (_, reading) => {
    const settled = settle(reading, pending, noon)
    expect(settled.service.redeploy).toEqual({ from: 6, to: 1 })
    expect(settled.known.redeploy).toEqual({ from: 6, to: 1 })
    expect(settled).not.toHaveProperty('changedFrom')
  })

  it.each([
    [0, { ...scaled, lastDownMs: minuteAgo }],
    [2, { ...scaled, lastUpMs: minuteAgo }],
    [6, { ...scaled, lastUpMs: minuteAgo }],
  ])('ends when a person sets the replicas to %i: that is the baseline', (to, state) => {
    const settled = settle(read(to, { previous: { replicas: 1, state: {} } }), pending, noon)
    expect(settled.service).not.toHaveProperty('redeploy')
    expect(settled.changedFrom).toBe(1)
    expect(settled.service.state).toEqual(state)
  })

  it('ends when the policy takes it as it is', () => {
    const settled = settle(read(1, { previous: whole, policy: accepting }), pending, noon)
    expect(settled.service).not.toHaveProperty('redeploy')
  })

  it('was of that service alone, not of another one of its name', () => {
    expect(settle(read(1, { id: 'another' }), pending, noon).service).not.toHaveProperty('redeploy')
  })
})

describe('a redeploy that was answered', () => {
  const answered = remembered({ replicas: 1, isLabelled: false })

  it('is not seen again, though the spec before still tells of it', () => {
    const settled = settle(read(1, { previous: whole }), answered, noon)
    expect(settled.service).not.toHaveProperty('redeploy')
    expect(settled.service.state).toEqual(scaled)
    expect(settled).not.toHaveProperty('changedFrom')
  })

  it('is not seen again when it was restored', () => {
    const settled = settle(
      read(6, { state: scaled, previous: { replicas: 1, state: {} } }),
      remembered(),
      noon,
    )
    expect(settled.service).not.toHaveProperty('redeploy')
    expect(settled).not.toHaveProperty('changedFrom')
  })

  it('does not hide the next one, of what was scaled since', () => {
    const previous = { replicas: 3, state: { ...scaled, lastUpMs: minuteAgo, replicas: 3 } }
    expect(settle(read(1, { previous }), answered, noon).service.redeploy).toEqual({ from: 3, to: 1 })
  })
})

describe('another service of the same name', () => {
  it('has no memory: neither its number nor its state is that of the one before', () => {
    const settled = settle(read(4, { id: 'another' }), remembered(), noon)
    expect(settled.service.state).toEqual({})
    expect(settled).not.toHaveProperty('changedFrom')
    expect(settled.known).toMatchObject({ id: 'another', replicas: 4, isLabelled: false })
  })
})
