import { type Answer, type AskOptions, ask, askMarks } from './ask.ts'
import { type Drawing, drawLines, type Mark } from './draw-lines.ts'
import { drawBars, drawNumbers, drawTable, drawTimeline, inHtml } from './draw-others.ts'
import { fieldOf } from './field.ts'
import { all, type Chosen } from './interpolate.ts'
import { type Dashboard, isRow, type Panel, type Row } from './shape.ts'

/** Height of a row of Grafana's grid, and the space between panels, in pixels. */
const cellHeight = 30
const gap = 8
/** What a panel's heading takes of its height. */
const headHeight = 30

const drawers: Readonly<
  Record<string, (panel: Panel, answers: readonly Answer[], drawing: Drawing) => string>
> = {
  timeseries: drawLines,
  stat: drawNumbers,
  bargauge: drawBars,
  'state-timeline': drawTimeline,
  table: drawTable,
}

/** A dashboard as a page of HTML: an approximation of what Grafana makes of it, laid out on its grid. */
export async function pageOf(dashboard: Dashboard, options: AskOptions): Promise<string> {
  const marks = (
    await Promise.all(
      dashboard.annotations.list
        .filter(({ enable }) => enable)
        .map((each) => marksOf(dashboard, each, options)),
    )
  ).flat()
  const drawn = await Promise.all(
    dashboard.panels.map((panel) =>
      isRow(panel) ? rowHtml(panel) : panelHtml(dashboard, panel, marks, options),
    ),
  )
  return `<!doctype html><meta charset="utf-8"><title>${inHtml(dashboard.title)}</title><style>${style(options.width)}</style>
<header><h1>${inHtml(dashboard.title)}</h1>${variablesHtml(dashboard, options.chosen)}</header>
<main>${drawn.join('\n')}</main>`
}

async function marksOf(
  dashboard: Dashboard,
  annotation: Dashboard['annotations']['list'][number],
  options: AskOptions,
): Promise<readonly Mark[]> {
  const series = await askMarks(dashboard, annotation, options)
  const times = series.flatMap(({ points }) =>
    points.map(([atMs, value]) => (annotation.useValueForTime ? value : atMs)),
  )
  return [...new Set(times)].map((atMs) => ({ atMs, colour: annotation.iconColor }))
}

function placeOf({ gridPos: { x, y, w, h } }: Panel | Row): string {
  return `grid-column:${x + 1}/span ${w};grid-row:${y + 1}/span ${h}`
}

function rowHtml(row: Row): string {
  const folded = row.collapsed ? ` <small>(${row.panels.length} panel, folded)</small>` : ''
  return `<h2 style="${placeOf(row)}">${row.collapsed ? '▸' : '▾'} ${inHtml(row.title)}${folded}</h2>`
}

async function panelHtml(
  dashboard: Dashboard,
  panel: Panel,
  marks: readonly Mark[],
  options: AskOptions,
): Promise<string> {
  const answers = await ask(dashboard, panel, options)
  const { w, h } = panel.gridPos
  const drawing: Drawing = {
    width: (w / 24) * (options.width - 16) - gap - 18,
    height: h * cellHeight + (h - 1) * gap - headHeight - 10,
    span: options.span,
    marks,
  }
  const draw = drawers[panel.type]
  if (draw === undefined) throw new Error(`the preview cannot draw ${panel.type}`)
  const isEmpty = answers.every(({ series }) => series.length === 0)
  const body = isEmpty
    ? `<p class="empty">${inHtml(fieldOf(panel, '').noValue)}</p>`
    : draw(panel, answers, drawing)
  return `<section style="${placeOf(panel)}"><h3>${inHtml(panel.title)}</h3><div class="body">${body}</div></section>`
}

function variablesHtml({ templating }: Dashboard, chosen: Readonly<Record<string, Chosen>>): string {
  const texts = templating.list.map(({ name, label = name, type }) => {
    const value = chosen[name]
    const fallback = type === 'query' ? 'All' : type === 'datasource' ? 'Prometheus' : '…'
    const text =
      value === undefined || value === all
        ? fallback
        : typeof value === 'string'
          ? value
          : [...(value as readonly string[])].join(' + ')
    return `<span><b>${inHtml(label)}</b>${inHtml(text)}</span>`
  })
  return `<div class="variables">${texts.join('')}</div>`
}

const style = (width: number) => `
*{box-sizing:border-box}
body{margin:0;width:${width}px;padding:8px;background:#111217;color:#ccccdc;font:13px/1.4 Inter,"DejaVu Sans",sans-serif}
h1{font-size:18px;font-weight:500;margin:4px}
.variables{display:flex;flex-wrap:wrap;gap:8px;margin:6px 4px 10px}
.variables span{border:1px solid #2c2f36;border-radius:2px;font-size:11px;padding:3px 8px 3px 0}
.variables b{background:#22252b;padding:4px 8px;margin-right:8px;font-weight:500}
main{display:grid;grid-template-columns:repeat(24,1fr);grid-auto-rows:${cellHeight}px;gap:${gap}px}
section{background:#181b1f;border:1px solid #24262c;border-radius:3px;overflow:hidden;padding:0 8px}
h2{font-size:14px;font-weight:500;margin:4px}
h2 small{color:#9da5b8}
h3{font-size:13px;font-weight:500;margin:6px 0;height:${headHeight - 12}px;white-space:nowrap}
.empty{color:#9da5b8;text-align:center;padding:12px}
.numbers{display:grid;height:100%;gap:6px}
.body{height:calc(100% - ${headHeight + 6}px)}
.number{display:flex;flex-direction:column;justify-content:center;align-items:center;border-radius:3px;font-weight:500;line-height:1.1}
.number .name{font-size:12px;font-weight:400;color:#ccccdc}
.bar{display:grid;grid-template-columns:130px 1fr 60px;gap:8px;align-items:center;margin:9px 0}
.bar i{background:#22252b;height:18px}.bar b{display:block;height:18px}.bar em{font-style:normal}
table{width:100%;border-collapse:collapse;font-size:12px}
th{text-align:left;font-weight:500;color:#6e9fff;border-bottom:1px solid #2c2f36;padding:6px}
td{padding:6px;border-bottom:1px solid #22252b}.key{color:#6e9fff}
`
