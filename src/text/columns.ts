import { widthOf } from './width.ts'

/** How a terminal that has colours shows a text: by names of Node.js' `styleText`. */
export type Style = 'bold' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan'

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  /** One line without control characters. An empty text is shown as `-`. */
  readonly cell: (row: Row) => string
  /** Whether cells end at the column's right edge, as numbers do. Default false. */
  readonly isRight?: boolean
  /** Minimum width on a terminal; the last such column shrinks first. Absent: it does not shrink. */
  readonly minWidth?: number
  /** Minimum width if more rows come later. Absent: as wide as its cells. */
  readonly reservedWidth?: number
  /** The colour of a cell; its text says the same. */
  readonly style?: (row: Row) => Style | undefined
}

export type Columns<Row> = readonly Column<Row>[]

/** Columns and their widths. */
export interface Layout<Row> {
  readonly columns: Columns<Row>
  readonly widths: readonly number[]
}

export interface LayoutOptions<Row> {
  /** The columns, for narrower and narrower terminals. */
  readonly layouts: readonly [Columns<Row>, ...Columns<Row>[]]
  readonly rows: readonly Row[]
  /** Width of the terminal. Absent: there is none. */
  readonly width: number | undefined
  /** Whether more rows come later. */
  readonly isOpenEnded: boolean
}

/** The space between two columns. */
export const gap = '  '

/** The first layout that fits the terminal, shrunk if it may be. If none fits, the last one, as narrow as possible. */
export function layOut<Row>({ layouts, rows, width, isOpenEnded }: LayoutOptions<Row>): Layout<Row> {
  let laidOut: Layout<Row> | undefined
  for (const columns of layouts) {
    const natural = columns.map((column) => naturalWidth(column, rows, isOpenEnded))
    if (width === undefined) return { columns, widths: natural }
    const widths = shrunk(columns, natural, width)
    laidOut = { columns, widths }
    if (lengthOf(widths) <= width) break
  }
  return laidOut ?? { columns: [], widths: [] }
}

function naturalWidth<Row>(
  { title, cell, reservedWidth = 0 }: Column<Row>,
  rows: readonly Row[],
  isOpenEnded: boolean,
): number {
  const floor = isOpenEnded ? reservedWidth : 0
  return rows.reduce((widest, row) => Math.max(widest, widthOf(cell(row))), Math.max(widthOf(title), floor))
}

/** Shrinks columns, the last one first, until all fit. */
function shrunk<Row>(columns: Columns<Row>, natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural]
  let surplus = lengthOf(natural) - width
  for (const [index, column] of [...columns.entries()].reverse()) {
    const wide = natural[index] ?? 0
    const given = Math.max(0, Math.min(surplus, wide - (column.minWidth ?? wide)))
    surplus -= given
    widths[index] = wide - given
  }
  return widths
}

function lengthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1))
}
