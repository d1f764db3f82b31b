import { Window } from './window.ts'

/** The numbers of the rules that these go by. */
type Numbers = Readonly<
  Record<'up_at_once_ratio' | 'up_lasting_ratio' | 'down_ratio' | 'down_margin_ratio', number>
>

/** What is measured at one evaluation; NaN where there is nothing. */
interface Measured {
  /** Replicas that the signals ask for on the way up, without the forecast. */
  readonly asked: number
  /** Replicas that they need now. */
  readonly needed: number
  readonly desired: number
}

/**
 * The replicas that there would be without a forecast, as the rules remember them while one acts. `valuesIn`: the values of a
 * recorded series in the last so many seconds.
 */
export class WithoutForecast {
  readonly #numbers: Numbers
  readonly #valuesIn: (seconds: number) => number
  #replicas = Number.NaN
  readonly #recorded = new Window(32)
  readonly #ratio = new Window(32)
  readonly #needed = new Window(48)

  constructor(numbers: Numbers, valuesIn: (seconds: number) => number) {
    this.#numbers = numbers
    this.#valuesIn = valuesIn
  }

  /** What a surge is held against. */
  fewest(desired: number): number {
    return this.#replicas < desired ? this.#replicas : desired
  }

  /** Whether the signals go up by what there would be. */
  evaluate(acts: boolean, measured: Measured): boolean {
    const old = Number.isNaN(this.#replicas) ? measured.desired : this.#replicas
    this.#needed.push(acts ? measured.needed : Number.NaN)
    this.#ratio.push(acts ? measured.asked / old : Number.NaN)
    const goesUp = this.#goesUp()
    if (!acts) this.#replicas = Number.NaN
    else if (goesUp) this.#replicas = Math.ceil(measured.asked)
    else this.#replicas = this.#downFrom(old)
    this.#recorded.push(this.#replicas)
    return goesUp && measured.asked > measured.desired
  }

  #goesUp(): boolean {
    const ratio = this.#ratio
    const { up_at_once_ratio, up_lasting_ratio } = this.#numbers
    const lasting = Number.isNaN(ratio.at(24)) ? Number.NaN : ratio.min(this.#valuesIn(120))
    return ratio.at(0) > up_at_once_ratio || (!Number.isNaN(ratio.at(0)) && lasting > up_lasting_ratio)
  }

  #downFrom(old: number): number {
    const { down_margin_ratio, down_ratio } = this.#numbers
    const most = this.#needed.max(this.#valuesIn(180))
    // The present sample is not recorded yet, and nothing was recorded when the forecast began.
    const least = this.#recorded.min(this.#valuesIn(150) - 1)
    const mayGo = !Number.isNaN(this.#needed.at(36)) && least >= old
    return mayGo && most / old < down_ratio ? Math.ceil(down_margin_ratio * most) : old
  }
}
