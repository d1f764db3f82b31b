/**
 * Draws the dashboards with what a Prometheus has, as pictures. An approximation: it is not Grafana, but it asks the same
 * queries, and lays panels out on the same grid.
 *
 *   npm run dashboards:preview -- --prometheus http://127.0.0.1:9090 --from 2026-01-15T12:00:00Z --to 2026-01-15T12:10:00Z
 *
 * Without `--prometheus` it starts one on what `npm run dashboards:record` has kept, and shows the loop; the cost, which
 * counts in days, is that of a made-up week.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { all, type Chosen, type Span } from './interpolate.ts'
import { openKept } from './kept-data.ts'
import { openMadeUpWeek } from './made-up-week.ts'
import { pageOf } from './page.ts'
import { readDashboards } from './shape.ts'
import { takePictures } from './take-pictures.ts'

const { values: options } = parseArgs({
  options: {
    prometheus: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    /** Folder of the pictures. */
    out: { type: 'string', default: '.cache/dashboards' },
    /** The file of one dashboard without `.json`; all of them by default. */
    only: { type: 'string' },
    service: { type: 'string' },
    width: { type: 'string', default: '1600' },
  },
})

const width = Number(options.width)
const timeOf = (text: string | undefined, otherwise: number) =>
  text === undefined ? otherwise : Date.parse(text)

interface Source {
  readonly prometheus: string
  readonly span: Span
  /** The service that a dashboard of one service shows. */
  readonly service?: string | undefined
}

/** Draws the dashboards of these files. */
async function draw(files: readonly string[], { prometheus, span, service }: Source): Promise<void> {
  const pages = new Map<string, string>()
  mkdirSync(options.out, { recursive: true })
  for (const [file, dashboard] of readDashboards()) {
    const name = file.replace('.json', '')
    if (!files.includes(file) || (options.only !== undefined && options.only !== name)) continue
    const isOfOne = dashboard.templating.list.some((each) => each.name === 'service' && !each.multi)
    const one = options.service ?? (isOfOne ? service : undefined)
    const chosen: Readonly<Record<string, Chosen>> = { service: one ?? all }
    const page = await pageOf(dashboard, { prometheus, span, chosen, width })
    writeFileSync(join(options.out, `${name}.html`), page)
    pages.set(join(options.out, `dashboard-${name}.png`), page)
  }
  await takePictures(pages, width)
  for (const path of pages.keys()) console.log(path)
}

const loopFiles = ['overview.json', 'service.json', 'receiver.json']
const costFiles = ['cost.json']

async function drawKept(): Promise<void> {
  const kept = await openKept()
  await draw(loopFiles, { prometheus: kept.url, span: kept, service: kept.service }).finally(kept.close)
}

async function drawWeek(): Promise<void> {
  const week = await openMadeUpWeek()
  await draw(costFiles, { prometheus: week.url, span: week.span }).finally(week.close)
}

if (options.prometheus === undefined) {
  if (options.only !== 'cost') await drawKept()
  if (options.only === undefined || options.only === 'cost') await drawWeek()
} else {
  const nowMs = Date.now()
  const span = { fromMs: timeOf(options.from, nowMs - 3_600_000), toMs: timeOf(options.to, nowMs) }
  await draw([...loopFiles, ...costFiles], { prometheus: options.prometheus, span, service: options.service })
}
