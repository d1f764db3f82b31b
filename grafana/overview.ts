import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard'
import { marks } from './parts/annotations.ts'
import { board, uids } from './parts/board.ts'
import { colours } from './parts/colours.ts'
import { toPrograms, toServiceOfCell, toServiceOfSeries } from './parts/links.ts'
import { onOff } from './parts/mappings.ts'
import { colouredCell, lines, numbers, rows, timeline } from './parts/panels.ts'
import { chosen, countInRange, own, perMinute, perService, perServiceWhere, quantile } from './parts/query.ts'
import { replicasOf } from './parts/replicas.ts'
import { blocking, decisionColours, statuses, statusMappings } from './parts/statuses.ts'
import { addresses, receivers, services } from './parts/variables.ts'

const none = (text: string) => `none: ${text}`
const zeroIsGood = [
  [null, colours.good],
  [1, colours.bad],
] as const
const neutral = [[null, colours.desired]] as const

/** Services that have trouble of the kinds that do not pass by themselves. */
const inTrouble = [
  perService('service_status_info', chosen, `reason=~"${blocking.join('|')}"`),
  perServiceWhere('> 0', 'service_pending_replicas', chosen),
  perServiceWhere('> 0', 'service_failing_replicas', chosen),
].join(' or ')

/** Is all well? */
const firstLook = [
  numbers({
    title: 'Receiver',
    description:
      'Whether a receiver runs and can read the services. "no Docker": see the log of the receiver and the socket proxy. down: none is scraped; docs/runbooks/SwarmAutoscalerDown.md.',
    size: [3, 4],
    unit: 'none',
    queries: [{ expr: `max(${own('docker_up')}) or vector(-1)`, legend: 'receiver' }],
    empty: 'down',
    thresholds: [
      [null, colours.bad],
      [1, colours.good],
    ],
    mappings: onOff('up', 'no Docker', { absent: 'down' }),
    loud: true,
  }),
  numbers({
    title: 'Opted in',
    description: 'Services that have opted in with autoscaler.enable, whatever is selected above.',
    size: [2, 4],
    unit: 'none',
    queries: [{ expr: `count(${perService('service_desired_replicas')})`, legend: 'services' }],
    empty: 'none has opted in',
    thresholds: neutral,
  }),
  numbers({
    title: 'Replicas',
    description: 'Running and desired replicas. If fewer run than desired for long, open the service.',
    size: [4, 4],
    unit: 'none',
    queries: [
      { expr: `sum(${perService('service_running_replicas', chosen)})`, legend: 'running' },
      { expr: `sum(${perService('service_desired_replicas', chosen)})`, legend: 'desired' },
    ],
    empty: 'no service',
    colours: { running: colours.running, desired: colours.desired },
    named: true,
  }),
  numbers({
    title: 'Changes',
    description: 'Applied changes of replicas in the shown time. Each is marked in the panels below.',
    size: [3, 4],
    unit: 'none',
    queries: [{ expr: countInRange('scalings_total', chosen, 'outcome="applied"'), legend: 'changes' }],
    empty: none('no receiver is scraped'),
    thresholds: neutral,
  }),
  numbers({
    title: 'Failed changes',
    description: 'Changes that were due and failed. The log of the receiver says why.',
    size: [3, 4],
    unit: 'none',
    queries: [{ expr: countInRange('scalings_total', chosen, 'outcome="failed"'), legend: 'failed' }],
    empty: none('no receiver is scraped'),
    thresholds: zeroIsGood,
  }),
  numbers({
    title: 'Blocked or failing now',
    description:
      'Services that need more replicas and cannot get them (at their maximum, a rollout), whose replicas no node can take, or whose tasks fail again and again. "Blocked changes" shows which.',
    size: [3, 4],
    unit: 'none',
    queries: [{ expr: `count(${inTrouble}) or vector(0)`, legend: 'in trouble' }],
    empty: none('no receiver is scraped'),
    thresholds: zeroIsGood,
  }),
  numbers({
    title: 'Invalid policies',
    description:
      'Services that are not scaled because a label is invalid. `swarm-autoscaler check` and the log of the receiver name each label; the table below lists the services.',
    size: [3, 4],
    unit: 'none',
    queries: [
      {
        expr: `count(${perServiceWhere('== 0', 'service_policy_valid', chosen)}) or vector(0)`,
        legend: 'invalid',
      },
    ],
    empty: none('no receiver is scraped'),
    thresholds: zeroIsGood,
  }),
  numbers({
    title: 'Redeploys restored',
    description:
      'Deploys in the shown time that reset replicas, which the receiver restored. To avoid them, leave `replicas` out of stack files.',
    size: [3, 4],
    unit: 'none',
    queries: [{ expr: countInRange('redeploys_restored_total', chosen), legend: 'restored' }],
    empty: none('no receiver is scraped'),
    thresholds: neutral,
  }),
]

/** Do replicas follow the need? */
const following = [
  replicasOf({
    title: 'Replicas of the selected services',
    description:
      'Whether replicas follow the need. Orange above blue: more are needed than desired, see why below. Blue above green: tasks are starting, or cannot start. The grey band is between the minimum and the maximum. Select one service above to see it alone.',
    size: [24, 10],
    over: 'sum',
    matcher: chosen,
  }),
]

const what = [
  timeline({
    title: 'Status of each service',
    description:
      'The last decision about each service. Grey and green: nothing to do. Yellow: waits for a time to pass. Red: needs more and cannot get it. Violet: somebody holds it. docs/reasons.md explains each reason.',
    size: [12, 9],
    unit: 'none',
    queries: [{ expr: statuses(chosen), legend: '{{service}}' }],
    empty: 'No service has opted in: label one with autoscaler.enable.',
    mappings: statusMappings(),
    link: toServiceOfSeries,
  }),
  timeline({
    title: 'Changes of replicas',
    description:
      'Desired replicas of each service. Each border is a change, by the autoscaler or an external one.',
    size: [12, 9],
    unit: 'none',
    queries: [{ expr: perService('service_desired_replicas', chosen), legend: '{{service}}' }],
    empty: 'No service has opted in: label one with autoscaler.enable.',
    colourMode: FieldColorModeId.ContinuousBlPu,
    link: toServiceOfSeries,
  }),
  lines({
    title: 'Decisions by reason',
    description:
      'Decisions per minute. Each post of Alertmanager is a decision, so an active alert counts again and again.',
    size: [12, 8],
    unit: 'cpm',
    queries: [
      {
        expr: `${perMinute('decisions_total', 'decision, reason', chosen)} > 0`,
        legend: '{{decision}}: {{reason}}',
        interval: '30s',
      },
    ],
    empty: 'No alert was received in this time, and no change was due.',
    colours: decisionColours,
    draw: 'bars',
    stacked: true,
    legend: 'right',
  }),
  lines({
    title: 'Blocked changes',
    description:
      'Services that need more replicas and cannot get them, and those whose replicas do not start. at_max: raise autoscaler.max. tasks_pending, no room: add a node, or free resources. rollout: finish it, or roll it back. tasks fail: `docker service logs`.',
    size: [12, 8],
    unit: 'none',
    queries: [
      ...blocking.map((reason) => ({
        expr: `count(${perService('service_status_info', chosen, `reason="${reason}"`)}) or vector(0)`,
        legend: reason,
      })),
      {
        expr: `count(${perServiceWhere('> 0', 'service_pending_replicas', chosen)}) or vector(0)`,
        legend: 'no room',
      },
      {
        expr: `count(${perServiceWhere('> 0', 'service_failing_replicas', chosen)}) or vector(0)`,
        legend: 'tasks fail',
      },
    ],
    empty: 'No receiver is scraped.',
    colours: {
      at_max: colours.worse,
      tasks_pending: colours.bad,
      rollout: colours.person,
      'no room': '#C4162A',
      'tasks fail': '#8F3BB8',
    },
    draw: 'steps',
    stacked: true,
    softMax: 1,
    decimals: 0,
    legend: 'right',
  }),
]

const speeds = [
  { histogram: 'reaction_seconds', name: 'change' },
  { histogram: 'convergence_seconds', name: 'converge' },
]
const shares = [
  { share: 0.5, name: 'p50' },
  { share: 0.95, name: 'p95' },
]

const speed = [
  numbers({
    title: 'Time to change and to converge',
    description:
      'Over the shown time: from the start of an alert to the applied change, and from there until all tasks run. Stabilization and cooldowns are included, so downs are slow on purpose. Slow ups: see "How fast" in docs/dashboards.md.',
    size: [8, 8],
    unit: 's',
    decimals: 1,
    queries: speeds.flatMap(({ histogram, name }) =>
      shares.map((each) => ({
        expr: quantile(each.share, histogram, '$__range'),
        legend: `${name} ${each.name}`,
      })),
    ),
    empty: 'no change in this time',
    thresholds: neutral,
    named: true,
  }),
  ...speeds.map(({ histogram, name }) =>
    lines({
      title: name === 'change' ? 'From alert to change' : 'From change to all tasks running',
      description:
        name === 'change'
          ? 'Each dot is a time with applied changes. High dots with downs are stabilization; high dots with ups are a slow Prometheus, Alertmanager or Docker.'
          : 'Each dot is a time in which all tasks of a change ran. High dots: slow images, slow starts or health checks, or no room.',
      size: [8, 8],
      unit: 's',
      queries: shares.map((each) => ({
        expr: `${quantile(each.share, histogram, '$__rate_interval')} >= 0`,
        legend: each.name,
      })),
      empty: 'No change in this time.',
      colours: { p50: colours.desired, p95: colours.needed },
      draw: 'points',
    }),
  ),
]

/** A row that says that there is nothing to show, so that nobody takes it for a fault. */
const orNone = (expr: string, words: string) =>
  `${expr} or on () label_replace(vector(0), "service", "${words}", "", "")`

const held = [
  timeline({
    title: 'Cooldowns',
    description:
      'When services were in the pause after a change, which steps wait for, and how many seconds of it are left. Absolute numbers wait only if autoscaler.up.cooldown is set. If it is too long, shorten autoscaler.*.cooldown.',
    size: [8, 8],
    unit: 's',
    decimals: 0,
    queries: [
      {
        expr: orNone(
          `ceil(max by (service, direction) (${own('service_cooldown_until_timestamp_seconds', chosen)} > time()) - time())`,
          'none',
        ),
        legend: '{{service}} {{direction}}',
      },
    ],
    empty: 'No receiver is scraped.',
    thresholds: [
      [null, colours.quiet],
      [1, colours.waiting],
      [60, colours.worse],
    ],
    hideValues: true,
  }),
  timeline({
    title: 'Schedule windows',
    description: 'Which windows were open, with their own min and max. docs/labels.md says how to set one.',
    size: [8, 8],
    unit: 'none',
    queries: [
      {
        expr: orNone(`max by (service, schedule) (${own('schedule_active', chosen)})`, 'none is set'),
        legend: '{{service}} {{schedule}}',
      },
    ],
    empty: 'No receiver is scraped.',
    mappings: onOff('open', 'closed', { colours: [colours.desired, colours.quiet] }),
  }),
  timeline({
    title: 'Pauses',
    description:
      'When autoscaler.pause held automatic changes. A forgotten pause is a service that does not scale.',
    size: [8, 8],
    unit: 'none',
    queries: [
      {
        expr: orNone(`max by (service, direction) (${own('service_paused', chosen)} == 1)`, 'none'),
        legend: '{{service}} {{direction}}',
      },
    ],
    empty: 'No receiver is scraped.',
    mappings: onOff('paused', 'no pause', { colours: [colours.person, colours.quiet] }),
  }),
]

const list = [
  rows({
    title: 'Services',
    description: 'Current status of each service. Click a name to open its dashboard.',
    size: [24, 10],
    unit: 'none',
    empty: 'No service has opted in: label one with autoscaler.enable.',
    by: 'service',
    byHeading: 'Service',
    sortBy: 'Desired',
    link: toServiceOfCell,
    columns: [
      {
        heading: 'Needed',
        query: { expr: `max by (service) (swarm_autoscaler:needed_replicas{${chosen}})` },
        decimals: 1,
      },
      { heading: 'Desired', query: { expr: perService('service_desired_replicas', chosen) } },
      { heading: 'Running', query: { expr: perService('service_running_replicas', chosen) } },
      { heading: 'Min', query: { expr: perService('service_min_replicas', chosen) } },
      { heading: 'Max', query: { expr: perService('service_max_replicas', chosen) } },
      {
        heading: 'Status',
        query: { expr: statuses(chosen) },
        show: [colouredCell, { id: 'mappings', value: statusMappings() }],
      },
      {
        heading: 'Policy',
        query: { expr: `min by (service) (${own('service_policy_valid', chosen)})` },
        show: [colouredCell, { id: 'mappings', value: onOff('valid', 'invalid') }],
      },
      {
        heading: 'Pending',
        query: { expr: perService('service_pending_replicas', chosen) },
        show: [
          {
            id: 'thresholds',
            value: {
              mode: 'absolute',
              steps: [
                { value: null, color: 'text' },
                { value: 1, color: colours.bad },
              ],
            },
          },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ],
      },
      {
        heading: 'Last change',
        query: { expr: `1000 * ${perService('service_last_scale_timestamp_seconds', chosen)}` },
        unit: 'dateTimeFromNow',
      },
    ],
  }),
]

const each = [
  replicasOf({
    title: '$service',
    description: 'Whether the replicas of this service follow its need. Colours as above.',
    size: [12, 8],
    over: 'max',
    matcher: 'service=~"$service"',
  })
    .repeat('service')
    .repeatDirection('h')
    .maxPerRow(3),
]

export const overview = board({
  uid: uids.overview,
  title: 'Autoscaler overview',
  description: 'Do replicas follow the need, and if not, why?',
  from: 'now-1h',
  refresh: '10s',
  variables: [...receivers, services, ...addresses],
  annotations: marks(chosen),
  links: toPrograms,
  rows: [
    { panels: firstLook },
    { panels: following },
    { heading: 'What happened, and why', panels: what },
    { heading: 'How fast', panels: speed },
    { heading: 'What holds changes back', panels: held },
    { heading: 'All services', panels: list },
    { heading: 'Each service', folded: true, panels: each },
  ],
})
