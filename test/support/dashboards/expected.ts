/** What the series of one query look like, wherever the loop runs. */
export interface Expected {
  /** `any`: there may be none, for it tells of what need not happen. */
  readonly series: 'one' | 'some' | 'any'
  /** The labels that its series have, and no others. */
  readonly labels: readonly string[]
  /** Every value lies between these. */
  readonly within: readonly [least: number, most: number]
}

/** A single series without labels. */
const one = (least: number, most: number): Expected => ({ series: 'one', labels: [], within: [least, most] })
const some = (labels: readonly string[], least: number, most: number): Expected => ({
  series: 'some',
  labels,
  within: [least, most],
})
const maybe = (expected: Expected): Expected => ({ ...expected, series: 'any' })

const each = (least: number, most: number) => some(['service'], least, most)

const bit = one(0, 1)
const count = one(0, 1_000)
const replicas = one(0, 100)
/** Milliseconds since the epoch, in this century. */
const moment = [1e12, 4e12] as const
/** A reason by its number. */
const reason = [1, 19] as const
/** Of a webhook, of a call of Docker, of a write. */
const brief = maybe(one(0, 10))
const band = [replicas, replicas, replicas, replicas, one(0, 1_000)]
/** A share of what a service may use; more than all of it for moments only. */
const share = one(0, 4)
const money = 1_000

/** By dashboard and panel, the queries in their order. */
export const expected: Readonly<Record<string, Readonly<Record<string, readonly Expected[]>>>> = {
  'overview.json': {
    Receiver: [one(-1, 1)],
    'Opted in': [one(1, 100)],
    Replicas: [replicas, replicas],
    Changes: [count],
    'Failed changes': [count],
    'Blocked or failing now': [count],
    'Invalid policies': [count],
    'Redeploys restored': [count],
    'Replicas of the selected services': band,
    'Status of each service': [each(...reason)],
    'Changes of replicas': [each(0, 100)],
    'Decisions by reason': [some(['decision', 'reason'], 0.01, 10_000)],
    'Blocked changes': [count, count, count, count, count],
    'Time to change and to converge': [one(0, 600), one(0, 600), one(0, 1_800), one(0, 1_800)],
    'From alert to change': [one(0, 600), one(0, 600)],
    'From change to all tasks running': [one(0, 1_800), one(0, 1_800)],
    Cooldowns: [some(['service', 'direction?'], 0, 86_400)],
    'Schedule windows': [some(['service', 'schedule?'], 0, 1)],
    Pauses: [some(['service', 'direction?'], 0, 1)],
    Services: [
      each(0, 1_000),
      each(0, 100),
      each(0, 100),
      each(0, 100),
      each(1, 100),
      each(...reason),
      each(0, 1),
      each(0, 100),
      each(...moment),
    ],
    $service: band,
  },
  'service.json': {
    Status: [each(...reason)],
    'Replicas now': [replicas, replicas],
    'Current bounds': [replicas, one(1, 100)],
    Policy: [bit],
    'Not working': [replicas, replicas],
    'Last change': [one(...moment), one(...moment)],
    Replicas: band,
    'What limited it': [each(...reason)],
    Alerts: [some(['alertname'], 0, 1)],
    'Decisions by reason': [some(['decision', 'reason'], 0.01, 10_000)],
    'Pauses, windows, cooldowns': [
      some(['direction'], 0, 1),
      maybe(some(['schedule'], 0, 1)),
      some(['direction'], 0, 2),
    ],
    'Needed replicas by signal': [some(['signal'], 0, 1_000), replicas],
    'Share of each target': [some(['signal'], 0, 1_000), maybe(one(0, 1_000)), maybe(one(0, 1_000))],
    Targets: [some(['signal'], 1e-6, 1e12)],
    // The loop is hours old at most: there is history, and no forecast yet.
    Forecast: [maybe(replicas), maybe(replicas), one(0, 1_000)],
    'Error of the forecast': [maybe(one(0, 1_000)), maybe(bit)],
    Requests: [one(0, 10_000), one(0, 100_000)],
    Latency: [one(0, 60), one(0, 60), maybe(one(0, 60))],
    Errors: [one(0, 1), maybe(one(0, 1))],
    Answers: [some(['answer'], 0, 10_000)],
    'CPU, share of the limit': [share, share],
    'Memory of a replica': [one(1e6, 1e10), one(1e6, 1e10), one(1e6, 1e12)],
    Network: [one(0, 1e9), one(0, 1e9)],
    'Changes in this time': [count, count, count, count, count],
    'Tasks that do not run': [replicas, replicas],
  },
  'cost.json': {
    Cost: [one(0, money)],
    'Saved compared with a fixed peak': [one(0, money), one(0, 1)],
    'This month, with projection': [one(0, money), one(0, 1e6)],
    'Replica-hours': [one(0, 1_000)],
    'Cost by day': [each(0, money)],
    'Replica-hours by day': [each(0, 1_000)],
    'Cost per hour': [one(0, money), one(0, money)],
    'Cost by service': [
      each(0, 1_000),
      each(0, 100),
      each(0, 100),
      each(0, money),
      each(0, money),
      each(0, money),
      each(0, money),
      each(0, 1),
    ],
  },
  'receiver.json': {
    Receiver: [one(-1, 1)],
    Docker: [one(-1, 1)],
    "Docker's events": [one(-1, 1)],
    Reload: [one(-1, 1)],
    History: [one(-1, 1)],
    Version: [some(['version'], 1, 1)],
    'Posts to the webhook': [some(['code'], 0, 1_000)],
    'Time to answer a post': [one(0, 10), one(0, 10), one(0, 10)],
    'Alerts received': [some(['scale', 'status'], 0.01, 10_000)],
    'Alertmanager: webhook messages': [one(0, 1_000), one(0, 1_000)],
    'Alerts rejected': [one(0, 10_000)],
    'Other requests': [some(['route'], 0, 1_000)],
    'Calls of Docker': [some(['operation'], 0, 10_000)],
    'Time of a call': [some(['operation'], 0, 10)],
    'Errors and conflicts': [one(0, 10_000), one(0, 10_000)],
    'Writes of the history': [some(['outcome'], 0, 1_000)],
    'Time of a write': [brief, brief, brief],
    'Waiting and lost entries': [one(0, 10_000), one(0, 10_000)],
    'Event loop lag': [one(0, 10), one(0, 10)],
    Memory: [one(1e7, 1e9), one(1e6, 1e9)],
    CPU: [one(0, 4)],
  },
}
