import { expect, it } from 'vitest'
import type { Tasks } from '../../src/domain/service.ts'
import { anActiveAlert, aStep } from '../support/fakes/builders.ts'
import { inspect, untilService } from '../support/live/inspect.ts'
import { aLiveLoop } from '../support/live/live-loop.ts'
import { aSleepingService, type SleepingServiceOptions } from '../support/sleeping-service.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'
import { lines } from '../support/testbed/docker.ts'
import { waitFor } from '../support/testbed/wait.ts'

type Live = Awaited<ReturnType<typeof aLiveLoop>>

/** Waits until the tasks of a service are so far. */
async function untilTasks(live: Live, name: string, wanted: Partial<Tasks>): Promise<Tasks> {
  let tasks: Tasks | undefined
  const probe = async () => {
    tasks = (await live.swarm.find(name))?.service.tasks
    const isSo =
      tasks !== undefined &&
      Object.entries(wanted).every(([key, value]) => tasks?.[key as keyof Tasks] === value)
    return isSo ? tasks : undefined
  }
  const told = async () => JSON.stringify(tasks)
  return waitFor(probe, {
    for: `tasks ${JSON.stringify(wanted)} of ${name}`,
    timeoutMs: 60_000,
    explain: told,
  })
}

const untilReplicas = (name: string, count: number) =>
  untilService(name, ({ replicas }) => replicas === count, {
    for: `${count} replicas of ${name}`,
    timeoutMs: 60_000,
  })

/** The containers of a service that run, once there are so many. */
async function containersOf(name: string, count: number): Promise<readonly string[]> {
  const filter = `label=com.docker.swarm.service.name=${name}`
  const probe = async () => {
    const containers = lines(await engine.docker(['ps', '--quiet', '--filter', filter]))
    return containers.length === count ? containers : undefined
  }
  return waitFor(probe, { for: `${count} containers of ${name}`, timeoutMs: 60_000 })
}

/** A service of a name of its own, whose ups wait for no cooldown. */
const aService = (kind: string, { labels = [], ...options }: Omit<SleepingServiceOptions, 'name'> = {}) =>
  aSleepingService(engine, {
    name: `${engine.id.toLowerCase()}-${kind}`,
    labels: ['up.cooldown=0s', ...labels],
    ...options,
  })

describeWithEngine('tasks that cannot be placed', () => {
  it('for a largest number on each node hold further ups, which go on when it is raised', async () => {
    const service = await aService('per-node', {
      replicas: 2,
      flags: ['--replicas-max-per-node', '2', '--update-parallelism', '0'],
    })
    await using live = await aLiveLoop(service.name)
    expect(await live.post(service.name, anActiveAlert('up', 3))).toMatchObject({ kind: 'scale', to: 3 })
    const { pendingReason } = await untilTasks(live, service.name, { running: 2, pending: 1 })
    // Swarm says why when it has looked twice, which may take long where nothing else happens.
    expect(pendingReason ?? '').toMatch(/^(no suitable node \(max replicas per node limit exceed.*)?$/)
    const toFour = anActiveAlert('up', 4)
    expect(await live.post(service.name, toFour)).toMatchObject({
      kind: 'hold',
      reason: 'tasks_pending',
      wouldBe: 4,
    })

    await service.update('--replicas-max-per-node', '9')
    await untilReplicas(service.name, 4)
    await untilTasks(live, service.name, { running: 4, pending: 0 })
  })

  it('for a constraint hold further ups, which go on when a node comes that meets it', async () => {
    const label = `zone-${engine.id.toLowerCase()}`
    const service = await aService('constraint', {
      flags: ['--constraint', `node.labels.${label}==a`],
    })
    await using live = await aLiveLoop(service.name)
    const { pendingReason } = await untilTasks(live, service.name, { running: 0, pending: 1 })
    expect(pendingReason).toMatch(/^no suitable node \(scheduling constraints not satisfied/)
    const held = await live.post(service.name, anActiveAlert('up', 3))
    expect(held).toMatchObject({ kind: 'hold', reason: 'tasks_pending', wouldBe: 3 })

    await engine.docker(['node', 'update', '--label-add', `${label}=a`, engine.nodeId])
    try {
      await untilReplicas(service.name, 3)
      await untilTasks(live, service.name, { running: 3, pending: 0 })
    } finally {
      await engine.docker(['node', 'update', '--label-rm', label, engine.nodeId])
    }
  })

  it('let a down go, which takes them first', async () => {
    const service = await aService('down-of-pending', {
      replicas: 3,
      labels: ['down.stabilization=0s', 'down.cooldown=0s'],
      flags: ['--replicas-max-per-node', '1'],
    })
    await using live = await aLiveLoop(service.name)
    await untilTasks(live, service.name, { running: 1, pending: 2 })
    expect(await live.post(service.name, anActiveAlert('down', 1))).toMatchObject({ kind: 'scale', to: 2 })
    await untilTasks(live, service.name, { running: 1, pending: 1 })
  })
})

describeWithEngine('tasks that are starting', () => {
  it('hold a down until they run, and it is done then without another post', async () => {
    // They are starting until the test says that they run, and are not given up meanwhile.
    const health = [
      ...['--health-cmd', 'test -f /tmp/ready', '--health-interval', '500ms'],
      ...['--health-timeout', '60s', '--health-retries', '1000'],
    ]
    const service = await aService('starting', {
      replicas: 2,
      labels: ['down.stabilization=0s', 'down.cooldown=0s'],
      flags: health,
    })
    await using live = await aLiveLoop(service.name)
    expect(await live.post(service.name, anActiveAlert('down', 1))).toMatchObject({
      kind: 'hold',
      reason: 'tasks_starting',
      wouldBe: 1,
    })
    for (const container of await containersOf(service.name, 2))
      await engine.docker(['exec', container, 'touch', '/tmp/ready'])
    await untilReplicas(service.name, 1)
    expect(live.observer.of('applied')).toEqual([`applied ${service.name} 2 1`])
  })
})

describeWithEngine('an applied change', () => {
  it('is followed until all tasks run', async () => {
    const service = await aService('converging')
    await using live = await aLiveLoop(service.name)
    await untilTasks(live, service.name, { running: 1 })
    await live.post(service.name, anActiveAlert('up', 4))
    const told = await waitFor(async () => live.observer.of('converged')[0], {
      for: 'the end',
      timeoutMs: 30_000,
    })
    expect(told).toMatch(new RegExp(`^converged ${service.name} 4 \\d+$`))
    expect((await live.swarm.find(service.name))?.service.tasks?.running).toBe(4)
  })

  it('whose tasks fail again and again is told once, and brings no further steps', async () => {
    const service = await aService('crash-loop', {
      labels: ['up.cooldown=1s'],
      flags: ['--env', 'SLOT={{.Task.Slot}}'],
      command: ['sh', '-c', 'test $SLOT = 1 && exec sleep 3600; exit 7'],
    })
    await using live = await aLiveLoop(service.name, { resyncIntervalMs: 1_000 })
    await untilTasks(live, service.name, { running: 1 })
    const step = anActiveAlert('up', aStep(1))
    await live.post(service.name, step)
    await live.resolve(service.name, step)
    const { failingReason } = await untilTasks(live, service.name, { running: 1, failing: 1 })
    expect(failingReason).toContain('non-zero exit (7)')
    await waitFor(async () => live.observer.of('crash-looped')[0], {
      for: 'the crash loop',
      timeoutMs: 30_000,
    })
    const again = { ...step, startsAtMs: Date.now() }
    for (let post = 0; post < 3; post++) {
      await live.loop.checkAll()
      expect(await live.post(service.name, again)).toMatchObject({ kind: 'hold', reason: 'tasks_pending' })
    }
    expect(await inspect(service.name)).toMatchObject({ replicas: 2 })
    expect(live.observer.of('crash-looped')).toEqual([`crash-looped ${service.name} 2`])
  })
})

describeWithEngine('zero', () => {
  it('set by hand where the minimum is above it is off, and left alone', async () => {
    const service = await aService('off', { replicas: 2 })
    await using live = await aLiveLoop(service.name, { resyncIntervalMs: 1_000 })
    await engine.docker(['service', 'scale', '--detach', `${service.name}=0`])
    for (let look = 0; look < 3; look++) {
      await live.loop.checkAll()
      const decision = await live.post(service.name, anActiveAlert('up', 5))
      expect(decision).toMatchObject({ kind: 'hold', reason: 'switched_off' })
    }
    expect(await inspect(service.name)).toMatchObject({ replicas: 0 })
    await engine.docker(['service', 'scale', '--detach', `${service.name}=1`])
    await untilReplicas(service.name, 5)
  })

  it('as the minimum is reached by an alert, and left by one', async () => {
    const service = await aService('to-zero', {
      labels: ['min=0', 'down.stabilization=0s', 'down.cooldown=0s'],
    })
    await using live = await aLiveLoop(service.name)
    await untilTasks(live, service.name, { running: 1 })
    const toNone = anActiveAlert('down', 0)
    expect(await live.post(service.name, toNone)).toMatchObject({ kind: 'scale', from: 1, to: 0 })
    await live.resolve(service.name, toNone)
    await untilTasks(live, service.name, { running: 0, starting: 0 })
    expect(await live.post(service.name, anActiveAlert('up', 0.1))).toMatchObject({
      kind: 'scale',
      from: 0,
      to: 1,
    })
    await untilTasks(live, service.name, { running: 1 })
  })
})
