import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeStore } from '../../test/support/fakes/fake-store.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { Reporter } from '../../test/support/fakes/reporter.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import { History } from '../history/history.ts'
import { eventView } from '../receiver/api/event-view.ts'
import type { Hold, Scaling } from '../reconcile/events.ts'
import { Reconciler } from '../reconcile/reconciler.ts'
import { SwarmError } from '../reconcile/swarm-error.ts'
import { createRegistry } from './exposition.ts'
import { createLogger } from './logger.ts'
import { LoopLog } from './loop-log.ts'
import { Metrics } from './metrics.ts'
import { TelemetryObserver } from './observer.ts'

type Line = { readonly [field: string]: unknown }

function aLoopLog() {
  const lines: Line[] = []
  const log = new LoopLog(createLogger('info', { write: (line) => lines.push(JSON.parse(line)) }))
  return { loop: new Reporter(log.subscriber), lines }
}

const cause = anActiveAlert('up', 12, {
  fingerprint: 'c2f1',
  summary: 'web needs 12 replicas.',
  startsAtMs: noon,
})
const toTen: Scaling = {
  kind: 'scale',
  from: 4,
  to: 10,
  reason: 'alert',
  needed: 12,
  limitedBy: 'max_replicas',
  cause,
}
const dryRun: Decision = { kind: 'hold', replicas: 4, reason: 'dry_run', wouldBe: 9, needed: 9 }
const broken = new SwarmError('engine', 'disk full')

describe('a line', () => {
  const web = aService({ version: 17 })
  const common = { service: 'web', serviceVersion: 17, actor: 'autoscaler' }
  const alert = { name: 'SwarmServiceNeedsReplicas', fingerprint: 'c2f1', summary: 'web needs 12 replicas.' }
  const change = { ...common, reason: 'alert', from: 4, to: 10 }
  const rows: [string, (loop: Reporter) => void, Line][] = [
    [
      'an applied change',
      (loop) => loop.applied(web, toTen, noon + 2_200),
      {
        ...change,
        level: 'info',
        event: 'scaled',
        needed: 12,
        limitedBy: 'max_replicas',
        reactionSeconds: 2.2,
        alert: { ...alert, startsAt: '2026-01-15T12:00:00.000Z' },
      },
    ],
    [
      'the end of a change',
      (loop) => loop.converged(web, toTen, 750),
      { ...change, level: 'info', event: 'converged', convergedSeconds: 0.75 },
    ],
    [
      'a change that failed',
      (loop) => loop.failed(web, toTen, broken),
      { ...change, level: 'error', event: 'failed', needed: 12, code: 'engine', error: 'disk full', alert },
    ],
    [
      'a change of a dry run',
      (loop) => loop.checked(web, dryRun),
      { ...common, level: 'info', event: 'dry_run', reason: 'dry_run', from: 4, to: 9, needed: 9 },
    ],
    [
      'a change that is held',
      (loop) => loop.checked(web, { ...dryRun, reason: 'paused', untilMs: noon }),
      {
        ...common,
        level: 'info',
        event: 'held',
        reason: 'paused',
        from: 4,
        to: 4,
        wouldBe: 9,
        until: '2026-01-15T12:00:00.000Z',
      },
    ],
    [
      "a person's change",
      (loop) => loop.externalChange(web, 6, 'person'),
      { ...common, level: 'info', event: 'changed', from: 6, to: 4, actor: 'person' },
    ],
    [
      'a redeploy',
      (loop) => loop.externalChange({ ...web, redeploy: { from: 6, to: 4 } }, 6, 'redeploy'),
      { ...common, level: 'info', event: 'changed', from: 6, to: 4, actor: 'redeploy' },
    ],
  ]
  it.each(rows)('of %s has every fact, by the name that the API has for it', (_, tell, facts) => {
    const { loop, lines } = aLoopLog()
    tell(loop)
    expect(lines).toMatchObject([facts])
  })
})

describe('what a person holds back', () => {
  const told = (...decisions: readonly Decision[]) => {
    const { loop, lines } = aLoopLog()
    for (const decision of decisions) loop.checked(aService(), decision)
    return lines.map(({ reason, wouldBe }) => [reason, wouldBe])
  }

  it('is told once, however often it is checked and whatever is needed meanwhile', () => {
    expect(told(dryRun, dryRun, { ...dryRun, needed: 9.5 })).toEqual([['dry_run', 9]])
  })

  it('is told again where another number is due, and after something else held', () => {
    const cooldown: Decision = { kind: 'hold', replicas: 4, reason: 'cooldown', needed: 9 }
    const refused: Decision = { kind: 'reject', reason: 'invalid_policy' }
    const all = told(dryRun, { ...dryRun, wouldBe: 8 }, dryRun, cooldown, dryRun, refused, dryRun)
    expect(all.map(([, wouldBe]) => wouldBe)).toEqual([9, 8, 9, 9, 9])
  })

  it('is not told of other holds, nor of a service that has not opted in', () => {
    expect(told({ kind: 'hold', replicas: 4, reason: 'at_max', needed: 20 })).toEqual([])
    const { loop, lines } = aLoopLog()
    loop.checked({ ...aService(), policy: { kind: 'not_enabled' } }, dryRun)
    expect(lines).toEqual([])
  })

  it('is told again after a change, and of a service that was gone', () => {
    const { loop, lines } = aLoopLog()
    loop.checked(aService(), dryRun)
    loop.applied(aService(), toTen, noon)
    loop.checked(aService(), dryRun)
    loop.forgotten('api')
    loop.checked(aService(), dryRun)
    expect(lines).toHaveLength(3)
    loop.forgotten('web')
    loop.checked(aService(), dryRun)
    expect(lines).toHaveLength(4)
  })
})

describe('an up that is blocked', () => {
  const hold: Hold = { kind: 'hold', replicas: 4, reason: 'rollout', wouldBe: 9, needed: 8.5 }
  const rows: [string, Hold, RegExp][] = [
    ['a rollout', hold, /rollout.*roll it back/],
    ['tasks that are pending or fail', { ...hold, reason: 'tasks_pending' }, /docker service ps/],
  ]
  it.each(rows)('by %s is a warning, with the remedy and since when', (_, blocked, message) => {
    const { loop, lines } = aLoopLog()
    loop.blocked(aService(), blocked, noon)
    expect(lines).toMatchObject([
      {
        level: 'warn',
        msg: expect.stringMatching(message),
        service: 'web',
        decision: 'hold',
        reason: blocked.reason,
        from: 4,
        wouldBe: 9,
        since: '2026-01-15T12:00:00.000Z',
      },
    ])
  })
})

describe("somebody else's scaling", () => {
  it('has a line with both numbers', () => {
    const { loop, lines } = aLoopLog()
    loop.externalChange(aService({ desiredReplicas: 4 }), 6, 'person')
    expect(lines).toMatchObject([{ level: 'info', service: 'web', from: 6, to: 4, actor: 'person' }])
  })
})

it('a failure that goes on says how often it happened, until something else does', () => {
  const { loop, lines } = aLoopLog()
  const toNine = { ...toTen, to: 9 }
  for (const one of [toTen, toTen, toTen, toNine]) loop.failed(aService(), one, broken)
  loop.failed(aService(), toNine, new SwarmError('denied', 'no'))
  loop.applied(aService(), toTen, noon)
  loop.failed(aService(), toTen, broken)
  const failures = lines.filter(({ event }) => event === 'failed')
  expect(failures.map(({ times }) => times)).toEqual([undefined, 2, 3, undefined, undefined, undefined])
})

describe('the log and the record', () => {
  it('tell of the same changes, with the same facts, one line each', async () => {
    const { swarm, clock, loop, record, lines } = await anAuditedLoop()
    const post = async (alert: ActiveAlert) => {
      await loop.receive('web', [{ kind: 'firing', alert }]).catch(() => {})
      await settle()
    }
    await post(anActiveAlert('up', 7, { startsAtMs: noon - 2_000 }))
    swarm.update('web', { runningReplicas: 7 })
    await clock.advance(15_000)
    swarm.update('web', { desiredReplicas: 5 })
    await clock.advance(15_000)
    swarm.redeploy('web', 1)
    await clock.advance(15_000)
    swarm.beforeUpdate = () => Promise.reject(broken)
    await post(anActiveAlert('up', 9))
    await post(anActiveAlert('up', 9))
    swarm.beforeUpdate = () => {}
    swarm.update('web', { policy: { kind: 'valid', policy: aPolicy({ isDryRun: true }), warnings: [] } })
    await clock.advance(15_000)
    await post(anActiveAlert('up', 9))
    await clock.advance(600_000)
    await post(anActiveAlert('up', 9, { startsAtMs: clock.nowMs() }))

    const kinds = ['scaled', 'failed', 'dry_run', 'changed'] as const
    const recorded = (await record.events({ kinds, limit: 100 })).toReversed()
    const logged = lines.filter(
      ({ event, times }) => kinds.some((kind) => kind === event) && times === undefined,
    )
    expect(logged.map(({ event }) => event)).toEqual(recorded.map(({ kind }) => kind))
    expect(new Set(recorded.map(({ kind }) => kind))).toEqual(new Set(kinds))
    const views = recorded.map(eventView)
    for (const [index, { alerts, error, ...view }] of views.entries()) {
      expect(factsOf(logged[index])).toEqual(factsOf(view))
      expect(logged[index]?.['code']).toBe(error?.code)
      // A correction has no alert of its own, though some may stand.
      const isAsked = view.reason === 'alert' || view.reason === 'dry_run'
      expect(logged[index]?.['alert']).toEqual(isAsked ? alerts[0] : undefined)
    }
    const converged = lines.filter(({ event }) => event === 'converged')
    const inRecord = views.filter(({ convergedSeconds }) => convergedSeconds !== undefined)
    expect(converged.map(({ convergedSeconds: seconds, to }) => [seconds, to])).toEqual(
      inRecord.map(({ convergedSeconds: seconds, to }) => [seconds, to]),
    )
    expect(inRecord.length).toBeGreaterThan(0)
  })
})

/** What a line of the log and an event of the API both tell, by the same name. */
const facts = [
  'service',
  'reason',
  'from',
  'to',
  'needed',
  'limitedBy',
  'actor',
  'serviceVersion',
  'reactionSeconds',
] as const

const factsOf = (line: Line = {}) => Object.fromEntries(facts.map((name) => [name, line[name]]))

/** A loop whose changes are logged and recorded as the receiver does it. */
async function anAuditedLoop() {
  const lines: Line[] = []
  const swarm = new FakeSwarm(aService({ runningReplicas: 4 }))
  const clock = new FakeClock()
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
  const telemetry = new TelemetryObserver(new Metrics(createRegistry(), '1.2.3'), log)
  const record = new History({
    store: new FakeStore(),
    clock,
    observer: telemetry,
    version: '1.2.3',
    receiver: '00000001',
    resyncIntervalMs: 15_000,
    retention: { maxAgeMs: 86_400_000, maxRows: 1_000 },
  })
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [telemetry.subscriber, record.recorder.subscriber],
    resyncIntervalMs: 15_000,
    alertTtlMs: 120_000,
  })
  await loop.start()
  return { swarm, clock, loop, record, lines }
}
