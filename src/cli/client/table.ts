import { gap, type Layout, type LayoutOptions, layOut } from './layout.ts'
import type { Screen, Style } from './ports.ts'
import { cut, widthOf } from './text.ts'

export interface TableOptions<Row> extends Pick<LayoutOptions<Row>, 'layouts'> {
  readonly screen: Screen
  /** Whether more rows come later. Default false. */
  readonly isOpenEnded?: boolean
}

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
  #layout: Layout<Row> | undefined
  /** The terminal's width that the layout was made for. */
  #width: number | undefined

  constructor(options: TableOptions<Row>) {
    this.#options = options
  }

  /** The lines of these rows, with a header the first time and after the terminal's width changed. */
  lines(rows: readonly Row[]): readonly string[] {
    const { screen, layouts, isOpenEnded = false } = this.#options
    const width = screen.columns()
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
    const { screen } = this.#options
    let left = this.#width ?? Number.POSITIVE_INFINITY
    let line = ''
    for (const [index, { text, style }] of cells.entries()) {
      const before = index === 0 ? '' : gap
      left -= before.length
      if (left <= 0) break
      const width = widths[index] ?? 0
      const isLast = index === cells.length - 1
      const isCut = this.#width !== undefined && columns[index]?.minWidth !== undefined && !isLast
      const shown = cut(text, Math.min(left, isCut ? width : left))
      const fill = isLast ? 0 : Math.max(0, Math.min(width, left) - widthOf(shown))
      line += before + (style === undefined ? shown : screen.paint(style, shown)) + ' '.repeat(fill)
      left -= widthOf(shown) + fill
    }
    return line
  }
}
