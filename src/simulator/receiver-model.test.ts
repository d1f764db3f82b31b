import { expect, it } from 'vitest'
import { aPolicy, aService, aWindow, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock } from '../../test/support/fakes/fake-clock.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { Direction } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'
import type { AlertUpdate } from '../reconcile/active-alerts.ts'
import { Reconciler } from '../reconcile/reconciler.ts'
import { randomFrom } from './load/random.ts'
import type { Post } from './pipeline/alertmanager-model.ts'
import { Plant } from './plant.ts'
import { ReceiverModel } from './receiver-model.ts'

const seconds = 1_800
const replicas = 4

const policies: Readonly<Record<string, Policy>> = {
  'the defaults': aPolicy({ max: 30 }),
  'cooldowns, and windows of stabilization both ways': aPolicy({
    max: 30,
    up: {
      step: { unit: 'replicas', value: 1 },
      cooldownMs: 40_000,
      stabilizationMs: 20_000,
      maxStep: [{ unit: 'replicas', value: 3 }],
    },
    down: { step: { unit: 'replicas', value: 1 }, cooldownMs: 90_000, stabilizationMs: 60_000 },
  }),
  'a window that opens, and closes': aPolicy({
    max: 12,
    schedules: [
      aWindow({ start: '7 12 * * *', end: { kind: 'duration', durationMs: 600_000 }, min: 6, max: 20 }),
    ],
  }),
}

interface TimedPost {
  readonly at: number
  readonly direction: Direction
  readonly post: Post
}

/** Posts as an Alertmanager would send them: each direction comes, goes on for a while with other numbers, and ends. */
function madeUpPosts(seed: number): readonly TimedPost[] {
  const random = randomFrom(seed)
  const posts: TimedPost[] = []
  for (const [direction, every] of [
    ['up', 5],
    ['down', 30],
  ] as const) {
    for (let at = Math.ceil(200 * random()); at < seconds; at += Math.ceil(300 * random())) {
      const startsAt = at
      const end = at + Math.ceil((direction === 'up' ? 120 : 500) * random())
      for (; at < Math.min(end, seconds); at += every) {
        const asked = direction === 'up' ? 2 + 22 * random() : 1 + 12 * random()
        posts.push({ at, direction, post: { kind: 'firing', replicas: asked, startsAt } })
      }
      posts.push({ at, direction, post: { kind: 'resolved', endedAt: at } })
    }
  }
  return posts.filter(({ at }) => at < seconds).sort((a, b) => a.at - b.at)
}

/** What the replicas were, by second, with the receiver's own loop. */
async function byTheLoop(policy: Policy, posts: readonly TimedPost[]): Promise<readonly number[]> {
  const swarm = new FakeSwarm(
    aService({
      policy,
      desiredReplicas: replicas,
      tasks: { running: replicas, starting: 0, pending: 0, failing: 0 },
    }),
  )
  const clock = new FakeClock()
  const observer = new RecordingObserver()
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [observer.subscriber],
    resyncIntervalMs: 15_000,
    alertTtlMs: 120_000,
  })
  swarm.tellsOfChanges = true
  await loop.start()
  const history: number[] = []
  for (let second = 0; second < seconds; second += 1) {
    for (const { direction, post } of posts.filter(({ at }) => at === second)) {
      await loop.receive('web', [newsOf(direction, post)])
    }
    history.push(swarm.get('web').desiredReplicas)
    await clock.advance(1_000)
  }
  await loop.stop()
  return history
}

function newsOf(direction: Direction, post: Post): AlertUpdate {
  if (post.kind === 'resolved')
    return { kind: 'resolved', fingerprint: direction, endedAtMs: noon + post.endedAt * 1_000 }
  const startsAtMs = noon + post.startsAt * 1_000
  const demand = { kind: 'replicas', replicas: post.replicas } as const
  return {
    kind: 'firing',
    alert: { fingerprint: direction, scale: direction, demand, startsAtMs, alertName: direction },
  }
}

/** The same with the model. */
function byTheModel(policy: Policy, posts: readonly TimedPost[]): readonly number[] {
  const plant = new Plant({
    load: new Float64Array(seconds).fill(1),
    capacity: 1,
    startUpSeconds: 0,
    saturates: false,
    replicas,
  })
  const receiver = new ReceiverModel({ plant, policy, startMs: noon })
  return Array.from({ length: seconds }, (_, second) => {
    plant.advanceTo(second)
    if (receiver.nextReconcileAt <= second) receiver.reconcile(second)
    for (const { direction, post } of posts.filter(({ at }) => at === second))
      receiver.receive(direction, post, second)
    return plant.desired
  })
}

/** The seconds at which it changed, and to what. */
const changesOf = (history: readonly number[]) =>
  history.flatMap((count, second) => (count === history[second - 1] ? [] : [`${second}s: ${count}`]))

it.each(Object.entries(policies))("with %s does what the receiver's own loop does", async (_, policy) => {
  const changes: string[] = []
  for (let seed = 1; seed <= 12; seed += 1) {
    const posts = madeUpPosts(seed)
    const model = changesOf(byTheModel(policy, posts))
    expect(model, `seed ${seed}`).toEqual(changesOf(await byTheLoop(policy, posts)))
    changes.push(...model)
  }
  // Posts by which nothing changes would compare nothing.
  expect(changes.length).toBeGreaterThan(50)
})
