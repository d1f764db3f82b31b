import type { Clock } from '../../../src/reconcile/ports.ts'
import { noon } from './builders.ts'

interface Alarm {
  readonly atMs: number
  readonly callback: () => void
}

/** A clock that stands still until it is advanced. */
export class FakeClock implements Clock {
  #nowMs: number
  readonly #alarms = new Set<Alarm>()

  constructor(nowMs = noon) {
    this.#nowMs = nowMs
  }

  readonly nowMs = () => this.#nowMs

  readonly after = (delayMs: number, callback: () => void) => {
    const alarm = { atMs: this.#nowMs + delayMs, callback }
    this.#alarms.add(alarm)
    return () => void this.#alarms.delete(alarm)
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#alarms.size
  }

  /** Goes on by `ms`; alarms ring at their time, in order, and what they set off is waited for. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    for (let alarm = this.#next(endMs); alarm !== undefined; alarm = this.#next(endMs)) {
      this.#alarms.delete(alarm)
      this.#nowMs = Math.max(this.#nowMs, alarm.atMs)
      alarm.callback()
      await settle()
    }
    this.#nowMs = endMs
  }

  #next(endMs: number): Alarm | undefined {
    const due = [...this.#alarms].filter(({ atMs }) => atMs <= endMs)
    return due.sort((a, b) => a.atMs - b.atMs)[0]
  }
}

/** Lets every promise that can go on without time go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
