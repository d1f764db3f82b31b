import { marks } from './parts/annotations.ts'
import { board, uids } from './parts/board.ts'
import { colours } from './parts/colours.ts'
import { toPrograms, toServiceOfCell, toServiceOfSeries } from './parts/links.ts'
import { lines, numbers, rows } from './parts/panels.ts'
import { chosen, perService } from './parts/query.ts'
import { addresses, receivers, services } from './parts/variables.ts'

/** What the rules of prometheus/rules/dashboards.yml record of each service, every minute. */
const replicaSeconds = `swarm_autoscaler:replica_seconds:increase1m{${chosen}}`
const cost = `swarm_autoscaler:cost:increase1m{${chosen}}`
const mostReplicas = `swarm_autoscaler:running_replicas:max1m{${chosen}}`

const over = (series: string, window: string) => `sum_over_time(${series}[${window}])`
const replicaHours = (window: string) => `(${over(replicaSeconds, window)} / 3600)`
/** How long a service was there, in seconds: a minute for each record of it. */
const known = (window: string) => `(60 * count_over_time(${replicaSeconds}[${window}]))`
/** What it would have cost to keep the most replicas of the time all the time. */
const fixedCost = (window: string) =>
  `(max_over_time(${mostReplicas}[${window}]) * ${known(window)} / 3600 * on (service) ${perService('service_cost_per_hour', chosen)})`

const range = '$__range'
/** Since the month has begun, and in all of it, in seconds (UTC). */
const elapsed = '((day_of_month() - 1) * 86400 + hour() * 3600 + minute() * 60)'
const wholeMonth = '(days_in_month() * 86400)'

const currency = 'In the currency of the autoscaler.cost labels.'
const noPrice = 'no service has a price: label one with autoscaler.cost'
const noRules =
  'No replica has been counted yet. It takes a minute after the start, and prometheus/rules/dashboards.yml must be loaded.'

const firstLook = [
  numbers({
    title: 'Cost',
    description: `Cost of the replicas in the shown time. ${currency}`,
    size: [6, 5],
    unit: 'short',
    decimals: 2,
    queries: [{ expr: `sum(${over(cost, range)})`, legend: 'cost' }],
    empty: noPrice,
    thresholds: [[null, colours.desired]],
  }),
  numbers({
    title: 'Saved compared with a fixed peak',
    description: `The cost of running the peak of the shown time all the time, minus the real cost. If hardly anything is saved, the peak lasts all the time, or autoscaler.min is too high. ${currency}`,
    size: [6, 5],
    unit: 'short',
    decimals: 2,
    queries: [
      {
        expr: `clamp_min(sum(${fixedCost(range)} - on (service) ${over(cost, range)}), 0)`,
        legend: 'saved',
      },
      {
        expr: `clamp_min(1 - sum(${over(cost, range)}) / sum(${fixedCost(range)}), 0)`,
        legend: 'of the fixed cost',
      },
    ],
    empty: noPrice,
    thresholds: [[null, colours.good]],
    named: true,
  }).overrideByName('of the fixed cost', [
    { id: 'unit', value: 'percentunit' },
    { id: 'decimals', value: 0 },
  ]),
  numbers({
    title: 'This month, with projection',
    description: `Cost of the month so far, and at its end if every service continues as it has this month. Independent of the shown time; months are in UTC. ${currency}`,
    size: [6, 5],
    unit: 'short',
    decimals: 2,
    timeFrom: 'now/M',
    queries: [
      { expr: `sum(${over(cost, range)})`, legend: 'so far' },
      {
        expr: `sum(${over(cost, range)} + ${over(cost, range)} / ${known(range)} * on () group_left () (${wholeMonth} - ${elapsed}))`,
        legend: 'forecast',
      },
    ],
    empty: noPrice,
    colours: { 'so far': colours.desired, forecast: colours.needed },
    named: true,
  }),
  numbers({
    title: 'Replica-hours',
    description:
      'Replicas that ran times the hours that they ran, in the shown time. Services without a price are included.',
    size: [6, 5],
    unit: 'none',
    decimals: 2,
    queries: [{ expr: `sum(${replicaHours(range)})`, legend: 'replica-hours' }],
    empty: 'none counted yet',
    thresholds: [[null, colours.desired]],
  }),
]

/** A day is that which begins at its point in time, so the rest of the last one is still to come. */
const aDay = '1d] offset -1d'
const byDay = (series: string) => `sum by (service) (sum_over_time(${series}[${aDay}))`

const days = [
  lines({
    title: 'Cost by day',
    description: `Cost of each service per day; the last bar is the day so far. If a service costs more than you expect, see its hours below. ${currency}`,
    size: [12, 9],
    unit: 'short',
    queries: [{ expr: byDay(cost), legend: '{{service}}', interval: '1d' }],
    empty:
      'No service has a price: label one with autoscaler.cost. A day appears if the shown time includes its start.',
    draw: 'bars',
    stacked: true,
    colourByName: true,
    link: toServiceOfSeries,
  }),
  lines({
    title: 'Replica-hours by day',
    description: 'Replica-hours of each day; the last bar is the day so far.',
    size: [12, 9],
    unit: 'none',
    queries: [{ expr: `${byDay(replicaSeconds)} / 3600`, legend: '{{service}}', interval: '1d' }],
    empty: noRules,
    draw: 'bars',
    stacked: true,
    colourByName: true,
    link: toServiceOfSeries,
  }),
]

const paid = [
  lines({
    title: 'Cost per hour',
    description: `Cost per hour of the running replicas, and of the peak of the shown time. The area between them is what scaling saves. ${currency}`,
    size: [24, 8],
    unit: 'short',
    queries: [
      {
        expr: `60 * sum(${cost})`,
        legend: 'paid',
      },
      {
        expr: `sum(max_over_time(${mostReplicas}[${range}] @ end()) * on (service) ${perService('service_cost_per_hour', chosen)})`,
        legend: 'fixed peak',
      },
    ],
    empty:
      'No service has a price: label one with autoscaler.cost. The first points come some minutes after the start.',
    colours: { paid: colours.running, 'fixed peak': colours.bounds },
    draw: 'steps',
  }).overrideByName('paid', [{ id: 'custom.fillOpacity', value: 25 }]),
]

const list = [
  rows({
    title: 'Cost by service',
    description: `The shown time, by service. Savings are compared with running the peak of that time all the time. ${currency}`,
    size: [24, 10],
    unit: 'short',
    empty: noRules,
    by: 'service',
    byHeading: 'Service',
    sortBy: 'Cost',
    link: toServiceOfCell,
    columns: [
      { heading: 'Replica-hours', query: { expr: replicaHours(range) }, decimals: 2 },
      {
        heading: 'Average',
        query: { expr: `${over(replicaSeconds, range)} / ${known(range)}` },
        decimals: 2,
      },
      { heading: 'Peak', query: { expr: `max_over_time(${mostReplicas}[${range}])` }, decimals: 0 },
      { heading: 'Price', query: { expr: perService('service_cost_per_hour', chosen) }, decimals: 3 },
      { heading: 'Cost', query: { expr: over(cost, range) }, decimals: 3 },
      { heading: 'At a fixed peak', query: { expr: fixedCost(range) }, decimals: 3 },
      {
        heading: 'Saved',
        query: { expr: `clamp_min(${fixedCost(range)} - on (service) ${over(cost, range)}, 0)` },
        decimals: 3,
      },
      {
        heading: 'Saved, share',
        query: { expr: `clamp_min(1 - ${over(cost, range)} / on (service) (${fixedCost(range)} > 0), 0)` },
        unit: 'percentunit',
        decimals: 0,
      },
    ],
  }),
]

export const costs = board({
  uid: uids.cost,
  title: 'Autoscaler cost',
  description: 'What replicas cost, and what scaling saves.',
  from: 'now-7d',
  refresh: '1m',
  variables: [...receivers, services, ...addresses],
  annotations: marks(chosen).map((mark) => ({ build: () => ({ ...mark.build(), enable: false }) })),
  links: toPrograms,
  rows: [
    { panels: firstLook },
    { panels: days },
    { heading: 'What scaling saves', panels: paid },
    { heading: 'By service', panels: list },
  ],
})
