import { Window } from './window.ts'

/** The numbers of the rules that are used here. */
type Numbers = Readonly<
  Record<'up_at_once_ratio' | 'up_lasting_ratio' | 'down_ratio' | 'down_margin_ratio', number>
>

/** The measurement of one evaluation; NaN: nothing was measured. */
interface Measured {
  /** Replicas that the signals without the forecast ask for on the way up. */
  readonly asked: number
  /** Replicas that they need now. */
  readonly needed: number
  readonly desired: number
}

/**
 * The replicas that a service would have without its forecast, as the rules record them while the forecast is active. `valuesIn`: the
 * number of values that a recorded series has in this many seconds.
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

  /** The replicas that a surge is compared with. */
  fewest(desired: number): number {
    return this.#replicas < desired ? this.#replicas : desired
  }

  /** Whether the signals without the forecast go up. */
  evaluate(isActive: boolean, measured: Measured): boolean {
    const old = Number.isNaN(this.#replicas) ? measured.desired : this.#replicas
    this.#needed.push(isActive ? measured.needed : Number.NaN)
    this.#ratio.push(isActive ? measured.asked / old : Number.NaN)
    const goesUp = this.#goesUp()
    if (!isActive) this.#replicas = Number.NaN
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
    // The current sample is not recorded yet, and nothing was recorded when the forecast started.
    const least = this.#recorded.min(this.#valuesIn(150) - 1)
    const mayGoDown = !Number.isNaN(this.#needed.at(36)) && least >= old
    return mayGoDown && most / old < down_ratio ? Math.ceil(down_margin_ratio * most) : old
  }
}
