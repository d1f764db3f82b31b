import type { HistoryEvent } from '../../../src/domain/event.ts'
import type { Policy } from '../../../src/domain/policy.ts'
import { EventIds } from '../../../src/history/event-ids.ts'
import type { Entry } from '../../../src/history/store.ts'
import type { MadeUp } from './world.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** How far the made-up past reaches back, and how far its events do. */
const pastDays = 30
const eventDays = 4

/** When nobody watched, in ms before now. */
const outage = { fromMs: 9.2 * 3_600_000, untilMs: 8.1 * 3_600_000 }

/** Numbers that look random and are the same each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** What a history of these services would hold: a day curve over 30 days, an outage, and the events of the last days. */
export function madeUpPast(services: readonly MadeUp[], nowMs: number): readonly Entry[] {
  const inOutage = (atMs: number) => atMs >= nowMs - outage.fromMs && atMs < nowMs - outage.untilMs
  const counts = services.flatMap((made, index) => countsOf(made, nowMs, seeded(index + 1)))
  const watched = counts.filter(({ count }) => !inOutage(count.atMs))
  const ids = new EventIds('0badcafe')
  const events = eventsOf(watched, services, nowMs)
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((event): Entry => ({ kind: 'event', event: { ...event, id: ids.next(event.atMs) } }))
  const watch = (fromMs: number, untilMs: number): Entry => ({
    kind: 'watch',
    watch: { receiver: '0badcafe', fromMs: nowMs - fromMs, untilMs: nowMs - untilMs },
  })
  return [...watched, watch(pastDays * dayMs, outage.fromMs), watch(outage.untilMs, 0), ...events]
}

type CountEntry = Extract<Entry, { kind: 'count' }>

function countsOf({ service, load: [low, high] }: MadeUp, nowMs: number, random: () => number): CountEntry[] {
  if (service.mode !== 'replicated') return []
  const costPerHour = service.policy.kind === 'valid' ? service.policy.policy.costPerHour : undefined
  const price = costPerHour === undefined ? {} : { costPerHour }
  const entries: CountEntry[] = []
  let last = -1
  // The day curve comes out at the present number.
  for (
    let atMs = nowMs - (pastDays - random() * 12) * dayMs;
    atMs < nowMs;
    atMs += (4 + random() * 14) * minuteMs
  ) {
    const hour = (atMs / 3_600_000) % 24
    const curve = (1 - Math.cos(((hour - 3) / 24) * 2 * Math.PI)) / 2
    const noise = (random() - 0.5) * 0.18
    const desired = Math.round(low + (high - low) * Math.min(1, Math.max(0, curve ** 1.6 + noise)))
    if (desired === last) continue
    last = desired
    entries.push({
      kind: 'count',
      count: { service: service.name, atMs: Math.round(atMs), desired, running: desired, ...price },
    })
  }
  const { desiredReplicas: desired, runningReplicas: running = desired } = service
  const present = { service: service.name, atMs: nowMs - 35 * minuteMs, desired, running, ...price }
  return [...entries, { kind: 'count', count: present }]
}

type WithoutId = Omit<HistoryEvent, 'id'>

function eventsOf(
  counts: readonly CountEntry[],
  services: readonly MadeUp[],
  nowMs: number,
): readonly WithoutId[] {
  const random = seeded(99)
  const policies = new Map(
    services.map(({ service }) => [
      service.name,
      service.policy.kind === 'valid' ? service.policy.policy : undefined,
    ]),
  )
  return counts.flatMap(({ count }, index) => {
    const before = counts[index - 1]?.count
    if (before?.service !== count.service || count.atMs < nowMs - eventDays * dayMs) return []
    return eventOf(
      count.service,
      before.desired,
      count.desired,
      count.atMs,
      random,
      policies.get(count.service),
    )
  })
}

function eventOf(
  service: string,
  from: number,
  to: number,
  atMs: number,
  random: () => number,
  policy: Policy | undefined,
): readonly WithoutId[] {
  const base = { service, atMs, from, to, actor: 'autoscaler', autoscalerVersion: '1.2.3' } as const
  const dice = random()
  if (dice < 0.03)
    return [{ ...base, kind: 'changed', actor: dice < 0.01 ? 'redeploy' : 'person', alerts: [] }]
  const isUp = to > from
  const startsAtMs = atMs - 2_000 - Math.round(random() * 9_000)
  const needed = Math.round((isUp ? to - random() * 0.9 : to + random() * 0.4) * 100) / 100
  const alert = {
    name: isUp ? 'SwarmServiceNeedsMoreReplicas' : 'SwarmServiceNeedsFewerReplicas',
    fingerprint: 'c2f1a9b8d7e6f504',
    scale: isUp ? ('up' as const) : ('down' as const),
    startsAtMs,
    value: String(needed),
    summary: `${service} needs ${needed} replicas for its ${Object.keys(policy?.targets ?? {})[0] ?? 'requests'}.`,
  }
  const scaled = { ...base, reason: 'alert', needed, alerts: [alert] } as const
  if (dice < 0.05) {
    const error = { code: 'unreachable', message: 'connect ECONNREFUSED docker-proxy:2375' }
    return [{ ...scaled, kind: 'failed', error, times: 3, lastAtMs: atMs + 9_000 }]
  }
  const held: WithoutId = {
    ...scaled,
    kind: 'held',
    to: from,
    reason: 'cooldown',
    atMs: atMs - 1_000,
    untilMs: atMs + 40_000,
  }
  return [
    ...(dice > 0.85 ? [held] : []),
    {
      ...scaled,
      kind: 'scaled',
      reactionMs: atMs - startsAtMs,
      convergedMs: 900 + Math.round(random() * 6_000),
    },
  ]
}
