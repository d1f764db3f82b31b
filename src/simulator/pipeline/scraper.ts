import type { Cohort, Plant } from '../plant.ts'
import { type PrometheusVersion, rateOf } from './prometheus-rate.ts'

/**
 * How a load is measured.
 * - `requests`: a counter of each replica, read as a rate; a replica is scraped once it runs.
 * - `cpu`: a counter of each container, which exists before its replica runs, and cannot use more than its limit.
 * - `gauge`: one number for the whole service, such as the length of a queue.
 */
export type Measure = 'requests' | 'cpu' | 'gauge'

/** The result of the recording rules. */
export interface Measured {
  /** Load of the whole service. Absent: nothing was measured. */
  readonly load?: number
  /** Replicas with a measurement. Absent: replicas are not measured one by one. */
  readonly reporting?: number
}

/** Scrape interval in seconds: the shipped setting, which the windows of the rules are made for. */
export const scrapeSeconds = 5
/** The windows of the rules' rates, in seconds: for containers the longer one is used if the shorter one has too few samples. */
const windows = { requests: [15], cpu: [15, 30], gauge: [] } as const satisfies Record<
  Measure,
  readonly number[]
>
/** Samples of one series in the longest window. */
const maxSamples = 6

/** The samples that Prometheus has of a cohort. */
interface Scraped {
  readonly cohort: Cohort
  /** The counter of each replica at the last scrapes, the oldest first. */
  readonly samples: readonly number[]
  /** Scrapes since it is gone. */
  readonly missed: number
}

/** Scrapes a plant and evaluates the recording rules. */
export class Scraper {
  readonly #plant: Plant
  readonly #measure: Measure
  readonly #version: PrometheusVersion
  /** The counter of a replica that always ran at the last scrapes, the oldest first. */
  #counter: readonly number[] = []
  #young: Scraped[] = []
  /** Removed cohorts whose last samples are still in the windows. */
  #gone: Scraped[] = []
  #mature = 0
  /** Replicas that answered the last scrape. */
  #up = 0
  #load: number | undefined

  constructor(plant: Plant, measure: Measure, version: PrometheusVersion = 3) {
    this.#version = version
    this.#plant = plant
    this.#measure = measure
  }

  /** Scrapes everything now. */
  scrape(): void {
    const plant = this.#plant
    const { load } = plant.options
    this.#load = load[Math.min(plant.now, load.length - 1)]
    if (this.#measure === 'gauge') return
    this.#up = plant.running
    const newlyGone = plant.removed.map((cohort) => this.#removed(cohort))
    plant.removed.length = 0
    this.#gone = [...this.#gone, ...newlyGone]
      .map((scraped) => ({ ...scraped, missed: scraped.missed + 1 }))
      .filter(({ missed }) => missed < maxSamples - 1)
    this.#counter = [...this.#counter.slice(1 - maxSamples), plant.servedEach]
    const [seen, unseen] = [plant.young.filter(this.#isSeen), plant.young.filter((one) => !this.#isSeen(one))]
    this.#young = seen.flatMap((cohort) => this.#sample(cohort))
    const apart = [...this.#young.map(({ cohort }) => cohort), ...unseen]
    this.#mature = plant.desired - apart.reduce((sum, { count }) => sum + count, 0)
  }

  /** The result of the rules `age` seconds after the last scrape. */
  read(age: number): Measured {
    if (this.#measure === 'gauge') return this.#load === undefined ? {} : { load: this.#load }
    let load = 0
    let reporting = 0
    const add = (count: number, samples: readonly number[], ageOfLast: number) => {
      const rate = this.#rate(samples, ageOfLast)
      if (rate === undefined) return
      load += count * rate
      reporting += count
    }
    add(this.#mature, this.#counter, age)
    for (const { cohort, samples, missed } of [...this.#young, ...this.#gone]) {
      add(cohort.count, samples, age + missed * scrapeSeconds)
    }
    const known = reporting > 0 ? { load } : {}
    // Prometheus counts all targets that are up, but only containers that have a rate.
    return { ...known, reporting: this.#measure === 'requests' ? this.#up : reporting }
  }

  readonly #isSeen = ({ startedAt, servedAtReady }: Cohort): boolean =>
    this.#measure === 'requests' ? servedAtReady !== undefined : startedAt < this.#plant.now

  /** Adds a sample. A cohort whose samples in the window and one before it are all above 0 no longer differs from the mature replicas. */
  #sample(cohort: Cohort): readonly Scraped[] {
    const before = this.#young.find((scraped) => scraped.cohort === cohort)
    if (before === undefined && cohort.readyAt + scrapeSeconds < this.#plant.now) return []
    const samples = [...(before?.samples ?? []), this.#counterOf(cohort)]
    const working = samples.filter((sample) => sample > 0).length
    return working >= maxSamples ? [] : [{ cohort, samples, missed: 0 }]
  }

  #rate(samples: readonly number[], ageOfLast: number): number | undefined {
    for (const window of windows[this.#measure]) {
      const count = Math.ceil((window - ageOfLast) / scrapeSeconds)
      const rate = count < 2 ? undefined : this.#rateOf(samples.slice(-count), ageOfLast, window)
      if (rate !== undefined) return rate
    }
    return undefined
  }

  #rateOf(samples: readonly number[], ageOfLast: number, window: number): number | undefined {
    return rateOf(samples, scrapeSeconds, ageOfLast, window, this.#version)
  }

  #counterOf({ servedAtReady }: Cohort): number {
    return servedAtReady === undefined ? 0 : this.#plant.servedEach - servedAtReady
  }

  /** A removed cohort with its samples. */
  #removed(cohort: Cohort): Scraped {
    const young = this.#young.find(
      ({ cohort: { startedAt } }) => startedAt === cohort.startedAt && cohort.startedAt > 0,
    )
    return { cohort, samples: young?.samples ?? this.#counter, missed: 0 }
  }
}
