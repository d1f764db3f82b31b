import { randomBytes } from 'node:crypto'

/** Events of one millisecond that still sort as they were made. */
const mostPerMs = 0x1_0000

/**
 * Makes ids of events: 12 hexadecimal digits of the time in ms, 4 of a number within it, and 8 that tell receivers apart. The
 * later of two ids is the greater text, also where the clock was set back in between.
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

/** What no id of an event at `atMs` or later is less than: times can be asked for as ids. */
export function startOf(atMs: number): string {
  return hex(Math.min(Math.max(0, Math.ceil(atMs)), 0xffff_ffff_ffff), 12)
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
