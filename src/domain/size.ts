import { parseNumber } from './amount.ts'

const unitBytes: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ['kB', 1e3],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
])

/** A size (`50MB`, `1GiB`, `1000`) in bytes. Powers of ten and of two as in IEC 80000-13. Absent if it is no such size. */
export function parseBytes(text: string): number | undefined {
  const match = /^([\d.eE+]+?)\s*([A-Za-z]*)$/.exec(text.trim())
  const factor = unitBytes.get(match?.[2] ?? '?')
  const value = parseNumber(match?.[1] ?? '')
  return factor === undefined || value === undefined ? undefined : value * factor
}
