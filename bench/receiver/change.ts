import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { aMessage, anAlert, anEnd } from './made-up.ts'
import { atMost, inMs, type Measurement, type Row, type Say } from './measurement.ts'
import { openRealEngine, optedIn, type RealEngine, readAndUpdate, reset } from './real-engine.ts'
import { byTurns, compare, percentile } from './rounds.ts'
import { RunningReceiver } from './running-receiver.ts'

/** Changes one after the other, of a service each. */
const single = { services: 25, rounds: 5 } as const
/** Changes at once, in one message. */
const bursts = [
  { services: 200, rounds: 3 },
  { services: 1_000, rounds: 1 },
] as const
/** The checks after a change, of the tasks and after the event, are not part of it. */
const pauseMs = 60
/** The same, after many changes. */
const settlingMs = 3_000

/** From a post to the change that it asks for, and from one post to many changes, against the bare calls of the Docker API. */
export const change: Measurement = {
  name: 'change',
  run: async (say) => {
    const engine = await openRealEngine(say)
    try {
      const rows = [...(await measureSingle(engine, say))]
      const each: number[] = []
      for (const burst of bursts) {
        const { rows: more, msEach } = await measureBurst(engine, burst, say)
        rows.push(...more)
        each.push(msEach)
      }
      const [small = Number.NaN, large = Number.NaN] = each
      const growth = large / small
      const what = `time for each service, of ${bursts[1].services} at once`
      const yardstick = `of ${bursts[0].services} at once ${inMs(small)}`
      return [...rows, { what, own: inMs(large), yardstick, ratio: growth, goal: atMost(1.5, growth) }]
    } finally {
      await engine.close()
    }
  },
}

/** Each time another firing of the alert: the end of the last one was posted. */
const post = (receiver: RunningReceiver, names: readonly string[]) =>
  receiver.post(aMessage(names.map((name) => anAlert(name, 1, { startsAtMs: Date.now() }))), 'alert')

/** Ends what was posted, and takes the replicas away again. */
async function undo(receiver: RunningReceiver, docker: Docker, names: readonly string[]): Promise<void> {
  await receiver.post(aMessage(names.map(anEnd)), 'no_alert')
  await reset(docker, names)
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await action()
  return performance.now() - startedMs
}

/** Two receivers on one engine would both act: one at a time, which is stopped before the next one starts. */
async function withReceiver<T>(
  { dockerHost }: RealEngine,
  services: number,
  act: (receiver: RunningReceiver) => Promise<T>,
): Promise<T> {
  const receiver = await RunningReceiver.start({ dockerHost })
  try {
    await receiver.knows(services)
    return await act(receiver)
  } finally {
    await receiver.stop()
  }
}

async function remove({ docker }: RealEngine, names: readonly string[]): Promise<void> {
  await reset(docker, names)
  for (const name of names) await docker.getService(name).remove()
}

async function measureSingle(engine: RealEngine, say: Say): Promise<readonly Row[]> {
  const { docker } = engine
  const own = await engine.create(single.services, 'own', optedIn)
  const others = await engine.create(single.services, 'other')
  const each = async (
    names: readonly string[],
    act: (name: string) => Promise<unknown>,
    undone: () => Promise<void>,
  ) => {
    const times: number[] = []
    for (const name of names) {
      times.push(await timed(() => act(name)))
      await sleep(pauseMs)
    }
    await undone()
    await sleep(pauseMs)
    return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }
  }
  const measured = await withReceiver(engine, own.length, (receiver) =>
    byTurns(
      single.rounds,
      () =>
        each(
          own,
          (name) => post(receiver, [name]),
          () => undo(receiver, docker, own),
        ),
      () =>
        each(
          others,
          (name) => readAndUpdate(docker, name, 1),
          () => reset(docker, others),
        ),
    ),
  )
  await remove(engine, [...own, ...others])
  return (['p50', 'p95'] as const).map((key) => {
    const { own: ours, yardstick, ratio } = compare(measured, (times) => times[key])
    say(`one change, ${key}: ${inMs(ours)}, the two calls ${inMs(yardstick)}`)
    return {
      what: `from a post to the applied change, ${key}`,
      own: inMs(ours),
      yardstick: `read and update ${inMs(yardstick)}`,
      ratio,
      ...(key === 'p50' ? { goal: atMost(1.5, ratio) } : {}),
    }
  })
}

async function measureBurst(
  engine: RealEngine,
  { services, rounds }: (typeof bursts)[number],
  say: Say,
): Promise<{ readonly rows: readonly Row[]; readonly msEach: number }> {
  const { docker } = engine
  const own = await engine.create(services, 'own', optedIn)
  const others = await engine.create(services, 'other')
  const measure = async (what: string, act: () => Promise<unknown>, undone: () => Promise<void>) => {
    const ms = await timed(act)
    say(`${services} services, ${what}: ${inMs(ms)}`)
    await undone()
    await sleep(settlingMs)
    return ms
  }
  const loop = async () => {
    for (const name of others) await readAndUpdate(docker, name, 1)
  }
  const all = () => Promise.all(others.map((name) => readAndUpdate(docker, name, 1)))
  const undoOthers = () => reset(docker, others)
  const measured = await withReceiver(engine, services, (receiver) =>
    byTurns(
      rounds,
      async () => ({
        ms: await measure(
          'one message',
          () => post(receiver, own),
          () => undo(receiver, docker, own),
        ),
        allMs: Number.NaN,
      }),
      async () => ({
        ms: await measure('one by one', loop, undoOthers),
        allMs: await measure('all at once', all, undoOthers),
      }),
    ),
  )
  await remove(engine, [...own, ...others])
  const looped = compare(measured, ({ ms }) => ms)
  const atOnce = compare(
    { own: measured.own, yardstick: measured.yardstick.map(({ allMs }) => ({ ms: allMs })) },
    ({ ms }) => ms,
  )
  const what = `one message that changes ${services} services`
  const row = (yardstick: string, { own: ours, ratio }: typeof looped): Row => ({
    what,
    own: inMs(ours),
    yardstick,
    ratio,
  })
  return {
    rows: [
      row(`the calls one by one ${inMs(looped.yardstick)}`, looped),
      row(`all calls at once ${inMs(atOnce.yardstick)}`, atOnce),
    ],
    msEach: looped.own / services,
  }
}
