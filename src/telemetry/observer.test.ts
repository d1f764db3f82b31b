import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aWindow, noon } from '../../test/support/fakes/builders.ts'
import { Reporter } from '../../test/support/fakes/reporter.ts'
import { SwarmError } from '../reconcile/swarm-error.ts'
import { createLogger } from './logger.ts'
import { Metrics } from './metrics.ts'
import { TelemetryObserver } from './observer.ts'

function anObserver() {
  const lines: Record<string, unknown>[] = []
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
  const observer = new TelemetryObserver(new Metrics(new Registry(), '1.2.3'), log)
  return { observer, loop: new Reporter(observer.subscriber), lines }
}

describe('the log', () => {
  it('has one line for an applied change, with the alert that caused it', () => {
    const { observer, loop, lines } = anObserver()
    const cause = anActiveAlert('up', 7, { fingerprint: 'c2f1', summary: 'web needs 6.5 replicas.' })
    const scaling = { kind: 'scale', from: 4, to: 7, reason: 'alert', needed: 7, cause } as const
    observer.subscriber({ kind: 'decided', service: aService(), decision: scaling })
    loop.applied(aService(), scaling, noon)
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        msg: 'scaled',
        event: 'scaled',
        service: 'web',
        actor: 'autoscaler',
        decision: 'scale',
        reason: 'alert',
        from: 4,
        to: 7,
        needed: 7,
        reactionSeconds: 3_600,
        alert: {
          name: 'SwarmServiceNeedsReplicas',
          fingerprint: 'c2f1',
          scale: 'up',
          value: '7',
          startsAt: '2026-01-15T11:00:00.000Z',
          summary: 'web needs 6.5 replicas.',
        },
      },
    ])
  })

  it('has a line for a policy once, and again when it changes', () => {
    const { loop, lines } = anObserver()
    const faults = [{ key: 'autoscaler.max', value: 'x', message: 'must be a whole number >= 1' }] as const
    const invalid = { ...aService(), policy: { kind: 'invalid', faults } } as const
    for (const service of [aService(), aService(), invalid, invalid, aService()]) loop.read(service, noon)
    expect(lines.map(({ msg }) => msg)).toEqual([
      'policy loaded',
      'policy invalid; service not scaled',
      'policy loaded',
    ])
    expect(lines[1]).toMatchObject({
      level: 'warn',
      faults: ['autoscaler.max="x" must be a whole number >= 1'],
    })
  })

  it('tells when a window opens and when it closes, with the next change', () => {
    const { loop, lines } = anObserver()
    const service = aService({ policy: aPolicy({ schedules: [aWindow({ start: '0 12 * * *', min: 3 })] }) })
    for (const atMs of [noon - 1, noon, noon + 1, noon + 3_600_000]) loop.read(service, atMs)
    expect(lines.slice(1)).toMatchObject([
      { msg: 'window opened', schedule: 'day', min: 3, closes: '2026-01-15T13:00:00.000Z' },
      { msg: 'window closed', schedule: 'day', opens: '2026-01-16T12:00:00.000Z' },
    ])
  })

  it('warns of a service that has no number of replicas', () => {
    const { loop, lines } = anObserver()
    loop.read(aService({ mode: 'global' }), noon)
    expect(lines).toMatchObject([{ level: 'warn', service: 'web', mode: 'global' }])
  })

  it('tells when Docker goes and when it comes, not how often it was asked', () => {
    const { loop, lines } = anObserver()
    const away = new SwarmError('unreachable', 'Docker cannot be reached')
    for (const error of [undefined, undefined, away, away, undefined]) loop.resynced(error)
    expect(lines.map(({ msg }) => msg)).toEqual(['Docker connected', 'Docker not usable', 'Docker connected'])
  })

  it('tells of a change that failed what was due', () => {
    const { loop, lines } = anObserver()
    const scaling = { kind: 'scale', from: 12, to: 10, reason: 'above_max' } as const
    loop.failed(aService(), scaling, new SwarmError('engine', 'disk full'))
    expect(lines).toMatchObject([{ level: 'error', code: 'engine', error: 'disk full', from: 12, to: 10 }])
  })

  it('keeps line breaks and quotes of an alert within its line', () => {
    const { observer, lines } = anObserver()
    observer.refused({
      service: 'web"}\n{"level":"info"',
      reason: 'invalid_alert',
      alert: { name: 'a', fingerprint: 'f' },
      problem: 'label scale="\\n" is wrong',
    })
    expect(lines).toHaveLength(1)
  })
})

describe('active alerts', () => {
  it('have a line when they were read, and a warning with the setting when they were not', () => {
    const { observer, lines } = anObserver()
    observer.ingested(3)
    observer.notIngested(new Error('http://alertmanager:9093 answers 404'))
    expect(lines).toMatchObject([
      { level: 'info', alerts: 3 },
      {
        level: 'warn',
        error: 'http://alertmanager:9093 answers 404',
        msg: expect.stringContaining('AUTOSCALER_ALERTMANAGER_URL'),
      },
    ])
  })
})
