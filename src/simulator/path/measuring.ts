import type { Cohort, Plant } from '../plant.ts'
import { type PrometheusVersion, rateOf } from './prometheus-rate.ts'

/**
 * How a load is measured.
 * - `requests`: counted by each replica, read as a rate; a replica is scraped from when it works.
 * - `cpu`: the same of containers, which are there before their replica works, and cannot use more than their limit.
 * - `gauge`: one number for the whole service, such as the length of a queue.
 */
export type Measure = 'requests' | 'cpu' | 'gauge'

/** What the rules find. */
export interface Measured {
  /** Load of the whole service. Absent: nothing could be measured. */
  readonly load?: number
  /** Replicas of which a measurement was had. Absent: they are not measured one by one. */
  readonly reporting?: number
}

/** Scrapes come so often, in seconds: the shipped setting, which the windows of the rules are made for. */
export const scrapeSeconds = 5
/** The windows of the rules' rates, in seconds: of containers the longer one serves where the shorter holds too little. */
const windows = { requests: [15], cpu: [15, 30], gauge: [] } as const satisfies Record<
  Measure,
  readonly number[]
>
/** Samples of one series in the longest of them. */
const mostSamples = 6

/** A group of replicas as Prometheus knows it. */
interface Scraped {
  readonly cohort: Cohort
  /** What each of them had borne at the last scrapes, the oldest first. */
  readonly samples: readonly number[]
  /** Scrapes that did not find it any more. */
  readonly missed: number
}

/** Scrapes a plant, and reads off what the recording rules make of it. */
export class Measuring {
  readonly #plant: Plant
  readonly #measure: Measure
  readonly #version: PrometheusVersion
  /** What a replica that was always there had borne at the last scrapes, the oldest first. */
  #borne: readonly number[] = []
  #young: Scraped[] = []
  /** Removed: their last samples are still in the windows. */
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
    const newlyGone = plant.removed.map((cohort) => this.#known(cohort))
    plant.removed.length = 0
    this.#gone = [...this.#gone, ...newlyGone]
      .map((scraped) => ({ ...scraped, missed: scraped.missed + 1 }))
      .filter(({ missed }) => missed < mostSamples - 1)
    this.#borne = [...this.#borne.slice(1 - mostSamples), plant.borneEach]
    const [seen, unseen] = [plant.young.filter(this.#isSeen), plant.young.filter((one) => !this.#isSeen(one))]
    this.#young = seen.flatMap((cohort) => this.#sample(cohort))
    const apart = [...this.#young.map(({ cohort }) => cohort), ...unseen]
    this.#mature = plant.desired - apart.reduce((sum, { count }) => sum + count, 0)
  }

  /** What the rules find `age` seconds after the last scrape. */
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
    add(this.#mature, this.#borne, age)
    for (const { cohort, samples, missed } of [...this.#young, ...this.#gone]) {
      add(cohort.count, samples, age + missed * scrapeSeconds)
    }
    const known = reporting > 0 ? { load } : {}
    // Prometheus counts the targets that are up, however long they have been; containers by their rates.
    return { ...known, reporting: this.#measure === 'requests' ? this.#up : reporting }
  }

  readonly #isSeen = ({ bornAt, borneAtReady }: Cohort): boolean =>
    this.#measure === 'requests' ? borneAtReady !== undefined : bornAt < this.#plant.now

  /** Adds a sample; a group all of whose samples in the window and one before are of its work is like those always there. */
  #sample(cohort: Cohort): readonly Scraped[] {
    const before = this.#young.find((scraped) => scraped.cohort === cohort)
    if (before === undefined && cohort.readyAt + scrapeSeconds < this.#plant.now) return []
    const samples = [...(before?.samples ?? []), this.#borneBy(cohort)]
    const working = samples.filter((borne) => borne > 0).length
    return working >= mostSamples ? [] : [{ cohort, samples, missed: 0 }]
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

  #borneBy({ borneAtReady }: Cohort): number {
    return borneAtReady === undefined ? 0 : this.#plant.borneEach - borneAtReady
  }

  /** A removed group with the samples that were taken of it. */
  #known(cohort: Cohort): Scraped {
    const young = this.#young.find(({ cohort: { bornAt } }) => bornAt === cohort.bornAt && cohort.bornAt > 0)
    return { cohort, samples: young?.samples ?? this.#borne, missed: 0 }
  }
}
