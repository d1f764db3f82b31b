import { readFileSync } from 'node:fs'

/** Ticks of all cores since the machine was started. */
export interface Ticks {
  readonly busy: number
  readonly all: number
}

export function ticksNow(): Ticks {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const ticks = first.split(/\s+/).slice(1, 9).map(Number)
  const all = ticks.reduce((a, b) => a + b, 0)
  return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0) }
}

/** The share of all cores that was busy between two moments, whoever kept it so. */
export function busyShare(from: Ticks, to: Ticks): number {
  return to.all === from.all ? 0 : (to.busy - from.busy) / (to.all - from.all)
}

/** The load average of the last minute. */
export function loadAverage(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0])
}
