import type { CostGap } from '../../domain/cost.ts'
import { type Content, type Html, html } from '../../text/html.ts'
import { costTable, type Period } from './cost-table.ts'
import { counted, fixed, money, span } from './format.ts'
import type { Past } from './page-cache.ts'
import type { PageView } from './view.ts'

/** Shorter gaps are not shown, in ms. */
const leastGapMs = 120_000

/** Replica-hours, cost, and savings compared with running the peak all the time. */
export function costSection({ day, month, currency }: PageView): Html {
  const periods = [
    { name: 'Last 24 hours', past: day },
    { name: 'Last 30 days', past: month },
  ]
  const all = periods.flatMap(({ past }) => [...past.cost.values()])
  const isPriced = all.some(({ cost }) => cost !== undefined)
  return html`<section id="cost" class="section" aria-labelledby="cost-title">
<header class="section-head"><h2 id="cost-title">Cost</h2><p class="section-note">Running replicas. Saved: compared with the peak of each service over all of
the known time.</p></header>
${
  all.length === 0
    ? html`<p class="empty"><strong>There is no data yet.</strong> It appears here once a service with autoscaler labels is found.</p>`
    : html`<div class="totals">${periods.map((period) => totals(period, isPriced, currency))}</div>${
        !isPriced &&
        html`<p class="hint">To see cost here, label services with the price of one replica for one hour, such as <code>autoscaler.cost: "0.04"</code>.</p>`
      }${costTable(periods, isPriced, currency)}`
}
</section>`
}

function totals({ name, past }: Period, isPriced: boolean, currency: string): Html {
  const all = [...past.cost.values()]
  const hours = sum(all, ({ replicaSeconds }) => replicaSeconds) / 3_600
  const savedHours = sum(all, ({ savedAgainstPeak }) => savedAgainstPeak?.replicaSeconds ?? 0) / 3_600
  const cost = sum(all, (one) => one.cost ?? 0)
  const saved = sum(all, ({ savedAgainstPeak }) => savedAgainstPeak?.cost ?? 0)
  return html`<div class="total"><h3>${name}</h3><dl>${
    isPriced && [pair('Cost', money(cost, currency)), pair('Saved', money(saved, currency))]
  }${pair('Replica-hours', fixed(hours, 1))}${pair('Saved replica-hours', fixed(savedHours, 1))}</dl>${gaps(past)}${
    isPriced && unpriced(past)
  }</div>`
}

function pair(name: string, value: string): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

const gapTexts: Readonly<Record<CostGap['reason'], string>> = {
  not_watched: 'no receiver running',
  before_first_count: 'not yet recorded',
  gone: 'removed',
  not_yet: 'in the future',
}

/** The gaps in the numbers: for each reason the longest time of any service. */
function gaps({ cost }: Past): Content {
  const longest = new Map<CostGap['reason'], number>()
  for (const service of cost.values()) {
    for (const [reason, list] of Map.groupBy(service.gaps, (gap) => gap.reason)) {
      const ms = sum(list, ({ fromMs, untilMs }) => untilMs - fromMs)
      longest.set(reason, Math.max(ms, longest.get(reason) ?? 0))
    }
  }
  const shown = [...longest].filter(([, ms]) => ms >= leastGapMs)
  if (shown.length === 0) return undefined
  const texts = shown.map(([reason, ms]) => `${gapTexts[reason]} for up to ${span(ms)}`)
  return html`<p class="gaps">Gaps, not counted as zero: ${texts.join('; ')}.</p>`
}

function unpriced({ cost }: Past): Content {
  const without = [...cost.values()].filter(
    (one) => one.cost === undefined || one.pricedSeconds !== undefined,
  )
  if (without.length === 0) return undefined
  return html`<p class="gaps">Without a price for some or all of the time: ${counted(without.length, 'service')}.</p>`
}

function sum<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((total, one) => total + value(one), 0)
}
