import { expect, it } from 'vitest'
import { anActiveAlert } from '../support/fakes/builders.ts'
import { inspect, untilService } from '../support/live/inspect.ts'
import { aLiveLoop } from '../support/live/live-loop.ts'
import { aSleepingService, type SleepingServiceOptions } from '../support/sleeping-service.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'
import { waitFor } from '../support/testbed/wait.ts'

const toFive = anActiveAlert('up', 5)
const held = { kind: 'hold', reason: 'rollout', wouldBe: 5 }

/** Three replicas, rolled out one by one: slowly enough for what comes next to meet the rollout on a busy machine too. */
const slowly = (onFailure: string) => ({
  replicas: 3,
  flags: [
    ...['--update-delay', '5s', '--update-monitor', '5s', '--update-failure-action', onFailure],
    ...['--rollback-monitor', '500ms', '--rollback-parallelism', '0'],
  ],
})

const allRun = (running: number) => (live: { observer: { of: (word: string) => readonly string[] } }) =>
  live.observer.of('converged').some((line) => line.split(' ')[2] === `${running}`)

/** A service of a name of its own, whose ups wait for no cooldown. */
const aService = (kind: string, { labels = [], ...options }: Omit<SleepingServiceOptions, 'name'> = {}) =>
  aSleepingService(engine, {
    name: `${engine.id.toLowerCase()}-${kind}`,
    labels: ['up.cooldown=0s', ...labels],
    ...options,
  })

describeWithEngine('scaling that is due during a rollout', () => {
  it('waits for its end, which reaches the new version, and is done then without another post', async () => {
    const service = await aService('rollout', slowly('pause'))
    await using live = await aLiveLoop(service.name)
    await service.update('--args', 'sleep 3601')
    expect(await live.post(service.name, toFive)).toMatchObject(held)
    const done = await untilService(service.name, ({ replicas }) => replicas === 5, {
      for: 'the change after the rollout',
      timeoutMs: 60_000,
    })
    expect(done.command).toBe('sleep 3601')
    expect(live.observer.of('applied')).toEqual([`applied ${service.name} 3 5`])
    await waitFor(async () => (allRun(5)(live) ? true : undefined), { for: 'all tasks', timeoutMs: 30_000 })
  })

  it('waits for a rollback, which reaches the old version', async () => {
    const service = await aService('rollback', slowly('rollback'))
    await using live = await aLiveLoop(service.name)
    await service.update('--args', 'sh -c "sleep 4; false"')
    expect(await live.post(service.name, toFive)).toMatchObject(held)
    const done = await untilService(service.name, ({ replicas }) => replicas === 5, {
      for: 'the change after the rollback',
      timeoutMs: 60_000,
    })
    expect(done.command).toBe('sleep 3600')
    expect(live.observer.of('applied')).toEqual([`applied ${service.name} 3 5`])
  })

  it('leaves a rollout paused that has failed, and neither resumes nor hides it', async () => {
    const service = await aService('paused', slowly('pause'))
    await using live = await aLiveLoop(service.name, { resyncIntervalMs: 1_000 })
    await service.update('--args', 'false')
    expect(await live.post(service.name, toFive)).toMatchObject(held)
    const paused = await untilService(service.name, ({ rollout }) => rollout === 'paused', {
      for: 'the rollout to be paused',
      timeoutMs: 60_000,
    })
    // Several looks by alarm, resync and post later nothing has changed.
    for (let look = 0; look < 3; look++) {
      await live.loop.checkAll()
      expect(await live.post(service.name, toFive)).toMatchObject(held)
    }
    expect(await inspect(service.name)).toEqual(paused)
    expect(live.observer.of('applied')).toEqual([])
  })
})
