import { type Answer, nameOf, type Series } from './ask.ts'
import type { Drawing } from './draw-lines.ts'
import { colourOf, type Field, fieldOf, mapped, named } from './field.ts'
import { format } from './format.ts'
import type { Panel } from './shape.ts'

export function inHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}

interface Shown {
  readonly name: string
  readonly field: Field
  readonly series: Series
}

function shownOf(panel: Panel, answers: readonly Answer[]): readonly Shown[] {
  return answers.flatMap(({ target, series }) =>
    series.map((each) => {
      const name = nameOf(target.legendFormat, each.labels)
      return { name, field: fieldOf(panel, name), series: each }
    }),
  )
}

function wordsOf(field: Field, value: number, nowMs: number): string {
  return mapped(field, value)?.text ?? format(value, field.unit, field.decimals, nowMs)
}

/** Single numbers. */
export function drawNumbers(
  panel: Panel,
  answers: readonly Answer[],
  { span, width, height }: Drawing,
): string {
  const shown = shownOf(panel, answers)
  const { textMode, colorMode } = panel.options as { textMode: string; colorMode: string }
  const loud = colorMode === 'background'
  const columns = Math.max(1, Math.min(shown.length, Math.floor(width / 90)))
  const size = Math.min(38, height / Math.ceil(shown.length / columns) / 2.2, (width / columns) * 0.22)
  const cells = shown.map(({ name, field, series }) => {
    const value = series.points.at(-1)?.[1] ?? Number.NaN
    const colour = colourOf(field, value)
    const label = textMode === 'value' ? '' : `<div class="name">${inHtml(name)}</div>`
    const text = textMode === 'name' ? '' : inHtml(wordsOf(field, value, span.toMs))
    const style = loud ? `background:${colour};color:#fff` : `color:${colour}`
    return `<div class="number" style="${style};font-size:${size}px">${label}<div>${text}</div></div>`
  })
  return `<div class="numbers" style="grid-template-columns:repeat(${columns},1fr)">${cells.join('')}</div>`
}

/** Numbers as bars. */
export function drawBars(panel: Panel, answers: readonly Answer[], { span }: Drawing): string {
  const shown = shownOf(panel, answers)
  const lastOf = ({ series }: Shown) => series.points.at(-1)?.[1] ?? 0
  const most = Math.max(1, ...shown.map(lastOf))
  const bars = shown.map((each) => {
    const value = lastOf(each)
    const colour = colourOf(each.field, value)
    const share = Math.max(0, (100 * value) / most)
    return `<div class="bar"><span>${inHtml(each.name)}</span><i><b style="width:${share}%;background:${colour}"></b></i><em style="color:${colour}">${inHtml(wordsOf(each.field, value, span.toMs))}</em></div>`
  })
  return `<div class="bars">${bars.join('')}</div>`
}

interface Block {
  readonly value: number
  readonly fromMs: number
  readonly toMs: number
}

/** The times in which a value stayed the same. */
function blocksOf({ points }: Series, stepMs: number, endMs: number): readonly Block[] {
  const blocks: Block[] = []
  for (const [atMs, value] of points) {
    const last = blocks.at(-1)
    const toMs = Math.min(atMs + stepMs, endMs)
    if (last !== undefined && last.value === value && atMs - last.toMs <= stepMs)
      blocks[blocks.length - 1] = { ...last, toMs }
    else blocks.push({ value, fromMs: atMs, toMs })
  }
  return blocks
}

/** A row for each series, with what it was at each time, as SVG. */
export function drawTimeline(panel: Panel, answers: readonly Answer[], drawing: Drawing): string {
  const { width, height, span } = drawing
  const rows = answers.flatMap(({ target, series, stepSeconds }) =>
    series.map((each) => ({
      name: nameOf(target.legendFormat, each.labels),
      series: each,
      stepMs: 1_000 * stepSeconds,
    })),
  )
  const left = Math.min(200, 14 + 6.4 * Math.max(4, ...rows.map(({ name }) => name.length)))
  const rowHeight = (height - 24) / Math.max(1, rows.length)
  const x = (ms: number) =>
    left + ((Math.max(ms, span.fromMs) - span.fromMs) / (span.toMs - span.fromMs)) * (width - left - 10)
  const values = rows.flatMap(({ series }) => series.points.map(([, value]) => value))
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const drawn = rows.map(({ name, series, stepMs }, index) => {
    const field = fieldOf(panel, name)
    const top = index * rowHeight + rowHeight * 0.1
    const middle = top + rowHeight * 0.4 + 4
    const blocks = blocksOf(series, stepMs, span.toMs).map((block) => {
      const words = wordsOf(field, block.value, span.toMs)
      const wide = x(block.toMs) - x(block.fromMs)
      const colour = field.colourMode.startsWith('continuous')
        ? between(field.colourMode, block.value, least, most)
        : colourOf(field, block.value)
      if (colour === 'transparent') return ''
      const text =
        panel.options['showValue'] !== 'never' && wide > 7 * words.length
          ? `<text x="${x(block.fromMs) + wide / 2}" y="${middle}" text-anchor="middle" fill="#fff">${inHtml(words)}</text>`
          : ''
      return `<rect x="${x(block.fromMs)}" y="${top}" width="${Math.max(1, wide)}" height="${rowHeight * 0.8}" fill="${colour}" opacity="0.75"/>${text}`
    })
    const shown = name.length > 30 ? `${name.slice(0, 29)}…` : name
    return `<text x="${left - 8}" y="${middle}" text-anchor="end" fill="#9DA5B8">${inHtml(shown)}</text>${blocks.join('')}`
  })
  return `<svg width="${width}" height="${height}" font-size="11">${drawn.join('')}${axis(drawing, x)}</svg>`
}

function axis({ span, height }: Drawing, x: (ms: number) => number): string {
  const ticks = Array.from(
    { length: 5 },
    (_, index) => span.fromMs + ((index + 0.5) * (span.toMs - span.fromMs)) / 5,
  )
  return ticks
    .map(
      (ms) =>
        `<text x="${x(ms)}" y="${height - 6}" text-anchor="middle" fill="#9DA5B8">${new Date(ms).toISOString().slice(11, 19)}</text>`,
    )
    .join('')
}

const ranges: Readonly<Record<string, readonly [readonly number[], readonly number[]]>> = {
  'continuous-BlPu': [
    [87, 148, 242],
    [184, 60, 200],
  ],
  'continuous-YlRd': [
    [250, 222, 42],
    [242, 73, 92],
  ],
}

/** A colour between two, by where a value lies. */
function between(mode: string, value: number, least: number, most: number): string {
  const share = most === least ? 0 : (value - least) / (most - least)
  const [from = [], to = []] = ranges[mode] ?? []
  return `rgb(${from.map((each, index) => Math.round(each + share * ((to[index] ?? 0) - each)))})`
}

/** A row for each value of the label that the queries of a table have in common. */
export function drawTable(panel: Panel, answers: readonly Answer[], { span }: Drawing): string {
  const organize = panel.transformations.find(({ id }) => id === 'organize')?.options as
    | { renameByName: Readonly<Record<string, string>>; excludeByName: Readonly<Record<string, boolean>> }
    | undefined
  if (organize === undefined) throw new Error(`the table ${panel.title} is not organized`)
  const [[label = '', heading = ''] = [], ...columns] = Object.entries(organize.renameByName)
  const table = new Map<string, Map<string, number>>()
  for (const { target, series } of answers) {
    const column = answers.length === 1 ? 'Value' : `Value #${target.refId}`
    for (const { labels, points } of series) {
      const key = labels[label] ?? ''
      table.set(
        key,
        (table.get(key) ?? new Map<string, number>()).set(column, points.at(-1)?.[1] ?? Number.NaN),
      )
    }
  }
  const cell = (values: ReadonlyMap<string, number>, [column, name]: readonly [string, string]) => {
    const value = values.get(column)
    if (value === undefined) return '<td></td>'
    const field = fieldOf(panel, name)
    const cellType = (field.custom['cellOptions'] as { type?: string } | undefined)?.type
    const colour = named(colourOf(field, value))
    const style =
      cellType === 'color-background'
        ? `background:${colour};color:#fff`
        : cellType === 'color-text'
          ? `color:${colour}`
          : ''
    return `<td style="${style}">${inHtml(wordsOf(field, value, span.toMs))}</td>`
  }
  const head = [heading, ...columns.map(([, name]) => name)].map((name) => `<th>${inHtml(name)}</th>`)
  const body = [...table].map(
    ([key, values]) =>
      `<tr><td class="key">${inHtml(key)}</td>${columns.map((column) => cell(values, column)).join('')}</tr>`,
  )
  return `<table><tr>${head.join('')}</tr>${body.join('')}</table>`
}
