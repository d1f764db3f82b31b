import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { Service } from '../../../src/domain/service.ts'
import { type Described, faultsOfAnswer } from '../../support/api/described.ts'
import { anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { aPolicy, aService, aWindow, noon } from '../../support/fakes/builders.ts'
import { settle } from '../../support/fakes/fake-clock.ts'

const at = (afterNoonMs: number) => new Date(noon + afterNoonMs).toISOString()

type World = Awaited<ReturnType<typeof anApp>>

/** Both answers for a service, checked against the description. */
async function shown({ app }: World, name = 'web') {
  const document: Described = (await request(app).get('/api/v1/openapi.json')).body
  const { body: list } = await request(app).get('/api/v1/services')
  const { body: detail } = await request(app).get(`/api/v1/services/${name}`)
  expect(await faultsOfAnswer(document, 'ServicesAnswer', list)).toEqual([])
  expect(await faultsOfAnswer(document, 'ServiceDetail', detail)).toEqual([])
  return { list: list.services, detail }
}

const worldOf = (service: Service, isDryRun = false) => anApp({ nowMs: noon, services: [service], isDryRun })

describe('GET /api/v1/services', () => {
  it('lists every service with autoscaler labels, by name', async () => {
    const off: Service = { ...aService({ name: 'off', id: 'id-of-off' }), policy: { kind: 'not_enabled' } }
    const world = await anApp({ services: [aService(), off, aService({ name: 'api', id: 'id-of-api' })] })
    const { list } = await shown(world)
    expect(list.map(({ name, policyState }: Record<string, string>) => [name, policyState])).toEqual([
      ['api', 'valid'],
      ['off', 'not_enabled'],
      ['web', 'valid'],
    ])
  })

  it('shows nothing of a removed service', async () => {
    const { app, swarm, clock } = await anApp()
    swarm.remove('web')
    await clock.advance(15_000)
    await settle()
    expect((await request(app).get('/api/v1/services')).body).toEqual({ services: [] })
  })
})

describe('a service', () => {
  it('is shown with its policy, in the terms of its labels', async () => {
    const policy = aPolicy({
      min: 2,
      targets: { cpu: 0.7, latency: 0.5 },
      up: { step: { unit: 'percent', value: 50 }, cooldownMs: 90_000, stabilizationMs: 0 },
      down: {
        step: { unit: 'replicas', value: 1 },
        maxStep: [
          { unit: 'replicas', value: 4 },
          { unit: 'percent', value: 100 },
        ],
        cooldownMs: 60_000,
        stabilizationMs: 150_000,
      },
      onRedeploy: 'accept',
    })
    const { detail } = await shown(await worldOf(aService({ policy })))
    expect(detail.policy).toEqual({
      min: 2,
      max: 10,
      targets: { cpu: 0.7, latency: 0.5 },
      up: { step: '50%', cooldown: '1m30s', stabilization: '0s' },
      down: { step: '1', maxStep: '4,100%', cooldown: '1m', stabilization: '2m30s' },
      onRedeploy: 'accept',
    })
  })

  it('is shown with all faults of its labels, and with its warnings', async () => {
    const faults = [{ key: 'autoscaler.max', message: 'is missing; it must be a whole number >= 1' }] as const
    const { detail } = await shown(await worldOf({ ...aService(), policy: { kind: 'invalid', faults } }))
    expect(detail).toMatchObject({
      policyState: 'invalid',
      faults,
      decision: { kind: 'reject', reason: 'invalid_policy' },
      next: { up: { kind: 'reject', summary: expect.stringContaining('would be rejected (invalid_policy') } },
    })
    expect(detail).not.toHaveProperty('policy')
    const warnings = [{ key: 'autoscaler.up.cooldown', value: '1s', message: 'is shorter than the 5s' }]
    const warned = { ...aService(), policy: { kind: 'valid', policy: aPolicy(), warnings } } as const
    expect((await shown(await worldOf(warned))).detail).toMatchObject({ faults: [], warnings })
  })

  it('is shown with how far its replicas are', async () => {
    const tasks = { running: 2, starting: 1, pending: 1, failing: 0, pendingReason: 'no suitable node' }
    const { detail } = await shown(await worldOf(aService({ tasks, rollout: 'updating' })))
    expect(detail.replicas).toEqual({ desired: 4, ...tasks })
    expect(detail.rollout).toBe('updating')
  })

  it('of which nothing but the spec is known is shown with no more than that', async () => {
    const { runningReplicas: _, ...service } = aService()
    const { detail } = await shown(await worldOf(service))
    expect(detail.replicas).toEqual({ desired: 4 })
  })

  it('is shown with the current bounds and the windows that change them', async () => {
    const schedules = [aWindow(), aWindow({ name: 'night', start: '0 22 * * *', max: 3 })]
    const { detail } = await shown(await worldOf(aService({ policy: aPolicy({ schedules }) })))
    expect(detail.bounds).toEqual({ min: 2, max: 10, nextChange: at(3_600_000) })
    expect(detail.windows).toEqual([
      {
        name: 'day',
        start: '0 12 * * *',
        duration: '1h',
        timezone: 'UTC',
        min: 2,
        isOpen: true,
        nextChange: at(3_600_000),
      },
      expect.objectContaining({ name: 'night', max: 3, isOpen: false, nextChange: at(10 * 3_600_000) }),
    ])
  })

  it.each([
    [
      'one direction until a time',
      { directions: ['down'], untilMs: noon + 1 },
      { directions: ['down'], until: at(1) },
    ],
    ['both directions', { directions: ['up', 'down'] }, { directions: ['up', 'down'] }],
    ['nothing any more', { directions: ['up'], untilMs: noon }, undefined],
  ] as const)('is shown with a pause that holds %s', async (_, pause, expected) => {
    const { detail } = await shown(await worldOf(aService({ policy: aPolicy({ pause }) })))
    expect(detail.pause).toEqual(expected)
  })

  it.each([
    [false, false, false, undefined],
    [true, false, true, 'service'],
    [true, true, true, 'all'],
    [false, true, true, 'all'],
  ])('with a dry run of its own (%j) and of all (%j) says so', async (own, all, dryRun, dryRunBy) => {
    const { detail } = await shown(await worldOf(aService({ policy: aPolicy({ isDryRun: own }) }), all))
    expect([detail.dryRun, detail.dryRunBy]).toEqual([dryRun, dryRunBy])
  })

  it('of which only the receiver knows what a dry run would do shows the change', async () => {
    const world = await worldOf(aService(), true)
    await world.post(anAlert({ replicas: '7', startsAt: at(0) }))
    const { detail } = await shown(world)
    expect(detail.decision).toMatchObject({
      kind: 'hold',
      reason: 'dry_run',
      from: 4,
      to: 4,
      wouldBe: 7,
      summary:
        'Held at 4 replicas (dry_run: a dry run changes nothing), 7 would be due; no change is planned.',
    })
  })

  it('is shown with its active alerts, and the one that decides', async () => {
    const world = await worldOf(aService())
    await world.clock.advance(1_000)
    await world.post(
      anAlert({ replicas: '12.5', startsAt: at(0), fingerprint: 'a' }),
      anAlert({ scale: 'down', step: '50%', startsAt: at(500), fingerprint: 'b' }),
    )
    const { detail } = await shown(world)
    const alert = {
      name: 'SwarmServiceNeedsMoreReplicas',
      summary: 'web needs more replicas.',
      receivedAt: at(1_000),
    }
    expect(detail.alerts).toEqual([
      { ...alert, fingerprint: 'a', scale: 'up', value: '12.5', startsAt: at(0) },
      { ...alert, fingerprint: 'b', scale: 'down', value: '-50%', startsAt: at(500) },
    ])
    expect(detail.decision).toMatchObject({ reason: 'at_max', needed: 13, alert: 'a', since: at(1_000) })
  })

  it('is shown with its last change: of the list as it remembers it, alone as the history has it', async () => {
    const world = await worldOf(aService())
    expect((await shown(world)).detail).not.toHaveProperty('lastChange')
    await world.post(anAlert({ replicas: '7', startsAt: at(0) }))
    const { list, detail } = await shown(world)
    expect(list[0].lastChange).toEqual({ at: at(0), direction: 'up' })
    expect(detail.lastChange).toEqual({
      at: at(0),
      direction: 'up',
      from: 4,
      to: 7,
      reason: 'alert',
      actor: 'autoscaler',
      event: expect.any(String),
    })
    await world.post(anAlert({ status: 'resolved', endsAt: at(0) }))
    await world.clock.advance(1_000)
    world.swarm.update('web', { desiredReplicas: 3 })
    await world.clock.advance(15_000)
    await settle()
    expect((await shown(world)).detail.lastChange).toMatchObject({
      direction: 'down',
      from: 7,
      to: 3,
      actor: 'person',
    })
  })

  it('keeps what it remembers itself where the history knows nothing as late', async () => {
    const world = await worldOf(aService({ state: { lastDownMs: noon - 60_000, replicas: 4 } }))
    const remembered = { at: at(-60_000), direction: 'down' }
    expect((await shown(world)).detail.lastChange).toEqual(remembered)
    const fields = {
      service: 'web',
      kind: 'scaled',
      actor: 'autoscaler',
      alerts: [],
      autoscalerVersion: '1.2.3',
    } as const
    const older = { ...fields, id: '019bc15000000000-0000000a', atMs: noon - 60_001, from: 1, to: 9 }
    await world.store.write([{ kind: 'event', event: older }])
    expect((await shown(world)).detail.lastChange).toEqual(remembered)
  })

  it('is shown with the pauses after its last change, until they are over', async () => {
    const world = await worldOf(aService({ state: { lastUpMs: noon - 59_999, replicas: 4 } }))
    expect((await shown(world)).detail.cooldownUntil).toEqual({ up: at(1), down: at(1) })
    await world.clock.advance(1)
    expect((await shown(world)).detail.cooldownUntil).toEqual({})
  })

  it.each([
    [undefined, '', undefined],
    [0.5, '', { perReplicaHour: 0.5, perHour: 2 }],
    [0.5, 'EUR', { perReplicaHour: 0.5, perHour: 2, currency: 'EUR' }],
    [0, '', { perReplicaHour: 0, perHour: 0 }],
  ])('with the price %j and the currency %j costs %j', async (costPerHour, currency, cost) => {
    const policy = aPolicy(costPerHour === undefined ? {} : { costPerHour })
    const { detail } = await shown(await anApp({ services: [aService({ policy })], currency }))
    expect(detail.cost).toEqual(cost)
  })

  it('is found by its exact name, else by its exact ID, and by no prefix', async () => {
    const { app } = await anApp({ services: [aService(), aService({ name: 'id-of-web', id: 'another' })] })
    const ask = async (name: string) => (await request(app).get(`/api/v1/services/${name}`)).body
    expect((await ask('web')).id).toBe('id-of-web')
    expect((await ask('id-of-web')).id).toBe('another')
    expect((await ask('another')).name).toBe('id-of-web')
    expect((await ask('we')).status).toBe(404)
  })

  it.each([
    [
      'wbe',
      'no service with the name or ID "wbe" has autoscaler labels; GET /api/v1/services lists all services',
    ],
    ['shop_wbe', 'no service with the name or ID "shop_wbe" has autoscaler labels; did you mean shop_web?'],
    [
      '__proto__',
      'no service with the name or ID "__proto__" has autoscaler labels; GET /api/v1/services lists all services',
    ],
    [
      'a%0Ab',
      'no service with the name or ID "a\\nb" has autoscaler labels; GET /api/v1/services lists all services',
    ],
  ])('that is not there is not found, and a near one is named: %s', async (name, detail) => {
    const { app } = await anApp({ services: [aService({ name: 'shop_web' })] })
    const { status, body } = await request(app).get(`/api/v1/services/${name}`)
    expect([status, body.detail]).toEqual([404, detail])
  })
})

describe('what the next alert would come to', () => {
  const rows: [string, Service, 'up' | 'down', object][] = [
    [
      'a change at once',
      aService(),
      'up',
      {
        kind: 'scale',
        from: 4,
        to: 5,
        summary: 'An alert to scale up now would change 4 -> 5 at once.',
        earliest: { at: at(0), to: 5 },
      },
    ],
    [
      'a hold, and the change after it',
      aService(),
      'down',
      {
        kind: 'hold',
        reason: 'stabilizing',
        until: at(150_000),
        summary:
          'An alert to scale down now would be held until 2026-01-15T12:02:30Z (stabilizing: the alert has not been active for long enough); then 4 -> 3.',
        earliest: { at: at(150_000), to: 3 },
      },
    ],
    [
      'several holds, and the change after all of them',
      aService({ policy: aPolicy({ pause: { directions: ['down'], untilMs: noon + 600_000 } }) }),
      'down',
      {
        reason: 'stabilizing',
        summary:
          'An alert to scale down now would be held until 2026-01-15T12:02:30Z (stabilizing: the alert has not been active for long enough); other holds follow, then 4 -> 3 at 2026-01-15T12:10:00Z.',
      },
    ],
    [
      'a hold that ends by the next whole second',
      aService({ state: { lastUpMs: noon - 59_999, replicas: 4 } }),
      'up',
      {
        reason: 'cooldown',
        until: at(1),
        summary:
          'An alert to scale up now would be held until 2026-01-15T12:00:01Z (cooldown: the last change was too recent); then 4 -> 5.',
      },
    ],
    [
      'a hold that time does not end',
      aService({ desiredReplicas: 10 }),
      'up',
      {
        reason: 'at_max',
        summary:
          'An alert to scale up now would be held (at_max: the current maximum allows no more); no change is planned.',
      },
    ],
    [
      'what would be, where something holds it',
      aService({ rollout: 'updating' }),
      'up',
      {
        reason: 'rollout',
        wouldBe: 5,
        summary:
          'An alert to scale up now would be held (rollout: a rollout is under way or paused), 5 would be due; no change is planned.',
      },
    ],
  ]
  it.each(rows)('is shown as %s', async (_, service, direction, next) => {
    const { detail } = await shown(await worldOf(service))
    expect(detail.next[direction]).toMatchObject(next)
  })
})
