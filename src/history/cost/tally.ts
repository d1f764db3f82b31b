import type { Saving, Usage } from '../../domain/cost.ts'
import { defined } from '../../domain/defined.ts'
import type { Known } from './pieces.ts'
import type { Span } from './span.ts'

const msPerSecond = 1_000
const msPerHour = 3_600_000

/** Known time, and replicas multiplied by time. In whole ms, so that sums are exact. */
interface Sum {
  knownMs: number
  replicaMs: number
}

/** Adds up the known pieces of one service. */
export class Tally {
  readonly #all: Sum = { knownMs: 0, replicaMs: 0 }
  /** Separate for each price: money is calculated last, to avoid rounding errors. */
  readonly #byPrice = new Map<number, Sum>()
  #peak = 0

  add({ fromMs, untilMs, replicas, costPerHour }: Known): void {
    const ms = untilMs - fromMs
    this.#peak = Math.max(this.#peak, replicas)
    addTo(this.#all, ms, replicas)
    if (costPerHour === undefined) return
    const atPrice = this.#byPrice.get(costPerHour) ?? { knownMs: 0, replicaMs: 0 }
    this.#byPrice.set(costPerHour, atPrice)
    addTo(atPrice, ms, replicas)
  }

  /** The sum as usage of this time. `fixed` is a number of replicas to compare with. */
  usage({ fromMs, untilMs }: Span, fixed: number | undefined): Usage {
    const { knownMs, replicaMs } = this.#all
    const head = {
      fromMs,
      untilMs,
      knownSeconds: knownMs / msPerSecond,
      replicaSeconds: replicaMs / msPerSecond,
    }
    if (knownMs === 0) return head
    return {
      ...head,
      average: replicaMs / knownMs,
      peak: this.#peak,
      ...this.#price(),
      savedAgainstPeak: this.#savedAgainst(this.#peak),
      ...(fixed === undefined ? {} : { savedAgainstFixed: this.#savedAgainst(fixed) }),
    }
  }

  #price(): Pick<Usage, 'cost' | 'pricedSeconds'> {
    let pricedMs = 0
    for (const { knownMs } of this.#byPrice.values()) pricedMs += knownMs
    const isInPart = pricedMs > 0 && pricedMs < this.#all.knownMs
    return defined({
      cost: this.#money(({ replicaMs }) => replicaMs),
      pricedSeconds: isInPart ? pricedMs / msPerSecond : undefined,
    })
  }

  #savedAgainst(replicas: number): Saving {
    const savedMs = ({ knownMs, replicaMs }: Sum) => replicas * knownMs - replicaMs
    return {
      replicas,
      replicaSeconds: savedMs(this.#all) / msPerSecond,
      ...defined({ cost: this.#money(savedMs) }),
    }
  }

  /** The cost of the replica-ms that `replicaMsOf` takes from each sum. Absent: no price was set. */
  #money(replicaMsOf: (sum: Sum) => number): number | undefined {
    if (this.#byPrice.size === 0) return undefined
    let cost = 0
    for (const [price, sum] of this.#byPrice) cost += (price * replicaMsOf(sum)) / msPerHour
    return cost
  }
}

function addTo(sum: Sum, ms: number, replicas: number): void {
  sum.knownMs += ms
  sum.replicaMs += ms * replicas
}
