import { Window } from './window.ts'
import { WithoutForecast } from './without-forecast.ts'

/** The input of one evaluation. */
export interface RulesInput {
  /** Replicas that bring the signal to its target. Absent: nothing was measured. */
  readonly needed?: number
  /** Replicas with a measurement. Absent: replicas are not measured one by one. */
  readonly reporting?: number
  /** CPU use of one replica as a share of its limit. Absent: not measured, or there is no limit. */
  readonly useOfLimit?: number
  /** Replicas that the signal `forecast` asks for. Absent: it is not active. */
  readonly alsoNeeded?: number
  /** Replicas in the specification at the last scrape of the receiver. */
  readonly desired: number
  /** The current minimum at that scrape. */
  readonly min: number
}

/** The numbers that the two alerts carry. Absent: the alert does not fire. */
export interface Firing {
  readonly up?: number
  readonly down?: number
}

/** The numbers of prometheus/rules/scaling.yml; a test holds them against the file. */
export const shippedNumbers = {
  up_at_once_ratio: 1.25,
  up_lasting_ratio: 1.2,
  down_ratio: 0.95,
  down_margin_ratio: 1.05,
  surge_from_ratio: 1,
  surge_growth_ratio_per_second: 0.015,
  surge_look_ahead_seconds: 20,
  surge_cap_ratio: 2,
  saturated_ratio: 0.95,
  saturated_growth_ratio: 4,
} as const
export type RuleNumbers = Readonly<Record<keyof typeof shippedNumbers, number>>

/** Evaluation interval in seconds: the shipped setting, which the windows of the rules are made for. */
export const evaluationSeconds = 5

/** The number of values that a recorded series has in this many seconds. */
const valuesIn = (seconds: number): number => seconds / evaluationSeconds

export interface RulesOptions {
  readonly numbers?: RuleNumbers
}

/** The rules of prometheus/rules/scaling.yml for one service and one signal, evaluated again and again. */
export class RulesModel {
  readonly #numbers: RuleNumbers
  readonly #needed = new Window(16)
  readonly #reporting = new Window(16)
  readonly #ratio = new Window(32)
  readonly #neededForDown = new Window(16)
  readonly #withoutForecast: WithoutForecast

  constructor({ numbers = shippedNumbers }: RulesOptions = {}) {
    this.#numbers = numbers
    this.#withoutForecast = new WithoutForecast(numbers, valuesIn)
  }

  evaluate(input: RulesInput): Firing {
    this.#needed.push(input.needed ?? Number.NaN)
    this.#reporting.push(input.reporting ?? Number.NaN)
    const up = this.#up(input)
    const down = this.#down(input)
    return { ...(up === undefined ? {} : { up }), ...(down === undefined ? {} : { down }) }
  }

  #up(input: RulesInput): number | undefined {
    const { up_at_once_ratio, up_lasting_ratio } = this.#numbers
    const { alsoNeeded, desired, needed = Number.NaN } = input
    const asked = largest(this.#measured(), this.#surge(input), this.#saturated(input))
    const forUp = largest(asked, alsoNeeded)
    const goesUpWithoutForecast = this.#withoutForecast.evaluate(alsoNeeded !== undefined, {
      asked,
      needed,
      desired,
    })
    const ratio = this.#ratio
    ratio.push(forUp / desired)
    const now = ratio.at(0)
    const lasting = Number.isNaN(ratio.at(24)) ? Number.NaN : ratio.min(valuesIn(120))
    return now > up_at_once_ratio || lasting > up_lasting_ratio || goesUpWithoutForecast ? forUp : undefined
  }

  #isArriving(): boolean {
    const reporting = this.#reporting
    return reporting.at(0) > reporting.min(valuesIn(35))
  }

  #measured(): number {
    const needed = this.#needed
    const now = needed.at(0)
    return Number.isNaN(now) || !this.#isArriving() ? now : needed.min(valuesIn(15))
  }

  #surge({ desired }: RulesInput): number {
    const { surge_from_ratio, surge_growth_ratio_per_second, surge_look_ahead_seconds, surge_cap_ratio } =
      this.#numbers
    const needed = this.#needed
    const now = needed.at(0)
    const fewest = this.#withoutForecast.fewest(desired)
    if (!(now > surge_from_ratio * fewest) || needed.count(valuesIn(30)) < 6) return Number.NaN
    const line = needed.line(valuesIn(20))
    const perSecond = line.slope / evaluationSeconds
    if (!(perSecond / now >= surge_growth_ratio_per_second)) return Number.NaN
    const hasOutgrown = () => needed.min(valuesIn(15)) > needed.max(valuesIn(15), 4)
    if (this.#isArriving() && !hasOutgrown()) return Number.NaN
    return Math.min(line.now + perSecond * surge_look_ahead_seconds, surge_cap_ratio * now)
  }

  #saturated({ useOfLimit = 0, reporting = 0, desired }: RulesInput): number {
    const { saturated_ratio, saturated_growth_ratio } = this.#numbers
    return useOfLimit >= saturated_ratio ? saturated_growth_ratio * Math.min(reporting, desired) : Number.NaN
  }

  #down({ needed, reporting, alsoNeeded, desired, min }: RulesInput): number | undefined {
    const { down_ratio, down_margin_ratio } = this.#numbers
    const missing = reporting === undefined ? 0 : Math.max(0, desired - reporting)
    const forDown = this.#neededForDown
    forDown.push(needed === undefined ? Number.NaN : largest(needed + missing, alsoNeeded))
    if (Number.isNaN(forDown.at(0)) || Number.isNaN(forDown.at(6))) return undefined
    const most = forDown.max(valuesIn(30))
    const to = down_margin_ratio * most
    return most / desired < down_ratio && to <= desired - 1 && desired > min ? to : undefined
  }
}

/** NaN: there is none. */
function largest(...numbers: readonly (number | undefined)[]): number {
  const known = numbers.filter((number) => number !== undefined && !Number.isNaN(number)) as number[]
  return known.length === 0 ? Number.NaN : Math.max(...known)
}
