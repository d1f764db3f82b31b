import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { aRecordedLoop } from '../../test/support/fakes/recorded-loop.ts'

describe('the status of a service', () => {
  it('is told after the first look, with what the next alerts would come to', async () => {
    const { loop } = await aRecordedLoop()
    expect(loop.statuses()).toMatchObject([
      { service: { name: 'web' }, decision: { reason: 'no_alert' }, sinceMs: noon, alerts: [], atMs: noon },
    ])
    expect(loop.status('id-of-web')?.next).toMatchObject({
      up: { decision: { kind: 'scale' }, earliest: { atMs: noon, to: 5 } },
      down: { decision: { reason: 'stabilizing' }, earliest: { atMs: noon + 150_000, to: 3 } },
    })
  })

  it('is as it is after a change, with the alerts that stand', async () => {
    const { loop, receive, clock } = await aRecordedLoop()
    await clock.advance(5_000)
    await receive(anActiveAlert('up', 7))
    expect(loop.status('web')).toMatchObject({
      service: { desiredReplicas: 7, state: { lastUpMs: noon + 5_000, replicas: 7 } },
      decision: { reason: 'at_target', needed: 7 },
      sinceMs: noon + 5_000,
      alerts: [{ fingerprint: anActiveAlert('up', 7).fingerprint }],
    })
  })

  it('goes on from look to look', async () => {
    const { loop, clock } = await aRecordedLoop()
    await clock.advance(30_000)
    expect(loop.status('web')).toMatchObject({ sinceMs: noon, atMs: noon + 30_000 })
  })

  it('has next changes that know of the dry run of the whole autoscaler', async () => {
    const { loop } = await aRecordedLoop({ isDryRun: true })
    expect(loop.status('web')?.next.up).toEqual({
      decision: expect.objectContaining({ reason: 'dry_run', wouldBe: 5 }),
    })
  })

  it('is reckoned for the moment at which it is asked for', async () => {
    const policy = aPolicy({ pause: { directions: ['up'], untilMs: noon + 5_000 } })
    const { loop, clock } = await aRecordedLoop({ services: [aService({ policy })] })
    expect(loop.status('web')?.next.up.decision).toMatchObject({ reason: 'paused' })
    await clock.advance(5_000)
    expect(loop.status('web')?.next.up.decision).toMatchObject({ kind: 'scale' })
  })

  it.each([
    ['that says nothing of the autoscaler is not told, although an alert names it', 15_000 - 1, ['web']],
    ['that has not opted in is told where its labels say so', 15_000, ['other', 'web']],
  ])('of a service %s', async (_, afterMs, names) => {
    const { loop, swarm, clock, receive } = await aRecordedLoop()
    swarm.put({ ...aService({ name: 'other', id: 'o' }), policy: { kind: 'not_enabled' } })
    await clock.advance(afterMs)
    for (let n = 0; n < 2; n++) {
      expect(await loop.receive('other', [{ kind: 'firing', alert: anActiveAlert('up', 9) }])).toMatchObject({
        decision: { reason: 'not_enabled' },
      })
    }
    await receive(anActiveAlert('up', 4))
    expect(loop.statuses().map(({ service }) => service.name)).toEqual(names)
  })

  it('ends with the service', async () => {
    const { loop, swarm, clock } = await aRecordedLoop()
    swarm.remove('web')
    await clock.advance(15_000)
    expect(loop.statuses()).toEqual([])
    expect(loop.status('web')).toBeUndefined()
  })
})
