import { beforeAll, expect, it } from 'vitest'
import { anActiveAlert, aStep } from '../support/fakes/builders.ts'
import { inspect, runningImages, untilService } from '../support/live/inspect.ts'
import { aLiveLoop } from '../support/live/live-loop.ts'
import { SleepingStack } from '../support/live/sleeping-stack.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'
import { foreignImages } from '../support/testbed/image-names.ts'
import { waitFor } from '../support/testbed/wait.ts'

const toSix = anActiveAlert('up', 6)
const oneUp = anActiveAlert('up', aStep(1))

/** No resync comes while a test runs: an event, or its own change that it follows, has the loop look again. */
const noResync = { resyncIntervalMs: 3_600_000 }
/** What an event tells of is done within so long, of the machine's time. */
const soonMs = 30_000

/** The same image by another name: Swarm takes it for another one. */
const nextImage = `sleeper:testbed-${engine.id.toLowerCase()}`

beforeAll(async () => {
  if (engine.id !== 'nowhere') await engine.docker(['tag', foreignImages().get('node') ?? '', nextImage])
})

const ranAs = (service: string, image: string, count: number) =>
  waitFor(
    async () => {
      const images = await runningImages(service)
      return images.length === count && images.every((one) => one === image) ? true : undefined
    },
    { for: `${count} tasks of ${image}`, timeoutMs: 60_000 },
  )

describeWithEngine('docker stack deploy', () => {
  it('that resets the replicas is answered with one update, and the cooldown is kept', async () => {
    await using stack = new SleepingStack()
    await stack.deploy()
    {
      await using first = await aLiveLoop(stack.service)
      expect(await first.post(stack.service, toSix)).toMatchObject({ kind: 'scale', from: 1, to: 6 })
    }
    // It follows no change of its own, so nothing but the event has it look.
    await using live = await aLiveLoop(stack.service, noResync)
    const before = await inspect(stack.service)

    await stack.deploy()
    const after = await untilService(stack.service, ({ replicas }) => replicas === 6, {
      for: 'the replicas to be back',
      timeoutMs: soonMs,
    })
    expect(live.observer.of('applied')).toEqual([`applied ${stack.service} 1 6`])
    expect(live.observer.of('changed-by-others')).toEqual([])
    expect(after.labels).toEqual(before.labels)
    expect(await live.post(stack.service, oneUp)).toMatchObject({ kind: 'hold', reason: 'cooldown' })
  })

  it('is answered at the next resync where no event tells of it', async () => {
    await using stack = new SleepingStack()
    await stack.deploy()
    {
      await using first = await aLiveLoop(stack.service)
      await first.post(stack.service, toSix)
    }
    // It follows no change of its own, so nothing but the resync has it look.
    await using _ = await aLiveLoop(stack.service, { listens: false, resyncIntervalMs: 3_000 })
    await stack.deploy()
    await untilService(stack.service, ({ replicas }) => replicas === 6, {
      for: 'the replicas to be back',
      timeoutMs: 5_000,
    })
  })

  it('is answered by a receiver that was not there when it happened', async () => {
    await using stack = new SleepingStack()
    await stack.deploy()
    {
      await using first = await aLiveLoop(stack.service)
      await first.post(stack.service, toSix)
    }
    const { labels } = await inspect(stack.service)
    await stack.deploy()
    expect(await inspect(stack.service)).toMatchObject({ replicas: 1 })
    await using _ = await aLiveLoop(stack.service)
    expect(await inspect(stack.service)).toMatchObject({ replicas: 6, labels })
  })

  it('counts with its new labels at once', async () => {
    await using stack = new SleepingStack()
    await stack.deploy()
    await using live = await aLiveLoop(stack.service, noResync)
    await live.post(stack.service, toSix)
    await stack.deploy({ labels: { max: '4' } })
    await untilService(stack.service, ({ replicas }) => replicas === 4, {
      for: 'as many replicas as the new labels allow',
      timeoutMs: soonMs,
    })
    await stack.deploy({ labels: { max: '4', enable: 'false' }, replicas: 2 })
    await live.loop.checkAll()
    expect(await inspect(stack.service)).toMatchObject({ replicas: 2 })
    expect(await live.post(stack.service, toSix)).toEqual({ kind: 'reject', reason: 'not_enabled' })
  })

  it('is taken as it is where the label says accept, and starts the cooldown', async () => {
    await using stack = new SleepingStack()
    const labels = { 'on-redeploy': 'accept', 'up.cooldown': '10m' }
    await stack.deploy({ labels })
    await using live = await aLiveLoop(stack.service, noResync)
    await live.post(stack.service, anActiveAlert('up', 2))
    await stack.deploy({ labels, replicas: 4 })
    await waitFor(async () => live.observer.of('redeployed')[0], {
      for: 'the event',
      timeoutMs: soonMs,
    })
    expect(await live.post(stack.service, toSix)).toMatchObject({
      kind: 'hold',
      reason: 'cooldown',
      replicas: 4,
    })
  })
})

describeWithEngine('docker stack deploy of another image', () => {
  const slowly = {
    parallelism: 2,
    delay: '1s',
    monitor: '1s',
    failure_action: 'rollback',
    order: 'stop-first',
  }

  it('rolls out at full size, and capacity is back with the old image meanwhile', async () => {
    await using stack = new SleepingStack()
    await stack.deploy({ update_config: slowly })
    const { image: old } = await inspect(stack.service)
    await using live = await aLiveLoop(stack.service, noResync)
    await live.post(stack.service, toSix)
    await ranAs(stack.service, old, 6)

    await stack.deploy({ update_config: slowly, image: nextImage })
    await untilService(stack.service, ({ replicas }) => replicas === 6, {
      for: 'the replicas to be back',
      timeoutMs: soonMs,
    })
    // One batch of the rollout may be under way: all others run.
    const images = await waitFor(
      async () => {
        const running = await runningImages(stack.service)
        return running.length >= 6 - slowly.parallelism ? running : undefined
      },
      { for: 'the capacity to be back', timeoutMs: 30_000 },
    )
    expect(images.filter((image) => image === old).length).toBeGreaterThan(0)
    await ranAs(stack.service, nextImage, 6)
    const after = await untilService(stack.service, ({ rollout }) => rollout === 'completed', {
      for: 'the rollout to be completed',
      timeoutMs: 30_000,
    })
    expect(after).toMatchObject({ image: nextImage, replicas: 6 })
    expect(Object.keys(after.labels)).not.toContain('autoscaler.state.relaunch')
    expect(live.observer.of('applied')).toHaveLength(2)
  })

  it('that fails rolls back to the old image at full size', async () => {
    await using stack = new SleepingStack()
    await stack.deploy({ update_config: slowly })
    const { image: old } = await inspect(stack.service)
    await using live = await aLiveLoop(stack.service, noResync)
    await live.post(stack.service, toSix)
    await ranAs(stack.service, old, 6)

    await stack.deploy({ update_config: slowly, image: nextImage, command: ['false'] })
    const after = await untilService(stack.service, ({ rollout }) => rollout === 'rollback_completed', {
      for: 'the rollout to be rolled back',
      timeoutMs: 60_000,
    })
    expect(after).toMatchObject({ image: old, command: 'sleep 3600', replicas: 6 })
    await ranAs(stack.service, old, 6)
    await live.loop.checkAll()
    expect(await inspect(stack.service)).toMatchObject({ image: old, replicas: 6 })
  })
})

describeWithEngine("a person's scaling", () => {
  it.each([
    ['docker service scale', (service: string) => ['service', 'scale', '--detach', `${service}=4`]],
    [
      'docker service update',
      (service: string) => ['service', 'update', '--detach', '--replicas', '4', service],
    ],
  ])('by %s is the new baseline, and starts the cooldown', async (_, command) => {
    await using stack = new SleepingStack()
    await stack.deploy({
      labels: { 'up.cooldown': '10m', 'down.cooldown': '10m', 'down.stabilization': '0s' },
    })
    await using live = await aLiveLoop(stack.service, noResync)
    await live.post(stack.service, anActiveAlert('up', 2))
    await live.resolve(stack.service, anActiveAlert('up', 2))
    await engine.docker(command(stack.service))
    await waitFor(async () => live.observer.of('changed-by-others')[0], {
      for: 'the event',
      timeoutMs: soonMs,
    })
    expect(live.observer.of('changed-by-others')).toEqual([`changed-by-others ${stack.service} 2 4`])
    expect(await live.post(stack.service, anActiveAlert('down', 1))).toMatchObject({
      kind: 'hold',
      reason: 'cooldown',
    })
    expect(await live.post(stack.service, toSix)).toMatchObject({ kind: 'hold', reason: 'cooldown' })
    expect(await inspect(stack.service)).toMatchObject({ replicas: 4 })
    await using successor = await aLiveLoop(stack.service)
    expect(await successor.post(stack.service, toSix)).toMatchObject({ kind: 'hold', reason: 'cooldown' })
  })
})
