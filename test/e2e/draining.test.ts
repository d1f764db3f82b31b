import { afterEach, expect, it } from 'vitest'
import { connectDocker } from '../../src/swarm/docker-client.ts'
import { DockerSwarm } from '../../src/swarm/docker-swarm.ts'
import {
  type DrainingStack,
  deployDrainingStack,
  type LoadState,
  type Totals,
} from '../support/draining/draining-stack.ts'
import { type Ending, watchEndings } from '../support/draining/endings.ts'
import { lostRequests, starvedRun } from '../support/draining/losses.ts'
import { killTask, runningTasks, type Task } from '../support/draining/tasks.ts'
import { type Conditions, measureFed, watchMachine } from '../support/load/starved.ts'
import { aSleepingService } from '../support/sleeping-service.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'
import { lines } from '../support/testbed/docker.ts'
import { waitFor } from '../support/testbed/wait.ts'

const endpoint = { host: engine.dockerHost, tlsVerify: false }
const swarm = new DockerSwarm({
  docker: connectDocker(endpoint),
  host: engine.dockerHost,
  timeoutMs: 60_000,
  onCall: () => {},
})
const stackName = `drain-${engine.id.toLowerCase()}`
const cleanUps: (() => unknown)[] = []

const aService = (kind: string, restartDelay: string) =>
  aSleepingService(engine, {
    name: `${stackName}-${kind}`,
    replicas: 4,
    flags: ['--restart-delay', restartDelay],
  })

async function cleanUp(): Promise<void> {
  for (const undo of cleanUps.splice(0).reverse()) await undo()
}

afterEach(cleanUp)

describeWithEngine('a scale-down from 8 to 2 under load', () => {
  it('takes the highest slots, and loses no request of a service that drains', async () => {
    const { before, left, endings, totals, sentMeanwhile } = await measure()
    expect(left).toEqual(before.filter(({ slot }) => slot <= 2))
    const gone = before.filter(({ slot }) => slot > 2).map(({ id, slot }) => ({ taskId: id, slot }))
    expect(endings).toMatchObject(gone)
    expect(endings.map(({ signals, exitCode }) => ({ signals, exitCode }))).toEqual(
      gone.map(() => ({ signals: [15], exitCode: 0 })),
    )

    expect(totals).toMatchObject({ failed: 0, skipped: 0, failures: {} })
    expect(totals.ok).toBe(totals.sent)
    expect(totals.sent).toBeGreaterThan(1_000)
    expect(sentMeanwhile).toBeGreaterThan(100)
    // What an immediate end would have cost: in flight when the stop signal came, and answered all the same.
    expect(totals.ofStopping.cameBefore).toBeGreaterThanOrEqual(gone.length)
  })

  it('loses requests where tasks are killed in the midst of them, and this test sees it', async () => {
    const { endings, totals } = await measure({ stop_grace_period: '0s' })
    expect(endings.map(({ exitCode }) => exitCode)).toEqual(endings.map(() => 137))
    expect(lostRequests(totals)).toBeGreaterThan(0)
    expect(totals.ok + totals.failed).toBe(totals.sent)
  })
})

describeWithEngine('the tasks that a scale-down takes', () => {
  it('are those of the highest slots, even where a lower slot has the newest task', async () => {
    const { name } = await aService('order', '0s')
    const [first, second] = await settled(name, 4)
    if (first === undefined) throw new Error('no task')
    await killTask(engine.docker, first)
    const [newest] = await waitFor(
      async () => withoutTask(await runningTasks(engine.docker, name), first, 4),
      {
        for: 'the next task of slot 1',
        timeoutMs: 60_000,
      },
    )
    expect(newest?.slot).toBe(1)
    await scale(name, 2)
    expect(await settled(name, 2)).toEqual([newest, second])
  })

  it('are first of all those that do not run', async () => {
    const { name } = await aService('broken', '1h')
    const [first, ...others] = await settled(name, 4)
    if (first === undefined) throw new Error('no task')
    await killTask(engine.docker, first)
    await settled(name, 3)
    await scale(name, 3)
    await waitFor(async () => ((await tasksToCome(name)) === 0 ? true : undefined), {
      for: 'slot 1 to be given up',
      timeoutMs: 30_000,
    })
    expect(await settled(name, 3)).toEqual(others)
  })
})

/** `tasks`, once they are `count` and `gone` is not among them. */
function withoutTask(tasks: readonly Task[], gone: Task, count: number): readonly Task[] | undefined {
  return tasks.length === count && tasks.every(({ id }) => id !== gone.id) ? tasks : undefined
}

/** How many tasks wait for their restart. */
async function tasksToCome(service: string): Promise<number> {
  const filter = ['--filter', 'desired-state=ready']
  return lines(await engine.docker(['service', 'ps', '--quiet', ...filter, service])).length
}

async function deploy(web: Readonly<Record<string, unknown>> = {}): Promise<DrainingStack> {
  const stack = await deployDrainingStack(engine, stackName, web)
  cleanUps.push(stack.close)
  return stack
}

async function scale(service: string, replicas: number): Promise<void> {
  const found = await swarm.find(service)
  if (found === undefined) throw new Error(`there is no service ${service}`)
  await found.scale(replicas, {})
}

/** Waits until `replicas` tasks run, no more and no fewer. */
async function settled(service: string, replicas: number): Promise<readonly Task[]> {
  const probe = async () => {
    const tasks = await runningTasks(engine.docker, service)
    return tasks.length === replicas ? tasks : undefined
  }
  return waitFor(probe, { for: `${replicas} running tasks of ${service}`, timeoutMs: 90_000 })
}

/** Waits until `replicas` tasks run, and clients see them in DNS. */
async function steady(stack: DrainingStack, replicas: number): Promise<readonly Task[]> {
  await loadUntil(stack, `${replicas} addresses in DNS`, ({ addresses }) => addresses.length === replicas)
  return settled(stack.webService, replicas)
}

async function loadUntil(stack: DrainingStack, what: string, fits: (state: LoadState) => boolean) {
  const probe = async () => {
    const state = await stack.load()
    return fits(state) ? state : undefined
  }
  return waitFor(probe, { for: what, timeoutMs: 90_000 })
}

/** One run on a stack of its own; another one where requests were late for want of a machine. */
function measure(web: Readonly<Record<string, unknown>> = {}) {
  const run = async () => {
    const measured = await scaleDownUnderLoad(await deploy(web))
    await cleanUp()
    return measured
  }
  return measureFed('the scale-down', run, ({ totals, conditions }) => starvedRun(totals, conditions))
}

/**
 * Two replicas, then eight, so that the slots from 3 on are the newer ones; quick and slow requests on all of them; then two
 * replicas again, and load for some time after the last task has gone.
 */
async function scaleDownUnderLoad(stack: DrainingStack) {
  const watch = await watchEndings(connectDocker(endpoint), stack.webService)
  cleanUps.push(watch.close)
  await scale(stack.webService, 8)
  const before = await steady(stack, 8)

  const share = watchMachine()
  cleanUps.push(share)
  await stack.setLoad({ quick: 100, slow: 8 })
  await loadUntil(stack, 'slow requests to be answered', ({ totals }) => totals.slow.ok >= 16)
  const { totals: first } = await stack.load()
  await scale(stack.webService, 2)
  const endings = await waitFor(async () => allOf(watch.endings(), 6), {
    for: 'six tasks to end',
    timeoutMs: 60_000,
  })
  const { totals: after } = await stack.load()
  const left = await steady(stack, 2)
  const enough = Math.max(1_001, after.sent + 200)
  const { lagMs } = await loadUntil(
    stack,
    'load on those that are left',
    ({ totals }) => totals.sent >= enough,
  )

  await stack.setLoad({ quick: 0, slow: 0 })
  const { totals } = await loadUntil(stack, 'the last answers', ({ inFlight }) => inFlight === 0)
  const conditions = { share: share(), lagMs }
  console.log(describeRun(endings, totals, conditions))
  return { before, left, endings, totals, conditions, sentMeanwhile: after.sent - first.sent }
}

const allOf = (endings: readonly Ending[], count: number) => (endings.length >= count ? endings : undefined)

function describeRun(endings: readonly Ending[], totals: Totals, conditions: Conditions): string {
  const took = endings.map(({ slot, exitCode, tookMs }) => `${slot}: ${exitCode}, ${Math.round(tookMs)} ms`)
  return `slots that went, their exit codes, from signal to end: ${took.join('; ')}\n${JSON.stringify({ totals, conditions })}`
}
