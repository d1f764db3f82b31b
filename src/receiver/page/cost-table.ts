import type { ServiceCost, Usage } from '../../domain/cost.ts'
import { type Html, html } from '../../text/html.ts'
import { fixed, percent, shortened } from './format.ts'
import type { Past } from './page-cache.ts'

/** Most services in the table; the most expensive come first. */
const mostRows = 50

interface Column {
  readonly name: string
  /** Absent if unknown. */
  readonly value: (usage: Usage) => string | undefined
}

/** A period of the table. */
export interface Period {
  readonly name: string
  readonly past: Past
}

const always: readonly Column[] = [
  { name: 'Replica-hours', value: ({ replicaSeconds }) => fixed(replicaSeconds / 3_600, 1) },
  { name: 'Average', value: ({ average }) => (average === undefined ? undefined : fixed(average, 2)) },
  { name: 'Peak', value: ({ peak }) => (peak === undefined ? undefined : fixed(peak, 0)) },
]

const known: Column = { name: 'Known', value: (usage) => percent(knownShare(usage)) }

/** Cost and savings by service, for each period. Without any price the savings are in hours. */
export function costTable(periods: readonly Period[], isPriced: boolean, currency: string): Html {
  const columns = [...always, ...(isPriced ? inMoney(currency) : inHours), known]
  const names = rankedNames(periods.map(({ past }) => past))
  const rest = names.length - mostRows
  return html`<table class="cost" role="table"><caption class="visually-hidden">Cost by service</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" rowspan="2">Service</th>${periods.map(
    ({ name }) =>
      html`<th scope="colgroup" role="columnheader" colspan="${columns.length}" class="group">${name}</th>`,
  )}</tr><tr role="row">${periods.map(() =>
    columns.map(({ name }, index) => html`<th scope="col" role="columnheader"${first(index)}>${name}</th>`),
  )}</tr></thead>
<tbody role="rowgroup">${names
    .slice(0, mostRows)
    .map((name) => row(name, periods, columns))}</tbody></table>${
    rest > 0 && html`<p class="hint">and ${rest} more; <code>api/v1/cost</code> lists all.</p>`
  }`
}

function row(name: string, periods: readonly Period[], columns: readonly Column[]): Html {
  return html`<tr role="row"><th scope="row" role="rowheader"><bdi>${shortened(name, 80)}</bdi></th>${periods.map(
    (period) => cells(period.past.cost.get(name), period.name, columns),
  )}</tr>`
}

/** On a narrow screen each number is below the name of its column. */
function cells(cost: ServiceCost | undefined, period: string, columns: readonly Column[]): Html {
  return html`${columns.map(
    ({ name, value }, index) =>
      html`<td role="cell"${first(index)} data-column="${index === 0 ? `${period}: ${name}` : name}">${
        (cost && value(cost)) ?? '\u2013'
      }</td>`,
  )}`
}

function first(index: number): Html | false {
  return index === 0 && html` class="first"`
}

/** The currency is in the column header. */
function inMoney(currency: string): readonly Column[] {
  const of = currency === '' ? '' : `, ${currency}`
  return [
    { name: `Cost${of}`, value: ({ cost }) => (cost === undefined ? undefined : fixed(cost, 2)) },
    {
      name: `Saved${of}`,
      value: ({ savedAgainstPeak: saved }) => (saved?.cost === undefined ? undefined : fixed(saved.cost, 2)),
    },
  ]
}

const inHours: readonly Column[] = [
  {
    name: 'Hours saved',
    value: ({ savedAgainstPeak: saved }) => saved && fixed(saved.replicaSeconds / 3_600, 1),
  },
]

function knownShare({ fromMs, untilMs, knownSeconds }: Usage): number {
  const share = (knownSeconds * 1_000) / (untilMs - fromMs)
  // The time since the last resync is not a gap.
  return share > 0.999 ? 1 : share
}

/** The highest cost over all periods first; without prices, the most replica-hours. */
function rankedNames(pasts: readonly Past[]): readonly string[] {
  const names = [...new Set(pasts.flatMap(({ cost }) => [...cost.keys()]))]
  const total = (name: string, value: (usage: Usage) => number) =>
    pasts.reduce((sum, { cost }) => {
      const usage = cost.get(name)
      return usage === undefined ? sum : sum + value(usage)
    }, 0)
  const ranked = names.map((name) => ({
    name,
    cost: total(name, ({ cost }) => cost ?? 0),
    seconds: total(name, ({ replicaSeconds }) => replicaSeconds),
  }))
  ranked.sort((a, b) => b.cost - a.cost || b.seconds - a.seconds || (a.name < b.name ? -1 : 1))
  return ranked.map(({ name }) => name)
}
