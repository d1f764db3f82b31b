import { beforeEach, describe, expect, it } from 'vitest'
import { aPolicy, aService, aWindow, noon } from '../../test/support/fakes/builders.ts'
import type { Decision } from '../domain/decision.ts'
import type { Service } from '../domain/service.ts'
import type { LoopEvent, Scaling } from './events.ts'
import { Reported } from './reported.ts'
import { SwarmError } from './swarm-error.ts'

const toSix: Scaling = { kind: 'scale', from: 4, to: 6, reason: 'alert' }
const noAlert: Decision = { kind: 'hold', replicas: 4, reason: 'no_alert' }
const atTarget: Decision = { kind: 'hold', replicas: 4, reason: 'at_target' }
const cooldown: Decision = { kind: 'hold', replicas: 4, reason: 'cooldown' }
const dryRun: Decision = { kind: 'hold', replicas: 4, reason: 'dry_run', wouldBe: 6 }
const notEnabled: Decision = { kind: 'reject', reason: 'not_enabled' }
const invalid: Decision = { kind: 'reject', reason: 'invalid_policy' }

let events: LoopEvent[]
let reported: Reported
beforeEach(() => {
  events = []
  reported = new Reported((event) => events.push(event))
})

const changes = (...decisions: readonly Decision[]) =>
  decisions.map((decision) => reported.statusChange(decision))

describe('a status', () => {
  it.each<[string, readonly Decision[], readonly string[]]>([
    ['is idle until somebody asks for something', [noAlert, atTarget, noAlert], ['idle', 'idle', 'idle']],
    ['has a new reason once something is held', [noAlert, cooldown], ['idle', 'reason']],
    ['is not idle again after that', [cooldown, noAlert, noAlert], ['reason', 'reason', 'none']],
    ['goes on with the same reason', [cooldown, cooldown], ['reason', 'none']],
    ['is idle for a service that had not opted in at the start', [notEnabled, notEnabled], ['idle', 'none']],
    ['is new for one that opts in later', [notEnabled, noAlert], ['idle', 'reason']],
    ['is new for one that opts out', [noAlert, notEnabled], ['idle', 'reason']],
    ['is new for any other rejection at the start', [invalid], ['reason']],
    ['tells a hold from a rejection', [cooldown, invalid, cooldown], ['reason', 'reason', 'reason']],
    ['is nothing new if a change is about to be made', [toSix, toSix], ['none', 'none']],
    ['is compared with the one before a change', [cooldown, toSix, cooldown], ['reason', 'none', 'none']],
    ['holds the same change', [dryRun, { ...dryRun, needed: 9 }], ['reason', 'none']],
    [
      'holds another change',
      [dryRun, { ...dryRun, wouldBe: 7 }, { ...dryRun, replicas: 3, wouldBe: 7 }],
      ['reason', 'held_change', 'held_change'],
    ],
    [
      'holds no change any more',
      [dryRun, { kind: 'hold', replicas: 4, reason: 'dry_run' }],
      ['reason', 'held_change'],
    ],
  ])('%s', (_, decisions, expected) => {
    expect(changes(...decisions)).toEqual(expected)
  })

  it('holds a new change after one was applied, even the same as before', () => {
    expect(changes(dryRun, dryRun)).toEqual(['reason', 'none'])
    reported.applied()
    expect(changes(dryRun, dryRun)).toEqual(['held_change', 'none'])
  })

  it('that holds no change is not new after one was applied', () => {
    expect(changes(cooldown)).toEqual(['reason'])
    reported.applied()
    expect(changes(cooldown)).toEqual(['none'])
  })

  it('is idle although a change was applied before any status', () => {
    reported.applied()
    expect(changes(noAlert)).toEqual(['idle'])
  })
})

describe('a failure', () => {
  const full = new SwarmError('engine', 'disk full')
  const fail = (scaling: Scaling, error = full) => reported.failed(scaling, error)

  it('counts how often it happened in a row', () => {
    expect([fail(toSix), fail(toSix), fail(toSix)]).toEqual([1, 2, 3])
  })

  it.each<[string, () => unknown]>([
    ['another target', () => fail({ ...toSix, to: 7 })],
    ['another size', () => fail({ ...toSix, from: 5 })],
    ['another error', () => fail(toSix, new SwarmError('denied', 'no'))],
    ['an applied change', () => reported.applied()],
    ['a status in which nothing is due', () => changes(cooldown)],
  ])('begins again after %s', (_, happen) => {
    fail(toSix)
    happen()
    expect(fail(toSix)).toBe(1)
  })

  it('goes on if the change is still due', () => {
    fail(toSix)
    changes(toSix)
    expect(fail(toSix)).toBe(2)
  })
})

describe('dropped alerts', () => {
  it('are reported each time, and say when it is the first', () => {
    reported.dropped('web', 3)
    reported.dropped('web', 2)
    expect(events).toEqual([
      { kind: 'alerts_dropped', service: 'web', alerts: 3, isFirst: true },
      { kind: 'alerts_dropped', service: 'web', alerts: 2, isFirst: false },
    ])
  })
})

describe('a reading', () => {
  const kinds = () => events.map(({ kind }) => kind)
  const faults = [{ key: 'autoscaler.max', message: 'is missing' }] as const
  const wrong: Service = { ...aService(), policy: { kind: 'invalid', faults } }

  it('is reported with the policy the first time', () => {
    reported.read(aService(), noon)
    expect(events).toEqual([
      { kind: 'read', service: aService(), atMs: noon },
      { kind: 'policy_changed', service: aService() },
    ])
  })

  it('reports a policy again only if its content is another', () => {
    const service = aService()
    for (const one of [service, service, aService(), wrong, wrong, aService()]) reported.read(one, noon)
    expect(
      events.flatMap((event) => (event.kind === 'policy_changed' ? event.service.policy.kind : [])),
    ).toEqual(['valid', 'invalid', 'valid'])
  })

  it('reports a window when it opens and when it closes', () => {
    const schedules = [aWindow({ start: '0 12 * * *', min: 3 })]
    const service = aService({ policy: aPolicy({ schedules }) })
    for (const atMs of [noon - 1, noon, noon + 1, noon + 3_600_000, noon + 3_600_001])
      reported.read(service, atMs)
    expect(events.filter(({ kind }) => kind === 'window_changed')).toEqual([
      expect.objectContaining({
        service,
        schedule: schedules[0],
        isOpen: true,
        nextChangeMs: noon + 3_600_000,
      }),
      expect.objectContaining({ service, schedule: schedules[0], isOpen: false }),
    ])
  })

  it('has no windows without a valid policy', () => {
    reported.read(wrong, noon)
    expect(kinds()).toEqual(['read', 'policy_changed'])
  })
})
