import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import { aRecordedLoop, resolved } from '../../test/support/fakes/recorded-loop.ts'
import { SwarmError } from '../reconcile/swarm-error.ts'

const beforeAll = { autoscalerVersion: '1.2.3', id: expect.stringMatching(/^[0-9a-f]{16}-00000001$/) }
const up = anActiveAlert('up', 7, { startsAtMs: noon - 3_000, summary: 'web needs more replicas.' })
const upAlert = {
  name: 'SwarmServiceNeedsReplicas',
  fingerprint: up.fingerprint,
  scale: 'up',
  startsAtMs: noon - 3_000,
  summary: 'web needs more replicas.',
  value: '7',
}
const redeployed = { updatedAtMs: noon + 5_000 }
const scaledBefore = {
  desiredReplicas: 6,
  runningReplicas: 6,
  state: { lastUpMs: noon - 1_000, replicas: 6 },
}
const kindsOf = (events: readonly { kind: string; reason?: string }[]) =>
  events.map(({ kind, reason }) => [kind, ...(reason === undefined ? [] : [reason])].join(' '))

describe('a change that an alert caused', () => {
  it('is recorded with all that is known of it', async () => {
    const { receive, events } = await aRecordedLoop()
    await receive(up)
    const [scaled] = await events()
    expect(scaled).toEqual({
      ...beforeAll,
      atMs: noon,
      service: 'web',
      kind: 'scaled',
      reason: 'alert',
      from: 4,
      to: 7,
      needed: 7,
      actor: 'autoscaler',
      alerts: [upAlert],
      serviceVersion: 1,
      reactionMs: 3_000,
    })
  })

  const limits: [string, Parameters<typeof aPolicy>[0], number, number, string][] = [
    ['the maximum', {}, 30, 10, 'max_replicas'],
    [
      'the largest step',
      {
        up: {
          step: { unit: 'replicas', value: 1 },
          stabilizationMs: 0,
          maxStep: [{ unit: 'replicas', value: 2 }],
        },
      },
      7.5,
      6,
      'max_step',
    ],
  ]
  it.each(limits)(
    'says what was asked for, and that %s has cut it',
    async (_, policy, asked, to, limitedBy) => {
      const { receive, events } = await aRecordedLoop({ services: [aService({ policy: aPolicy(policy) })] })
      await receive(anActiveAlert('up', asked))
      const [scaled] = await events()
      expect(scaled).toMatchObject({ from: 4, to, needed: Math.ceil(asked), limitedBy })
    },
  )

  it('names the alerts that stood, the one that decided first', async () => {
    const { receive, events } = await aRecordedLoop()
    await receive(anActiveAlert('up', 5), anActiveAlert('down', 1), up)
    const [scaled] = await events()
    expect(scaled?.alerts.map(({ value }) => value)).toEqual(['7', '5', '1'])
  })

  it('names twenty alerts at the most, the one that decided among them', async () => {
    const { receive, events } = await aRecordedLoop()
    const others = Array.from({ length: 25 }, (_, n) => anActiveAlert('up', 5, { fingerprint: `other ${n}` }))
    await receive(...others, up)
    const [scaled] = await events()
    expect(scaled?.alerts).toHaveLength(20)
    expect(scaled?.alerts[0]).toEqual(upAlert)
  })

  it('says what a step asks for, and nothing of the step of the policy', async () => {
    const { receive, events } = await aRecordedLoop()
    const percent = anActiveAlert('up', aStep(50, 'percent'))
    await receive(percent, anActiveAlert('up', { kind: 'policy-step' }), anActiveAlert('down', aStep(2)))
    const [scaled] = await events()
    expect(scaled?.alerts.map(({ value }) => value)).toEqual(['+50%', undefined, '-2'])
  })

  it('took no time to react where the clock of Prometheus is ahead', async () => {
    const { receive, events } = await aRecordedLoop()
    await receive({ ...up, startsAtMs: noon + 2_000 })
    expect((await events())[0]).toMatchObject({ kind: 'scaled', reactionMs: 0 })
  })

  it('is told to have converged when all tasks run, and the event alone says so', async () => {
    const { receive, events, swarm, clock } = await aRecordedLoop()
    await receive(up)
    await clock.advance(1_000)
    expect((await events())[0]).not.toHaveProperty('convergedMs')
    swarm.update('web', { runningReplicas: 7 })
    await clock.advance(1_000)
    const [scaled, ...others] = await events()
    expect(scaled?.convergedMs).toBeGreaterThan(1_000)
    expect(scaled?.convergedMs).toBeLessThanOrEqual(2_000)
    for (const other of others) expect(other).not.toHaveProperty('convergedMs')
  })

  it('is not told to have converged by the tasks of the next change', async () => {
    const { receive, events, swarm, clock } = await aRecordedLoop()
    await receive(up)
    await receive(anActiveAlert('up', 9))
    swarm.update('web', { runningReplicas: 9 })
    await clock.advance(1_000)
    const changes = (await events()).filter(({ kind }) => kind === 'scaled')
    expect(changes.map(({ to, convergedMs }) => [to, convergedMs])).toEqual([
      [7, undefined],
      [9, 250],
    ])
  })

  it('is one event where somebody else was quicker and it had to be decided anew', async () => {
    const { receive, events, swarm } = await aRecordedLoop()
    swarm.beforeUpdate = () => {
      swarm.beforeUpdate = () => {}
      swarm.update('web', {})
    }
    await receive(up)
    expect(kindsOf(await events())).toEqual(['scaled alert'])
  })

  it('is one event where its answer was lost, but it is known at once that it was applied', async () => {
    const { receive, events, swarm, clock } = await aRecordedLoop()
    swarm.afterUpdate = () => {
      swarm.afterUpdate = () => {}
      throw new SwarmError('timeout', 'no answer')
    }
    await receive(up)
    await clock.advance(60_000)
    expect(kindsOf(await events())).toEqual(['scaled alert'])
  })

  it('is recorded once, and counted from its update on, where it is known only later that it was applied', async () => {
    const { receive, events, counts, swarm, clock } = await aRecordedLoop()
    swarm.afterUpdate = () => {
      swarm.update('web', { updatedAtMs: noon + 3 })
      swarm.unreadable = new SwarmError('timeout', 'no answer')
      throw swarm.unreadable
    }
    await receive(up)
    await clock.advance(5_500)
    swarm.unreadable = undefined
    await clock.advance(60_000)
    const told = await events()
    expect(kindsOf(told)).toEqual(['failed alert', 'scaled alert'])
    expect(told[1]).toMatchObject({ atMs: noon + 6_000, from: 4, to: 7, alerts: [upAlert] })
    expect(await counts()).toMatchObject([
      { atMs: noon, desired: 4 },
      { atMs: noon + 3, desired: 7 },
    ])
  })
})

describe('a correction', () => {
  it.each([
    ['below_min', 1, { min: 3 }, 3],
    ['above_max', 12, {}, 10],
  ])('%s is recorded without an alert, a need or a reaction', async (reason, from, policy, to) => {
    const service = aService({ desiredReplicas: from, runningReplicas: from, policy: aPolicy(policy) })
    const { events } = await aRecordedLoop({ services: [service] })
    const [scaled] = await events()
    expect(scaled).toEqual({
      ...beforeAll,
      atMs: noon,
      service: 'web',
      kind: 'scaled',
      reason,
      from,
      to,
      actor: 'autoscaler',
      alerts: [],
      serviceVersion: 1,
    })
  })

  it('and the change that an alert asks for after it are two events', async () => {
    const { receive, events, swarm } = await aRecordedLoop()
    swarm.update('web', { desiredReplicas: 12 })
    await receive(anActiveAlert('down', 6))
    const told = await events()
    expect(kindsOf(told)).toEqual(['changed', 'scaled above_max', 'held stabilizing'])
    expect(told[1]).toMatchObject({ from: 12, to: 10, alerts: [{ value: '6' }] })
  })
})

describe('a redeploy', () => {
  it('that has reset the replicas is told, and then that they were restored', async () => {
    const { events, counts, swarm, clock } = await aRecordedLoop({ services: [aService(scaledBefore)] })
    swarm.redeploy('web', 1, redeployed)
    await clock.advance(15_000)
    const [changed, restored] = await events()
    expect(changed).toEqual({
      ...beforeAll,
      atMs: noon + 15_000,
      service: 'web',
      kind: 'changed',
      from: 6,
      to: 1,
      actor: 'redeploy',
      alerts: [],
      serviceVersion: 2,
    })
    expect(restored).toMatchObject({
      kind: 'scaled',
      reason: 'redeploy_restored',
      from: 1,
      to: 6,
      actor: 'autoscaler',
    })
    expect(await counts()).toMatchObject([
      { atMs: noon, desired: 6 },
      { atMs: noon + 5_000, desired: 1 },
      { atMs: noon + 15_000, desired: 6 },
    ])
  })

  it('that is accepted is told once, and by whom', async () => {
    const service = aService({ ...scaledBefore, policy: aPolicy({ onRedeploy: 'accept' }) })
    const { events, swarm, clock } = await aRecordedLoop({ services: [service] })
    swarm.redeploy('web', 2, redeployed)
    await clock.advance(60_000)
    expect(await events()).toMatchObject([{ kind: 'changed', actor: 'redeploy', from: 6, to: 2 }])
  })
})

describe("a person's scaling", () => {
  it('is told once, and counts from when it was made', async () => {
    const { events, counts, swarm, clock } = await aRecordedLoop()
    swarm.update('web', { desiredReplicas: 6, runningReplicas: 5, updatedAtMs: noon + 7_000 })
    await clock.advance(60_000)
    expect(await events()).toMatchObject([{ kind: 'changed', actor: 'person', from: 4, to: 6 }])
    expect(await counts()).toEqual([
      { service: 'web', atMs: noon, desired: 4, running: 4 },
      { service: 'web', atMs: noon + 7_000, desired: 6, running: 4 },
      { service: 'web', atMs: noon + 15_000, desired: 6, running: 5 },
    ])
  })
})

describe('a change that fails', () => {
  const denied = new SwarmError('denied', 'the proxy forbids POST /services')

  it('is told with what was tried and what went wrong', async () => {
    const { receive, events, swarm } = await aRecordedLoop()
    swarm.beforeUpdate = () => {
      throw denied
    }
    await receive(up)
    expect(await events()).toEqual([
      {
        ...beforeAll,
        atMs: noon,
        service: 'web',
        kind: 'failed',
        reason: 'alert',
        from: 4,
        to: 7,
        needed: 7,
        actor: 'autoscaler',
        alerts: [upAlert],
        serviceVersion: 1,
        error: { code: 'denied', message: 'the proxy forbids POST /services' },
      },
    ])
  })

  it('again and again is one event that says how often, and when last', async () => {
    const { receive, events, swarm, clock } = await aRecordedLoop()
    swarm.beforeUpdate = () => {
      throw denied
    }
    await receive(up)
    // Tried again after a second, and then with every resync.
    await clock.advance(31_000)
    expect(await events()).toMatchObject([{ kind: 'failed', times: 4, lastAtMs: noon + 31_000 }])
  })

  it('in another way, or to another number, is another event', async () => {
    const { receive, events, swarm } = await aRecordedLoop()
    let error = denied
    swarm.beforeUpdate = () => {
      throw error
    }
    await receive(up)
    error = new SwarmError('engine', 'out of order')
    await receive(up)
    await receive(anActiveAlert('up', 9))
    expect((await events()).map(({ to, error, times }) => [to, error?.code, times])).toEqual([
      [7, 'denied', undefined],
      [7, 'engine', undefined],
      [9, 'engine', undefined],
    ])
  })

  it('is another event after one that went well, or when nothing was due in between', async () => {
    const { receive, events, swarm, loop, clock } = await aRecordedLoop()
    const fail = () => {
      throw denied
    }
    swarm.beforeUpdate = fail
    await receive(up)
    await loop.receive('web', [resolved(up, noon)])
    await clock.advance(1)
    await receive({ ...up, startsAtMs: noon + 1 })
    swarm.beforeUpdate = () => {}
    await receive({ ...up, startsAtMs: noon + 1 })
    swarm.update('web', { desiredReplicas: 4 })
    swarm.beforeUpdate = fail
    await receive({ ...up, startsAtMs: noon + 1 })
    const failures = (await events()).filter(({ kind }) => kind === 'failed')
    expect(failures.map(({ times }) => times)).toEqual([undefined, undefined, undefined])
  })

  it('is none where the service could not even be read', async () => {
    const { receive, events, swarm } = await aRecordedLoop()
    swarm.unreadable = new SwarmError('unreachable', 'nobody there')
    await receive(up)
    expect(await events()).toEqual([])
  })
})
