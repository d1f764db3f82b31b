import type { ReplicaChange } from './docker-changes.ts'
import type { Saying } from './evidence.ts'
import { type Deed, explains, type FaultKind } from './journal.ts'
import type { Sample } from './sample.ts'
import { type Growth, growthOf, lowestOf, type Margin, type Point } from './verdict/flat.ts'
import { holesIn, match, type RecordedChange } from './verdict/recorded.ts'

/** Everything that a soak has seen. */
export interface Evidence {
  readonly lastedMs: number
  readonly deeds: readonly Deed[]
  /** Of all lives of the receiver, in order. */
  readonly samples: readonly Sample[]
  /** The replicas of each service at the end. */
  readonly finalReplicas: readonly {
    readonly name: string
    readonly mustHave: number
    readonly has: number
  }[]
  /** What the history has, by service. */
  readonly history: ReadonlyMap<string, readonly RecordedChange[]>
  /** The events of the engine. */
  readonly made: readonly ReplicaChange[]
  readonly errors: readonly Saying[]
  /** What the receivers printed besides their logs. */
  readonly complaints: string
  /** Exit statuses of the receivers that were asked to end. */
  readonly statuses: readonly unknown[]
  /** What kept the soak itself from doing what it had in mind. */
  readonly failures: readonly string[]
}

/** One thing that must hold. */
export interface Check {
  readonly name: string
  readonly isGood: boolean
  /** What was found; where it is not good, what is wrong. */
  readonly found: string
}

const megabyte = 1_048_576

/** Connections to the engine come and go with its work: those that never go are what counts. */
const ofFewest = { unit: 1, margin: { share: 0.05, more: 4 }, isLowest: true } as const

/** Figures of the receiver that must not go on growing, and their margins. */
const flatFigures: readonly {
  readonly name: string
  readonly field: keyof Sample
  readonly unit: number
  readonly margin: Margin
  /** Whether only the lowest figure of each of many windows counts. */
  readonly isLowest?: true
}[] = [
  { name: 'resident memory, MB', field: 'rssBytes', unit: megabyte, margin: { share: 0.05, more: 6 } },
  {
    name: 'heap at its lowest, MB',
    field: 'heapBytes',
    unit: megabyte,
    margin: { share: 0.08, more: 3 },
    isLowest: true,
  },
  { name: 'external memory, MB', field: 'externalBytes', unit: megabyte, margin: { share: 0.1, more: 4 } },
  { name: 'open descriptors at their fewest', field: 'descriptors', ...ofFewest },
  { name: 'open sockets at their fewest', field: 'sockets', ...ofFewest },
  { name: 'timers at their fewest', field: 'timers', ...ofFewest },
  { name: 'TCP connections at their fewest', field: 'connections', ...ofFewest },
]

/** Windows of a life of which the lowest figure counts: as many as there are minutes, within bounds. */
function windowsOf(points: readonly Point[]): number {
  const minutes = ((points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0)) / 60_000
  return Math.min(18, Math.max(3, Math.floor(minutes)))
}

export interface FlatFigure extends Growth {
  readonly name: string
}

/** How the figures of the receiver that lived longest moved. */
export function figuresOf(samples: readonly Sample[]): readonly FlatFigure[] {
  const life = longestLife(samples)
  return flatFigures.map(({ name, field, unit, margin, isLowest }) => {
    const points: readonly Point[] = life.map((sample) => ({
      atMs: sample.atMs,
      value: sample[field] / unit,
    }))
    return { name, ...growthOf(isLowest ? lowestOf(points, windowsOf(points)) : points, margin) }
  })
}

export function longestLife(samples: readonly Sample[]): readonly Sample[] {
  const lives = Map.groupBy(samples, ({ pid }) => pid).values()
  const length = (life: readonly Sample[]) => (life.at(-1)?.atMs ?? 0) - (life[0]?.atMs ?? 0)
  return [...lives].reduce((a, b) => (length(b) > length(a) ? b : a), [])
}

/** Everything that must hold after a soak, good or not. */
export function judge(evidence: Evidence): readonly Check[] {
  const { lastedMs, samples, finalReplicas, made, complaints, statuses, failures } = evidence
  const life = longestLife(samples)
  const livedMs = (life.at(-1)?.atMs ?? 0) - (life[0]?.atMs ?? 0)
  const changes = [...evidence.history.values()].flat().filter(({ by }) => by === 'autoscaler').length
  const wrong = finalReplicas.filter(({ mustHave, has }) => has !== mustHave)
  return [
    {
      name: 'one receiver lived for three quarters of the time',
      isGood: livedMs >= 0.75 * lastedMs,
      found: `${(livedMs / 1_000).toFixed(0)} of ${(lastedMs / 1_000).toFixed(0)} s`,
    },
    {
      name: 'there was work: a change in five seconds at least',
      isGood: changes >= lastedMs / 5_000,
      found: `${changes} changes in the history, ${made.length} of all hands in Docker`,
    },
    none(
      'every service has the replicas that it must have',
      wrong.map(({ name, mustHave, has }) => `${name} has ${has}, not ${mustHave}`),
    ),
    none('the history has no hole that no fault explains', holes(evidence)),
    none('the history and Docker have the same changes', differences(evidence)),
    ...figuresOf(samples).map(({ name, second, last, most, isFlat }) => ({
      name: `${name}: flat`,
      isGood: isFlat,
      found: `${second.toFixed(1)}, then ${last.toFixed(1)}, at most ${most.toFixed(1)}`,
    })),
    none('no error in the log that no fault explains', unexplainedErrors(evidence)),
    none('no answer 5xx that no fault explains', unexplainedAnswers(evidence)),
    none('nothing was printed besides the log', complaints.trim() === '' ? [] : [complaints.trim()]),
    none(
      'a receiver that is asked to end ends with 0',
      statuses.filter((status) => status !== 0).map((status) => `one ended with ${status}`),
    ),
    none('the soak could do all that it had in mind', failures),
  ]
}

/** Good where nothing is wrong. */
function none(name: string, wrong: readonly string[]): Check {
  const more = wrong.length > 5 ? [`and ${wrong.length - 5} more`] : []
  return { name, isGood: wrong.length === 0, found: [...wrong.slice(0, 5), ...more].join('; ') || 'none' }
}

/** A receiver that was not there, or whose calls failed, cannot record everything that happened. */
const blinding: readonly FaultKind[] = ['kill', 'stop', 'engine']

function holes({ history, deeds }: Evidence): readonly string[] {
  return [...history.values()]
    .flatMap((changes) => holesIn(changes))
    .filter(
      ({ before, after }) =>
        !explains(deeds, blinding, { fromMs: before.atMs, toMs: after.atMs, service: before.service }),
    )
    .map(({ before, after }) => `${format(before)} is followed by ${format(after)}`)
}

function differences({ history, made, deeds }: Evidence): readonly string[] {
  const moment = ({ atMs, service }: ReplicaChange) => ({ fromMs: atMs, toMs: atMs, service })
  return [...history].flatMap(([service, changes]) => {
    const { onlyRecorded, onlyMade } = match(
      changes.filter(({ by }) => by === 'autoscaler'),
      made.filter((one) => one.service === service),
    )
    return [
      ...onlyRecorded
        .filter((change) => !explains(deeds, ['engine'], moment(change)))
        .map((change) => `only the history has ${format(change)}`),
      ...onlyMade
        .filter((change) => !explains(deeds, ['person', 'redeploy', 'kill', 'engine'], moment(change)))
        .map((change) => `only Docker has ${format(change)}`),
    ]
  })
}

function format({ service, from, to, atMs }: ReplicaChange): string {
  return `${service} ${from} -> ${to} at ${new Date(atMs).toISOString()}`
}

/** What makes calls of the engine fail, or come too late. */
const disturbing: readonly FaultKind[] = ['engine', 'conflict', 'kill', 'stop']

/** How long the receiver counts failures of a service's tasks, in ms. */
const failuresCountForMs = 10 * 60_000

function unexplainedErrors({ errors, deeds }: Evidence): readonly string[] {
  return errors.filter((error) => !isExplained(error, deeds)).map(({ text }) => text)
}

function isExplained({ atMs, text }: Saying, deeds: readonly Deed[]): boolean {
  const now = { fromMs: atMs, toMs: atMs }
  if (text.includes('policy file refused')) return explains(deeds, ['wrong-reload'], now)
  // Tasks that sleep fail only where the engine ends with them, or has lost them when it is back; several times is a loop.
  if (text.includes('tasks fail again and again'))
    return explains(deeds, ['engine'], { ...now, fromMs: atMs - failuresCountForMs })
  return explains(deeds, disturbing, now)
}

function unexplainedAnswers({ samples, deeds }: Evidence): readonly string[] {
  return samples.flatMap((sample, index) => {
    const before = samples[index - 1]
    if (before?.pid !== sample.pid || sample.serverErrors <= before.serverErrors) return []
    if (explains(deeds, disturbing, { fromMs: before.atMs, toMs: sample.atMs })) return []
    return [`${sample.serverErrors - before.serverErrors} before ${new Date(sample.atMs).toISOString()}`]
  })
}
