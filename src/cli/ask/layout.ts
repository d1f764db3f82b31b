import type { Style } from './ports.ts'
import { widthOf } from './text.ts'

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  /** One line, clean. Empty is shown as `-`. */
  readonly cell: (row: Row) => string
  /** How narrow it may become on a terminal; the last such column gives way first. Absent: as wide as what is in it. */
  readonly least?: number
  /** How wide it is at the least where more rows come later. Absent: as wide as what is in it. */
  readonly usual?: number
  /** A colour is an addition: the cell says it as well. */
  readonly style?: (row: Row) => Style | undefined
}

export type Columns<Row> = readonly Column<Row>[]

/** Columns, and how wide each is. */
export interface Layout<Row> {
  readonly columns: Columns<Row>
  readonly widths: readonly number[]
}

export interface LayoutOptions<Row> {
  /** The columns for ever narrower terminals. */
  readonly layouts: readonly [Columns<Row>, ...Columns<Row>[]]
  readonly rows: readonly Row[]
  /** Columns of the terminal. Absent: there is none. */
  readonly width: number | undefined
  /** Whether more rows come later. */
  readonly isOpenEnded: boolean
}

/** What stands between two columns. */
export const gap = '  '

/** The first layout that fits on the terminal, by giving way where it may. Where none does, the last, as narrow as can be. */
export function layOut<Row>({ layouts, rows, width, isOpenEnded }: LayoutOptions<Row>): Layout<Row> {
  let laidOut: Layout<Row> | undefined
  for (const columns of layouts) {
    const natural = columns.map((column) => naturalWidth(column, rows, isOpenEnded))
    if (width === undefined) return { columns, widths: natural }
    const widths = narrowed(columns, natural, width)
    laidOut = { columns, widths }
    if (lengthOf(widths) <= width) break
  }
  return laidOut ?? { columns: [], widths: [] }
}

function naturalWidth<Row>(
  { title, cell, usual = 0 }: Column<Row>,
  rows: readonly Row[],
  isOpenEnded: boolean,
): number {
  const floor = isOpenEnded ? usual : 0
  return rows.reduce((widest, row) => Math.max(widest, widthOf(cell(row))), Math.max(widthOf(title), floor))
}

/** From the last column on, each gives what it can until all fit. */
function narrowed<Row>(columns: Columns<Row>, natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural]
  let surplus = lengthOf(natural) - width
  for (const [index, column] of [...columns.entries()].reverse()) {
    const wide = natural[index] ?? 0
    const given = Math.max(0, Math.min(surplus, wide - (column.least ?? wide)))
    surplus -= given
    widths[index] = wide - given
  }
  return widths
}

function lengthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1))
}
