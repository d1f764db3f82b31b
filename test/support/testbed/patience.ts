import { readFileSync } from 'node:fs'

/** How the processors of a machine stand at one moment. */
export interface Processors {
  readonly count: number
  /** Tasks that run, or would if there were a processor for them. */
  readonly runnable: number
  /** Since the machine's start, in ticks: what went to other machines on the same hardware, and all of it. */
  readonly stolenTicks: number
  readonly totalTicks: number
}

/** A machine whose clock and processors can be read. */
export interface Machine {
  readonly nowMs: () => number
  /** Undefined where the system does not tell. */
  readonly processors: () => Processors | undefined
}

/** After so many times the given time, on the clock, patience is over whatever the machine gave: what hangs has to end. */
export const mostWallTimes = 10

/** What has just been asked is not asked again: reading the processors costs as much as what polls every few milliseconds. */
const leastMs = 50

/** Reads Linux' /proc/stat. */
export function parseProcessors(stat: string): Processors | undefined {
  const ticks = (/^cpu +(.+)$/m.exec(stat)?.[1] ?? '').split(' ').map(Number)
  const runnable = Number(/^procs_running (\d+)$/m.exec(stat)?.[1])
  const count = stat.match(/^cpu\d+ /gm)?.length ?? 0
  if (count === 0 || Number.isNaN(runnable)) return undefined
  // The last two, of guests, are in the first ones already.
  const totalTicks = ticks.slice(0, 8).reduce((sum, each) => sum + each, 0)
  return { count, runnable, stolenTicks: ticks[7] ?? 0, totalTicks }
}

/** What part of a processor a task that wanted one has had since `before`, from 0 to 1. Unknown counts as all of it. */
function sharePerTask(before: Processors | undefined, now: Processors | undefined): number {
  if (now === undefined) return 1
  const passed = now.totalTicks - (before?.totalTicks ?? now.totalTicks)
  const stolen = passed > 0 ? (now.stolenTicks - (before?.stolenTicks ?? 0)) / passed : 0
  return Math.min(1, now.count / now.runnable) * (1 - Math.min(1, Math.max(0, stolen)))
}

const thisMachine: Machine = {
  nowMs: () => performance.now(),
  processors: () => {
    try {
      return parseProcessors(readFileSync('/proc/stat', 'utf8'))
    } catch {
      return undefined
    }
  },
}

/**
 * A deadline in the time that the machine gives: while twice as many tasks want a processor as there are, half of what passes on
 * the clock counts. It has to be asked again and again; what it has not been asked for is judged by the moment when it is asked.
 */
export class Patience {
  readonly #mostMs: number
  readonly #machine: Machine
  readonly #startMs: number
  #lastMs: number
  #processors: Processors | undefined
  #givenMs = 0

  constructor(mostMs: number, machine: Machine = thisMachine) {
    this.#mostMs = mostMs
    this.#machine = machine
    this.#startMs = machine.nowMs()
    this.#lastMs = this.#startMs
    this.#processors = machine.processors()
  }

  isOver(): boolean {
    const nowMs = this.#machine.nowMs()
    if (nowMs - this.#lastMs < leastMs) return false
    const processors = this.#machine.processors()
    this.#givenMs += (nowMs - this.#lastMs) * sharePerTask(this.#processors, processors)
    this.#lastMs = nowMs
    this.#processors = processors
    return this.#givenMs >= this.#mostMs || this.wallMs >= mostWallTimes * this.#mostMs
  }

  /** Up to when it was last asked, on the clock. */
  get wallMs(): number {
    return this.#lastMs - this.#startMs
  }

  /** What part of a processor a task has had on average, from 0 to 1. */
  get share(): number {
    return this.wallMs === 0 ? 1 : this.#givenMs / this.wallMs
  }

  /** How long it has waited, on the clock and of the machine's time, and what the machine is at. */
  toString(): string {
    const seconds = (ms: number) => `${Number((ms / 1_000).toFixed(1))} s`
    const load = this.#processors
    const at = load === undefined ? '' : `, ${load.runnable} tasks want its ${load.count} processors now`
    return `${seconds(this.wallMs)} (${seconds(this.#givenMs)} of the machine's time${at})`
  }
}
