import { randomBytes } from 'node:crypto'

/** Most events of one millisecond. */
const mostPerMs = 0x1_0000

/**
 * Makes event IDs: 12 hexadecimal digits for the time in ms, 4 for a number within it, and 8 for the receiver. The later of two
 * IDs is always the greater string, even if the clock was set back.
 */
export class EventIds {
  readonly #receiver: string
  #lastMs = 0
  #number = 0

  /** `receiver`: 8 hexadecimal digits. Default: random ones. */
  constructor(receiver: string = randomBytes(4).toString('hex')) {
    this.#receiver = receiver
  }

  next(nowMs: number): string {
    const ms = Math.max(this.#lastMs, Math.ceil(nowMs))
    this.#number = ms === this.#lastMs ? this.#number + 1 : 0
    this.#lastMs = this.#number < mostPerMs ? ms : ms + 1
    if (this.#number >= mostPerMs) this.#number = 0
    return `${startOf(this.#lastMs)}${hex(this.#number, 4)}-${this.#receiver}`
  }
}

/** The least ID of an event at `atMs`, so that times can be queried as IDs. */
export function startOf(atMs: number): string {
  return hex(Math.min(Math.max(0, Math.ceil(atMs)), 0xffff_ffff_ffff), 12)
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
