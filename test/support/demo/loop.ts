import { watchMachine } from '../load/starved.ts'
import type { JoinedEngine } from '../testbed/engine.ts'
import type { Stack } from '../testbed/stack.ts'
import { waitFor } from '../testbed/wait.ts'
import { Observation, type Replicas, type Scaled } from './observe.ts'

/**
 * Requests per second: what one replica carries with ease, fifteen times that, and what a replica should carry by its label. Where a
 * load begins, its need surges, and up to twice as much is asked for at once: the calm one must leave room for that.
 */
export interface LoopLoad {
  readonly calm: number
  readonly high: number
  readonly target: number
}

/** With the label that the demo service ships with. */
const shippedLoad: LoopLoad = { calm: 10, high: 150, target: 20 }

/** A fifth of it, which a machine can do that has other things to do: as many replicas, of which each should carry a fifth. */
export const lightLoad: LoopLoad = { calm: 2, high: 30, target: 4 }

/**
 * Fewest replicas with which the shipped rules are content at the high load: it needs 7.5, and up to 1.25 times as many as there
 * are is no reason to act at once.
 */
export const enoughAtHighLoad = 6

/** The demo's labels: downs come soon enough for a person to wait for them. All else is as shipped. */
export const hurriedDown = {
  services: {
    web: {
      deploy: {
        labels: {
          'autoscaler.down.stabilization': '20s',
          'autoscaler.down.cooldown': '10s',
          'autoscaler.down.max-step': '100%',
        },
      },
    },
  },
}

/** The state at one moment. */
export interface Moment extends Replicas {
  readonly atMs: number
  readonly load: number
  /** As the rules reckon. Absent where they have nothing to reckon with yet. */
  readonly needed: number | undefined
  /** Changes since the moment before. */
  readonly scalings: readonly Scaled[]
}

/** When what happened, in ms since the epoch, and how far replicas went. */
export interface LoopReport {
  readonly loadAtMs: number
  /** The first scrape that saw the higher load. */
  readonly scrapedAtMs: number
  /** The rule fired. */
  readonly alertAtMs: number
  /** The receiver had changed the service. */
  readonly appliedAtMs: number
  /** All tasks ran. */
  readonly convergedAtMs: number
  readonly loadStoppedAtMs: number
  /** Replicas were back where they began. */
  readonly backAtMs: number
  readonly highest: number
  readonly final: number
  /** Mean time that the receiver took to answer a post, in seconds. */
  readonly webhookSeconds: number | undefined
  readonly scalings: readonly Scaled[]
  /** What part of a processor a task had on average, see `Patience`. */
  readonly share: number
}

export interface LoopOptions {
  /** Default: that of the shipped label. */
  readonly load?: LoopLoad
  readonly onMoment: (moment: Moment) => void
  readonly onPhase: (text: string) => void
  readonly signal?: AbortSignal
}

/**
 * The whole loop on a deployed stack: calm load, fifteen times as much until all replicas that it needs run, then none until
 * they have gone again. Rejects, naming what did not happen, when a phase takes too long.
 */
export async function runLoop(engine: JoinedEngine, stack: Stack, options: LoopOptions): Promise<LoopReport> {
  const { calm, high } = options.load ?? shippedLoad
  const watch = new Watch(new Observation(engine, stack), options)
  options.onPhase(`${calm} requests per second: one replica carries them`)
  await watch.load(stack, calm)
  await watch.until(
    'calm',
    60,
    ({ needed, desired }) => needed !== undefined && needed > 0.3 && desired === 1,
    20,
  )

  options.onPhase(`load rises fifteenfold, to ${high} requests per second`)
  const loadAtMs = await watch.load(stack, high)
  const isConverged = ({ running, desired }: Moment) => desired >= enoughAtHighLoad && running === desired
  const converged = await watch.until(
    `at least ${enoughAtHighLoad} replicas, all of them running`,
    90,
    isConverged,
  )
  await watch.until('a steady state', 60, isConverged, 5)

  options.onPhase('load stops; replicas go after a minute or so, since it might come back')
  const loadStoppedAtMs = await watch.load(stack, 0)
  const back = await watch.until(
    'one replica again',
    180,
    ({ desired, running }) => desired === 1 && running === 1,
  )
  return watch.report({
    loadAtMs,
    convergedAtMs: converged.atMs,
    loadStoppedAtMs,
    backAtMs: back.atMs,
    final: back.desired,
  })
}

/** Takes a moment every second, and remembers what the report needs. */
class Watch {
  readonly #observation: Observation
  readonly #options: LoopOptions
  readonly #share = watchMachine()
  #load = 0
  #highest = 0
  #scalings: readonly Scaled[] = []

  constructor(observation: Observation, options: LoopOptions) {
    this.#observation = observation
    this.#options = options
  }

  /** Sets the load. Resolves with the time from which it counts. */
  async load(stack: Stack, requestsPerSecond: number): Promise<number> {
    await stack.setLoad(requestsPerSecond)
    this.#load = requestsPerSecond
    return Date.now()
  }

  /** Takes moments until one fits, and with `forSeconds` until all have fitted for that time. */
  async until(
    what: string,
    mostSeconds: number,
    fits: (moment: Moment) => boolean,
    forSeconds = 0,
  ): Promise<Moment> {
    let first: Moment | undefined
    let last: Moment | undefined
    const probe = async () => {
      last = await this.#moment()
      first = fits(last) ? (first ?? last) : undefined
      return first !== undefined && last.atMs - first.atMs >= forSeconds * 1_000 ? first : undefined
    }
    return waitFor(probe, {
      for: what,
      timeoutMs: mostSeconds * 1_000,
      everyMs: 1_000,
      signal: this.#options.signal,
      explain: async () => JSON.stringify(last),
    })
  }

  async report(
    times: Pick<LoopReport, 'loadAtMs' | 'convergedAtMs' | 'loadStoppedAtMs' | 'backAtMs' | 'final'>,
  ): Promise<LoopReport> {
    const up = this.#scalings.find(({ from, to, atMs }) => to > from && atMs >= times.loadAtMs)
    if (up === undefined) throw new Error('the history has no change after the load rose')
    const webhook = 'swarm_autoscaler_http_request_duration_seconds'
    const posts = '{route="/webhook",code="200"}'
    return {
      ...times,
      scrapedAtMs: await this.#firstScrapeOf(times.loadAtMs),
      alertAtMs: up.alertStartsAtMs,
      appliedAtMs: up.atMs,
      highest: this.#highest,
      webhookSeconds: await this.#observation.value(
        `sum(${webhook}_sum${posts}) / sum(${webhook}_count${posts})`,
      ),
      scalings: this.#scalings,
      share: this.#share(),
    }
  }

  async #moment(): Promise<Moment> {
    const [replicas, needed, scalings] = await Promise.all([
      this.#observation.replicas(),
      this.#observation.value('max(swarm_autoscaler:replicas_needed)'),
      this.#observation.scalings(),
    ])
    const fresh = scalings.slice(this.#scalings.length)
    this.#scalings = scalings
    this.#highest = Math.max(this.#highest, replicas.desired)
    const moment = { atMs: Date.now(), load: this.#load, needed, scalings: fresh, ...replicas }
    this.#options.onMoment(moment)
    return moment
  }

  /** The first scrape at which the counted requests had grown by more than the calm load explains. */
  async #firstScrapeOf(loadAtMs: number): Promise<number> {
    const scrapes = await this.#observation.scrapes('http_request_duration_seconds_count', loadAtMs - 10_000)
    const { calm } = this.#options.load ?? shippedLoad
    const samples = [...scrapes]
    for (const [index, [atMs, count]] of samples.entries()) {
      const [beforeMs, before] = samples[index - 1] ?? [atMs, count]
      if (atMs > loadAtMs && count - before > 2 * calm * ((atMs - beforeMs) / 1_000)) return atMs
    }
    throw new Error('no scrape saw the higher load')
  }
}
