import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Columns } from './columns.ts'
import { Table } from './table.ts'
import { widthOf } from './width.ts'

const withoutControls = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').toWellFormed()

type Row = readonly [string, string, string]

const wide: Columns<Row> = [
  { title: 'NAME', cell: ([name]) => name, minWidth: 5, reservedWidth: 8 },
  { title: 'KIND', cell: ([, kind]) => kind },
  { title: 'WHY', cell: ([, , why]) => why, minWidth: 6 },
]
const narrow: Columns<Row> = [{ title: 'NAME', cell: ([name]) => name, minWidth: 3 }]

function lines(rows: readonly Row[], width: number | undefined, isOpenEnded = false): readonly string[] {
  const screen = { columns: () => width, paint: (_: unknown, text: string) => text, timeZone: 'UTC' }
  return new Table<Row>({ layouts: [wide, narrow], screen, isOpenEnded }).lines(rows)
}

const rows: readonly Row[] = [
  ['shop_web', 'scaled', 'more were needed'],
  ['日本語', '', 'x'],
]

describe('a table', () => {
  it('cuts nothing where there is no terminal, fills up all columns but the last, and leaves no cell empty', () => {
    expect(lines(rows, undefined)).toEqual([
      'NAME      KIND    WHY',
      'shop_web  scaled  more were needed',
      '日本語    -       x',
    ])
  })

  it.each<[number, readonly string[]]>([
    [34, ['NAME      KIND    WHY', 'shop_web  scaled  more were needed', '日本語    -       x']],
    [33, ['NAME      KIND    WHY', 'shop_web  scaled  more were need…', '日本語    -       x']],
    [24, ['NAME      KIND    WHY', 'shop_web  scaled  more …', '日本語    -       x']],
    [22, ['NAME    KIND    WHY', 'shop_…  scaled  more …', '日本語  -       x']],
    [21, ['NAME   KIND    WHY', 'shop…  scaled  more …', '日本…  -       x']],
    [20, ['NAME', 'shop_web', '日本語']],
    [4, ['NAME', 'sho…', '日…']],
    [1, ['…', '…', '…']],
  ])('on %i columns gives way from the right, then falls back on fewer columns', (width, expected) => {
    expect(lines(rows, width)).toEqual(expected)
  })

  it('leaves room for rows to come', () => {
    expect(lines([['a', 'b', 'c']], undefined, true)[1]).toBe('a         b     c')
  })

  it('has its header once, and again where the terminal has another width', () => {
    let width = 40
    const screen = { columns: () => width, paint: (_: unknown, text: string) => text, timeZone: 'UTC' }
    const table = new Table<Row>({ layouts: [wide], screen })
    expect(table.lines(rows)).toHaveLength(3)
    expect(table.lines(rows)).toHaveLength(2)
    width = 30
    expect(table.lines(rows)).toHaveLength(3)
    expect(table.lines([])).toEqual([])
  })

  it('is never wider than the terminal, whatever is in it and comes later', () => {
    const cell = fc.string({ unit: 'grapheme' }).map(withoutControls)
    const someRows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 })
    fc.assert(
      fc.property(someRows, someRows, fc.integer({ min: 1, max: 60 }), (first, later, width) => {
        const screen = { columns: () => width, paint: (_: unknown, text: string) => text, timeZone: 'UTC' }
        const table = new Table<Row>({ layouts: [wide, narrow], screen, isOpenEnded: true })
        for (const line of [...table.lines(first), ...table.lines(later)]) {
          expect(widthOf(line)).toBeLessThanOrEqual(width)
          expect(line).not.toMatch(/\p{Cc}/u)
        }
      }),
    )
  })

  it('ends numbers at the right edge of their column, the last one too', () => {
    const columns: Columns<Row> = [
      { title: '', cell: ([name]) => name },
      { title: 'cost', cell: ([, cost]) => cost, isRight: true },
      { title: 'changes', cell: ([, , changes]) => changes, isRight: true },
    ]
    const table = new Table<Row>({ layouts: [columns] })
    expect(
      table.lines([
        ['web', '1.50', '12'],
        ['worker', '20.25', ''],
      ]),
    ).toEqual(['         cost  changes', 'web      1.50       12', 'worker  20.25        -'])
  })

  it('has colours around what is in a cell, not around what fills it up', () => {
    const screen = {
      columns: () => 40,
      paint: (style: unknown, text: string) => `<${style}>${text}</>`,
      timeZone: 'UTC',
    }
    const columns: Columns<Row> = [
      { title: 'NAME', cell: ([name]) => name, style: () => 'red', minWidth: 4 },
      { title: 'KIND', cell: ([, kind]) => kind },
    ]
    expect(new Table<Row>({ layouts: [columns], screen }).lines(rows)).toEqual([
      '<bold>NAME</>      <bold>KIND</>',
      '<red>shop_web</>  scaled',
      '<red>日本語</>    -',
    ])
  })
})
