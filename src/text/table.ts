import { gap, type Layout, type LayoutOptions, layOut, type Style } from './columns.ts'
import { cutToWidth, widthOf } from './width.ts'

/** What a table is shown on. */
export interface TableScreen {
  /** Its width in columns. Absent: there is no terminal. */
  readonly columns: () => number | undefined
  /** Colours a text, if the terminal shows colours. */
  readonly paint: (style: Style, text: string) => string
}

export interface TableOptions<Row> extends Pick<LayoutOptions<Row>, 'layouts'> {
  /** Default: a file or a pipe. */
  readonly screen?: TableScreen
  /** Whether more rows come later. Default false. */
  readonly isOpenEnded?: boolean
}

const noTerminal: TableScreen = { columns: () => undefined, paint: (_, text) => text }

interface Cell {
  readonly text: string
  readonly style: Style | undefined
}

/**
 * A table without borders. On a terminal lines are cut at its width; elsewhere nothing is cut. An empty cell is a dash, so that the
 * columns of a line can be counted.
 */
export class Table<Row> {
  readonly #options: TableOptions<Row>
  readonly #screen: TableScreen
  #layout: Layout<Row> | undefined
  /** The terminal's width that the layout was made for. */
  #width: number | undefined

  constructor(options: TableOptions<Row>) {
    this.#options = options
    this.#screen = options.screen ?? noTerminal
  }

  /** The lines of these rows, with a header the first time and after the terminal's width changed. */
  lines(rows: readonly Row[]): readonly string[] {
    const { layouts, isOpenEnded = false } = this.#options
    const width = this.#screen.columns()
    const kept = width === this.#width ? this.#layout : undefined
    const layout = kept ?? layOut({ layouts, rows, width, isOpenEnded })
    this.#layout = layout
    this.#width = width
    const header = layout.columns.map(({ title: text }): Cell => ({ text, style: 'bold' }))
    const body = rows.map((row) =>
      layout.columns.map(({ cell, style }): Cell => ({ text: cell(row) || '-', style: style?.(row) })),
    )
    return [...(kept === undefined ? [header] : []), ...body].map((cells) => this.#line(cells, layout))
  }

  #line(cells: readonly Cell[], { columns, widths }: Layout<Row>): string {
    let left = this.#width ?? Number.POSITIVE_INFINITY
    let line = ''
    for (const [index, { text, style }] of cells.entries()) {
      const before = index === 0 ? '' : gap
      left -= before.length
      if (left <= 0) break
      const width = widths[index] ?? 0
      const isLast = index === cells.length - 1
      const isCut = this.#width !== undefined && columns[index]?.minWidth !== undefined && !isLast
      const shown = cutToWidth(text, Math.min(left, isCut ? width : left))
      const { isRight = false } = columns[index] ?? {}
      const fill = isLast && !isRight ? 0 : Math.max(0, Math.min(width, left) - widthOf(shown))
      line += before + aligned(this.#paint(shown, style), fill, isRight)
      left -= widthOf(shown) + fill
    }
    return line
  }

  #paint(text: string, style: Style | undefined): string {
    return style === undefined ? text : this.#screen.paint(style, text)
  }
}

function aligned(text: string, fill: number, isRight: boolean): string {
  const space = ' '.repeat(fill)
  return isRight ? space + text : text + space
}
