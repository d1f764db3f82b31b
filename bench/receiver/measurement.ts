/** A line of the table. */
export interface Row {
  readonly what: string
  /** What the receiver came to, with its unit. */
  readonly own: string
  /** What it is held against, and what that came to. */
  readonly yardstick?: string
  readonly ratio?: number
  /** Absent: there is none. */
  readonly goal?: Goal
}

/** A bound for the ratio of the row, or for `value` where there is one. */
export interface Goal {
  readonly words: string
  readonly isMet: boolean
}

/** Tells what is being done. */
export type Say = (line: string) => void

export interface Measurement {
  readonly name: string
  readonly run: (say: Say) => Promise<readonly Row[]>
}

export function atLeast(bound: number, value: number): Goal {
  return { words: `>= ${bound}`, isMet: value >= bound }
}

export function atMost(bound: number, value: number, unit = ''): Goal {
  return { words: `<= ${bound}${unit}`, isMet: value <= bound }
}

export const inMs = (ms: number) => `${ms.toFixed(ms < 1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`
export const perSecond = (count: number) => `${count.toFixed(0)} /s`
export const inMb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
