import { beforeEach, describe, expect, it } from 'vitest'
import { aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { Decision } from '../domain/decision.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import { Memory } from './memory.ts'

const scaled: ScalingState = { lastUpMs: noon - 60_000, replicas: 6 }
const six = aService({ desiredReplicas: 6, state: scaled, version: 5 })
const redeployed = aService({ desiredReplicas: 1, version: 6, previous: { replicas: 6, state: scaled } })
const invalid = { kind: 'invalid', faults: [{ key: 'autoscaler.max', message: 'is missing' }] } as const

let observer: RecordingObserver
let memory: Memory
let applied: unknown[][]
beforeEach(() => {
  observer = new RecordingObserver()
  applied = []
  memory = new Memory(observer.subscriber, (...change) => applied.push(change))
})

const settle = (service: Service) => memory.settle(service, noon)

describe('a reading', () => {
  it('that is older than what is known is none', () => {
    settle(six)
    expect(settle({ ...six, version: 4, desiredReplicas: 9 })).toBeUndefined()
    expect(settle({ ...six, version: 5 })).toBeDefined()
    expect(settle({ ...six, version: 6 })).toBeDefined()
    expect(observer.told).toEqual([])
  })

  it('from before its own last change is none', () => {
    settle(six)
    memory.wrote({ ...six, desiredReplicas: 8, state: { lastUpMs: noon, replicas: 8 } })
    expect(settle(six)).toBeUndefined()
    const after = { ...six, desiredReplicas: 8, state: { lastUpMs: noon, replicas: 8 }, version: 6 }
    expect(settle(after)).toEqual(after)
    expect(observer.told).toEqual([])
  })

  it('of another service of the same name is never too old', () => {
    settle(six)
    expect(settle({ ...six, id: 'another', version: 1 })).toBeDefined()
  })

  it('without versions is never too old', () => {
    const { version: _, ...unversioned } = six
    settle(unversioned)
    memory.wrote(unversioned)
    expect(settle(unversioned)).toBeDefined()
  })
})

describe("a person's scaling", () => {
  it('is told once', () => {
    settle(six)
    for (const version of [6, 7, 8]) settle({ ...six, desiredReplicas: 4, version })
    expect(observer.told).toEqual(['changed-by-others web 6 4'])
  })

  it.each([
    ['has not opted in', { kind: 'not_enabled' }],
    ['has an invalid policy', invalid],
  ] as const)('is not told of a service that %s', (_, policy) => {
    settle({ ...six, policy })
    settle({ ...six, policy, desiredReplicas: 4, version: 6 })
    expect(observer.told).toEqual([])
  })

  it('is not its own scaling', () => {
    settle(six)
    const state = { lastUpMs: noon, replicas: 8 }
    memory.wrote({ ...six, desiredReplicas: 8, state })
    settle({ ...six, desiredReplicas: 8, state, version: 6 })
    expect(observer.told).toEqual([])
  })

  it('after its own scaling is told with the number that it had left', () => {
    settle(six)
    const state = { lastUpMs: noon, replicas: 8 }
    memory.wrote({ ...six, desiredReplicas: 8, state })
    settle({ ...six, desiredReplicas: 9, state, version: 7 })
    expect(observer.told).toEqual(['changed-by-others web 8 9'])
  })
})

describe('a redeploy', () => {
  const redeploy = { from: 6, to: 1 }
  const rows: [string, Decision, boolean][] = [
    ['that was left as it is has had its answer', { kind: 'hold', replicas: 1, reason: 'no_alert' }, true],
    [
      'to zero that is switched off has had its answer',
      { kind: 'hold', replicas: 1, reason: 'switched_off' },
      true,
    ],
    [
      'of a service that may not be scaled has had its answer',
      { kind: 'reject', reason: 'not_enabled' },
      true,
    ],
    [
      'that a rollout holds has had none',
      { kind: 'hold', replicas: 1, reason: 'rollout', wouldBe: 6 },
      false,
    ],
    ['that a pause holds has had none', { kind: 'hold', replicas: 1, reason: 'paused', wouldBe: 6 }, false],
    [
      'that a dry run holds has had none',
      { kind: 'hold', replicas: 1, reason: 'dry_run', wouldBe: 6 },
      false,
    ],
    ['with invalid labels has had none', { kind: 'reject', reason: 'invalid_policy' }, false],
  ]
  it.each(rows)('%s', (_, decision, isAnswered) => {
    settle(six)
    const service = settle(redeployed)
    expect(service?.redeploy).toEqual(redeploy)
    memory.decided(service ?? redeployed, decision)
    expect(settle({ ...redeployed, version: 7 })?.redeploy).toEqual(isAnswered ? undefined : redeploy)
  })

  it('that was answered leaves the state as it was', () => {
    settle(six)
    const service = settle(redeployed) ?? redeployed
    memory.decided(service, { kind: 'hold', replicas: 1, reason: 'no_alert' })
    expect(settle(redeployed)?.state).toEqual(scaled)
  })

  it('that was restored is over', () => {
    settle(six)
    settle(redeployed)
    memory.wrote({ ...redeployed, desiredReplicas: 6, state: scaled })
    const after = { ...six, version: 7, previous: { replicas: 1, state: {} } }
    expect(settle(after)).toEqual(after)
    expect(observer.told).toEqual(['redeployed web 6 1'])
  })

  it('that came right after its own change is seen', () => {
    settle(six)
    const state = { lastUpMs: noon, replicas: 8 }
    memory.wrote({ ...six, desiredReplicas: 8, state })
    expect(settle({ ...redeployed, previous: { replicas: 8, state }, version: 7 })).toMatchObject({
      redeploy: { from: 8, to: 1 },
      state,
    })
  })

  it('that the policy takes as it is, is told as such', () => {
    const { policy } = aService({ policy: aPolicy({ onRedeploy: 'accept' }) })
    settle(six)
    expect(settle({ ...redeployed, policy })).not.toHaveProperty('redeploy')
    expect(observer.told).toEqual(['redeployed web 6 1'])
  })
})

describe('a change of which nobody could tell whether it was applied', () => {
  const scaling = { kind: 'scale', from: 6, to: 8, reason: 'alert' } as const
  const after: Service = { ...six, desiredReplicas: 8, state: { lastUpMs: noon, replicas: 8 }, version: 6 }
  const due = { service: after, scaling, alerts: [] }
  beforeEach(() => {
    settle(six)
    memory.mayHaveWritten(due)
  })

  it('is reported once a reading has it', () => {
    settle(six)
    expect(applied).toEqual([])
    settle(after)
    settle({ ...after, version: 7 })
    expect(applied).toEqual([[due, noon]])
  })

  const never: [string, () => void, Service][] = [
    ['no reading has it', () => {}, six],
    ['another one was written since', () => memory.wrote(after), after],
  ]
  it.each(never)('is told to nobody where %s', (_, happens, reading) => {
    happens()
    settle({ ...reading, version: 8 })
    expect(applied).toEqual([])
  })
})

describe('a service that was never read', () => {
  it('is not known, and a decision does not make it known', () => {
    memory.decided(redeployed, { kind: 'hold', replicas: 1, reason: 'no_alert' })
    expect(memory.isKnown).toBe(false)
    settle(six)
    expect(memory.isKnown).toBe(true)
  })
})
