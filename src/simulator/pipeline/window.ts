/** The last values of one recorded series, one for each evaluation. NaN: the rule recorded nothing, as before the first value. */
export class Window {
  readonly #values: Float64Array
  #next = 0

  /** `size`: the number of values that are kept. */
  constructor(size: number) {
    this.#values = new Float64Array(size).fill(Number.NaN)
  }

  push(value: number): void {
    this.#values[this.#next] = value
    this.#next = (this.#next + 1) % this.#values.length
  }

  /** The value `back` evaluations ago; 0 is the last one. */
  at(back: number): number {
    const { length } = this.#values
    return this.#values[(this.#next - 1 - back + 2 * length) % length] as number
  }

  /** The smallest of `count` values, the newest of them `back` evaluations ago. NaN: there are none. */
  min(count: number, back = 0): number {
    let least = Number.NaN
    for (let i = back; i < back + count; i += 1) {
      const value = this.at(i)
      if (!(value >= least)) least = Number.isNaN(value) ? least : value
    }
    return least
  }

  /** The largest of `count` values, the newest of them `back` evaluations ago. NaN: there are none. */
  max(count: number, back = 0): number {
    let most = Number.NaN
    for (let i = back; i < back + count; i += 1) {
      const value = this.at(i)
      if (!(value <= most)) most = Number.isNaN(value) ? most : value
    }
    return most
  }

  /** The number of the last `count` values that are not NaN. */
  count(count: number): number {
    let known = 0
    for (let i = 0; i < count; i += 1) if (!Number.isNaN(this.at(i))) known += 1
    return known
  }

  /** The least-squares line through the last `count` values: its slope per evaluation and its current value. NaN: fewer than two. */
  line(count: number): { readonly slope: number; readonly now: number } {
    let n = 0
    let sumX = 0
    let sumY = 0
    let sumXY = 0
    let sumXX = 0
    for (let i = 0; i < count; i += 1) {
      const y = this.at(i)
      if (Number.isNaN(y)) continue
      n += 1
      sumX -= i
      sumY += y
      sumXY -= i * y
      sumXX += i * i
    }
    if (n < 2) return { slope: Number.NaN, now: Number.NaN }
    const slope = (sumXY - (sumX * sumY) / n) / (sumXX - (sumX * sumX) / n)
    return { slope, now: (sumY - slope * sumX) / n }
  }
}
