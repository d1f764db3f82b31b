import { LoadError, type Sample } from './trace.ts'

/**
 * Reads a load from CSV: a time and a number in each line, in the first two columns, or in those that a header calls `time` and `load`.
 * Times are RFC 3339, or seconds or milliseconds since the epoch; without a time zone they are UTC. Separators are commas, semicolons or
 * tabs. `lines`: the line number of each sample. Throws `LoadError`.
 */
export function readCsv(text: string): {
  readonly samples: readonly Sample[]
  readonly lines: readonly number[]
} {
  const rows = text.split(/\r?\n/)
  const firstRow = rows.findIndex((row) => row.trim() !== '')
  if (firstRow === -1)
    throw new LoadError('the file is empty; each line is a time and a load, such as 2026-01-15T12:00:00Z,120')
  const head = cellsOf(rows[firstRow] ?? '')
  const hasHead = parseTime(head[0] ?? '') === undefined && Number.isNaN(Number(head[1]))
  const [timeColumn, loadColumn] = hasHead ? columnsOf(head) : [0, 1]
  const samples: Sample[] = []
  const lines: number[] = []
  for (const [index, row] of rows.entries()) {
    if (row.trim() === '' || (hasHead && index === firstRow)) continue
    const cells = cellsOf(row)
    samples.push(readRow(cells[timeColumn], cells[loadColumn], index + 1))
    lines.push(index + 1)
  }
  return { samples, lines }
}

function readRow(time: string | undefined, load: string | undefined, line: number): Sample {
  const atMs = parseTime(time ?? '')
  if (atMs === undefined) {
    throw new LoadError(
      `line ${line}: "${time ?? ''}" is not a time; it must be such as 2026-01-15T12:00:00Z or 1768478400`,
    )
  }
  const value = load === undefined || load === '' ? Number.NaN : Number(load)
  if (Number.isNaN(value))
    throw new LoadError(`line ${line}: "${load ?? ''}" is not a number; it must be such as 120 or 0.5`)
  return { atMs, value }
}

/** By name if the names are known, else the first two. */
function columnsOf(head: readonly string[]): readonly [number, number] {
  const find = (names: readonly string[]) => head.findIndex((cell) => names.includes(cell.toLowerCase()))
  const time = find(['time', 'timestamp', 't', 'date'])
  const load = find(['load', 'value', 'requests', 'cpu'])
  if (time === -1 || load === -1) return [0, 1]
  return [time, load]
}

function cellsOf(row: string): readonly string[] {
  const separator = ['\t', ';', ','].find((one) => row.includes(one)) ?? ','
  return row.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
}

/** In ms since the epoch. Numbers from 1e11 on are milliseconds: as seconds they would lie in the year 5138. */
function parseTime(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text)
    return number >= 1e11 ? number : number * 1_000
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text)
  const withTime = text.length > 10 ? text.replace(' ', 'T') : `${text}T00:00:00`
  const atMs = Date.parse(hasZone ? withTime : `${withTime}Z`)
  return Number.isNaN(atMs) ? undefined : atMs
}
