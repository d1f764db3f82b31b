import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { Observation, type Scaled } from '../support/demo/observe.ts'
import { type Conditions, measureFed, starvation, watchMachine } from '../support/load/starved.ts'
import { lagOf, measureUse, type Use } from '../support/signals/use.ts'
import { tellInOrder } from '../support/story/story.ts'
import { describeWithEngine, stackEngine as engine } from '../support/testbed/describe-with-engine.ts'
import type { Stack } from '../support/testbed/stack.ts'
import { waitFor } from '../support/testbed/wait.ts'

const slow = 'SwarmServiceIsSlow'
const more = 'SwarmServiceNeedsMoreReplicas'
const fewer = 'SwarmServiceNeedsFewerReplicas'

/** How long a slow request takes, in seconds, and the p95 that the service is to keep. Twice that would be another alert's. */
const slowSeconds = 0.7
const targetSeconds = 0.6

/** Of the limit of half a core: a replica is to use a tenth of a core. */
const targetCpu = 0.2
/** What the labels then say of one replica. */
const targets = { cores: targetCpu * 0.5, memoryBytes: 128 * 1024 * 1024, networkBytesPerSecond: 1_000_000 }
/** Requests per second; each takes one to two milliseconds of a core, and several on a busy machine: the CPU of less than two replicas all the same. */
const calmLoad = 20
const highLoad = 250
/** Slow requests per second. */
const slowLoad = 5

/** One takes a quarter of a minute: a machine that is starved for longer than some minutes says nothing at all. */
const mostMeasurements = 16

/** How long a slow request of the load takes here. */
export const slowRequests = { SLOW_MS: `${1_000 * slowSeconds}` }

let stack: Stack
let observation: Observation

/**
 * What the demo service of a stack is scaled by beside its requests. One story: each test goes on where the one before it has
 * ended, and the labels of the service are not what they were afterwards.
 */
export function describeSignals(getStack: () => Stack): void {
  describeWithEngine('the demo service', () => {
    beforeAll(async () => {
      stack = getStack()
      observation = new Observation(engine, stack)
      // What was there before may be on its way down.
      await until('one replica', 180, async () => (await observation.replicas()).desired === 1)
    })
    tellInOrder()
    tellStory()
  })
}

function tellStory(): void {
  it('is scaled up in steps by its latency', async () => {
    const latency = `${1_000 * targetSeconds}ms`
    // One step is enough here, however long the alert then stands.
    await label({ 'target.latency': latency, 'up.step': '2', max: '3', 'target.requests': null })
    await stack.setSlowLoad(slowLoad)
    const loadAtMs = Date.now()
    const up = await scaled('a step up by latency', 60, ({ to, from, atMs }) => to > from && atMs > loadAtMs)
    told('latency: load to change', loadAtMs, up)
    expect(up).toMatchObject({ from: 1, to: 3, reason: 'alert', alertName: slow })
    const { p95 } = await measureFed(
      'the latency',
      measureLatency,
      ({ p95: seconds = 0, conditions }) => (isNearSlow(seconds) ? undefined : starvation(conditions)),
      mostMeasurements,
    )
    console.log(`latency: the rule says ${p95} s, and the truth is ${slowSeconds} s`)
    expect(p95).toSatisfy(isNearSlow)
  })

  it('is not scaled down by its latency, nor by its CPU while another of its signals is not measured', async () => {
    await label({ 'target.cpu': `${100 * targetCpu}%`, 'target.queue': '100' })
    await stack.setSlowLoad(0)
    await stack.setLoad(calmLoad)
    await until('latency to be good, and its alert to end', 90, async () => {
      const ratio = await rule('swarm_autoscaler:latency:ratio')
      return ratio !== undefined && ratio < 1 && (await rule('ALERTS', `alertname="${slow}"`)) === undefined
    })
    const cpu = neededBy('cpu')
    // As the rule for downs asks, which is content with a sample that is missing in between.
    const wouldGoDown = `max_over_time(${cpu}[35s]) < 1.9 and ${cpu} and ${cpu} offset 35s`
    await until('CPU to ask for fewer for longer than a down takes', 100, async () => {
      return (await observation.value(wouldGoDown)) !== undefined
    })
    const asked = `count_over_time(ALERTS{service="${stack.webService}",alertname="${fewer}"}[35s])`
    expect(await observation.value(asked)).toBeUndefined()
    expect(await rule('swarm_autoscaler:replicas_needed_for_down:max')).toBeUndefined()
    expect(await observation.replicas()).toMatchObject({ desired: 3 })
  })

  it('is scaled down by its CPU once that is the only signal', async () => {
    await stack.setLoad(0)
    await label({ 'target.queue': null, 'target.latency': null, max: '10' })
    const freedAtMs = Date.now()
    const down = await scaled('a change down', 100, ({ to, from, atMs }) => to < from && atMs > freedAtMs)
    told('CPU: the last obstacle gone to change', freedAtMs, down)
    expect(down).toMatchObject({ reason: 'alert', alertName: fewer })
    await until('one replica', 90, async () => (await observation.replicas()).desired === 1)
  })

  it('is scaled up by its CPU, which the rules know as Docker does', async () => {
    // Without downs: for half a minute the rules go on counting containers that have ended.
    await label({ 'target.memory': '100%', 'target.network': '1MB', pause: 'down' })
    await stack.setLoad(highLoad)
    const loadAtMs = Date.now()
    const up = await scaled('a change up', 60, ({ to, from, atMs }) => to > from && atMs > loadAtMs)
    told('CPU: load to change', loadAtMs, up)
    expect(up).toMatchObject({ reason: 'alert', alertName: more })

    await until('replicas to rest', 60, async () => {
      const [last] = (await observation.scalings()).slice(-1)
      const { desired, running } = await observation.replicas()
      return desired === running && last !== undefined && Date.now() - last.atMs > 20_000
    })
    const measure = async () => {
      await stack.setLoad(highLoad)
      return measureUse(engine, stack, observation, targets, 20)
    }
    const { rules, truth } = await measureFed(
      'the use',
      measure,
      (use) => (isLikeTruth(use) ? undefined : starvation(use.conditions)),
      mostMeasurements,
    )
    const { desired } = await observation.replicas()
    console.log(
      `needed by the rules ${JSON.stringify(rules)}, in truth ${JSON.stringify(truth)}, has ${desired}`,
    )
    expect(Math.abs(rules.cpu / truth.cpu - 1)).toBeLessThan(nearness)
    expect(Math.abs(rules.network / truth.network - 1)).toBeLessThan(nearness)
    expect(desired).toBeGreaterThanOrEqual(truth.cpu / (1 + nearness))
    expect(desired).toBeLessThanOrEqual(10)
    // No more than that: what containers held that have just ended counts for up to 30 s more.
    expect(rules.memory / truth.memory).toBeGreaterThan(0.7)
  })
}

/** As near as the histogram's buckets are: 0.5 s and 1 s. */
const isNearSlow = (seconds: number) => seconds > 0.5 && seconds <= 1

/** What the rule says of the latest 15 s, which it looks back. */
async function measureLatency() {
  // Asked for anew, how long the generator stood still counts from now on.
  await stack.setSlowLoad(slowLoad)
  const conditions = await during(15)
  return { p95: await rule('swarm_autoscaler:latency_seconds:p95'), conditions }
}

/** How far what the rules say may be from what Docker says, as a share of it. */
const nearness = 0.3

function isLikeTruth({ rules, truth }: Use): boolean {
  return (['cpu', 'network'] as const).every((key) => Math.abs(rules[key] / truth[key] - 1) < nearness)
}

/** How the machine was for so long from now on. */
async function during(seconds: number): Promise<Conditions> {
  const share = watchMachine()
  await sleep(1_000 * seconds)
  return { share: share(), lagMs: await lagOf(stack) }
}

/** Sets or, with null, removes labels of the demo service. */
async function label(changes: Readonly<Record<string, string | null>>): Promise<void> {
  const options = Object.entries(changes).flatMap(([key, value]) =>
    value === null ? ['--label-rm', `autoscaler.${key}`] : ['--label-add', `autoscaler.${key}=${value}`],
  )
  await engine.docker(['service', 'update', '--quiet', '--detach', ...options, stack.webService])
}

/** The series of the replicas that the demo service needs by a signal. */
function neededBy(signal: string): string {
  return `swarm_autoscaler:replicas_needed:by_signal{service="${stack.webService}",signal="${signal}"}`
}

/** What a series with the demo service's label is now, if it is. */
function rule(name: string, matchers = ''): Promise<number | undefined> {
  return observation.value(`${name}{service="${stack.webService}"${matchers && `,${matchers}`}}`)
}

async function until(what: string, mostSeconds: number, holds: () => Promise<boolean>): Promise<void> {
  await waitFor(async () => ((await holds()) ? true : undefined), {
    for: what,
    timeoutMs: 1_000 * mostSeconds,
    everyMs: 500,
    explain: situation,
  })
}

function scaled(what: string, mostSeconds: number, fits: (change: Scaled) => boolean): Promise<Scaled> {
  return waitFor(async () => (await observation.scalings()).find(fits), {
    for: what,
    timeoutMs: 1_000 * mostSeconds,
    everyMs: 500,
    explain: situation,
  })
}

async function situation(): Promise<string> {
  const replicas = await observation.replicas()
  const latency = await rule('swarm_autoscaler:latency_seconds:p95')
  const cpu = neededBy('cpu')
  const neededByCpu = {
    now: await observation.value(cpu),
    max: await observation.value(`max_over_time(${cpu}[35s])`),
    samples: await observation.value(`count_over_time(${cpu}[35s])`),
  }
  return JSON.stringify({ replicas, latency, neededByCpu, scalings: await observation.scalings() })
}

function told(what: string, sinceMs: number, { atMs, from, to }: Scaled): void {
  console.log(`${what} ${((atMs - sinceMs) / 1_000).toFixed(1)} s, ${from} -> ${to}`)
}
