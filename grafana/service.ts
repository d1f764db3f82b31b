import { FieldColorModeId, MappingType } from '@grafana/grafana-foundation-sdk/dashboard'
import { marks } from './parts/annotations.ts'
import { board, uids } from './parts/board.ts'
import { colours } from './parts/colours.ts'
import { outside } from './parts/links.ts'
import { onOff } from './parts/mappings.ts'
import { bars, lines, numbers, type PanelOptions, timeline } from './parts/panels.ts'
import { own, perMinute, type Query } from './parts/query.ts'
import { replicasOf } from './parts/replicas.ts'
import { decisionColours, statuses, statusMappings } from './parts/statuses.ts'
import { addresses, oneService, receivers } from './parts/variables.ts'

/** Exactly this service: its name may hold a dot, and `web` is not `web2`. */
const it = 'service="$service"'
/** Its containers, as cAdvisor calls them; the cgroups above a container hold the same use again. */
const itsContainers = 'image!="", name!="", container_label_com_docker_swarm_service_name="$service"'

const gauge = (name: string, ...matchers: readonly string[]) => `max(${own(name, it, ...matchers)})`
const recorded = (name: string) => `swarm_autoscaler:${name}{${it}}`

type Glance = Pick<PanelOptions, 'title' | 'description' | 'empty'> &
  Partial<PanelOptions> & { readonly queries: readonly Query[]; readonly loud?: true; readonly named?: true }

const glance = (options: Glance) =>
  numbers({ size: [4, 4], unit: 'none', thresholds: [[null, colours.desired]], ...options })

const noService = 'no such service'

const firstLook = [
  glance({
    title: 'Status',
    description:
      'The last decision about the service: nothing to do (green, grey), waits for a time to pass (yellow), held although it needs more (red), somebody holds it (violet). docs/reasons.md explains each reason.',
    queries: [{ expr: statuses(it), legend: '{{service}}' }],
    mappings: statusMappings(),
    empty: noService,
    loud: true,
  }),
  glance({
    title: 'Replicas now',
    description:
      'Running and desired replicas. If fewer run than desired for long, `docker service ps` says why.',
    queries: [
      { expr: gauge('service_running_replicas'), legend: 'running' },
      { expr: gauge('service_desired_replicas'), legend: 'desired' },
    ],
    colours: { running: colours.running, desired: colours.desired },
    empty: noService,
    named: true,
  }),
  glance({
    title: 'Current bounds',
    description:
      'Fewest and most replicas, open windows included. If desired stays at the maximum for long, raise autoscaler.max.',
    queries: [
      { expr: gauge('service_min_replicas'), legend: 'min' },
      { expr: gauge('service_max_replicas'), legend: 'max' },
    ],
    thresholds: [[null, 'text']],
    empty: 'policy invalid',
    named: true,
  }),
  glance({
    title: 'Policy',
    description:
      'Whether its labels are a valid policy. If not, the service is not scaled; `swarm-autoscaler check` names each invalid label.',
    queries: [{ expr: `min(${own('service_policy_valid', it)})`, legend: 'policy' }],
    mappings: onOff('valid', 'invalid'),
    empty: noService,
    loud: true,
  }),
  glance({
    title: 'Not working',
    description:
      'Replicas that no node can take (pending), and whose tasks fail again and again (failing). `docker service ps --no-trunc` says why.',
    queries: [
      { expr: gauge('service_pending_replicas'), legend: 'pending' },
      { expr: gauge('service_failing_replicas'), legend: 'failing' },
    ],
    thresholds: [
      [null, colours.good],
      [1, colours.bad],
    ],
    empty: noService,
    named: true,
  }),
  glance({
    title: 'Last change',
    description: 'Time since it was last scaled up and down.',
    unit: 'dateTimeFromNow',
    queries: ['up', 'down'].map((direction) => ({
      expr: `1000 * ${gauge('service_last_scale_timestamp_seconds', `direction="${direction}"`)}`,
      legend: direction,
    })),
    colours: { up: colours.up, down: colours.down },
    empty: 'never yet',
    named: true,
  }),
]

const replicas = [
  replicasOf({
    title: 'Replicas',
    description:
      'Whether replicas follow the need. Orange above blue: more are needed than desired, see below what limits it. Blue above green: tasks are starting, or cannot start. The grey band is between the minimum and the maximum.',
    size: [24, 10],
    over: 'max',
    matcher: it,
  }),
]

const limits = [
  timeline({
    title: 'What limited it',
    description:
      'The reason at each time. Red while the need is above the replicas: change this. docs/reasons.md explains each reason.',
    size: [12, 5],
    unit: 'none',
    queries: [{ expr: statuses(it), legend: 'status' }],
    mappings: statusMappings(),
    empty: 'No such service, or no receiver is scraped.',
  }),
  timeline({
    title: 'Alerts',
    description:
      'Prometheus alerts about this service: those that scale it, and those for people. None while replicas match the need.',
    size: [12, 5],
    unit: 'none',
    queries: [
      {
        expr: `max by (alertname) (ALERTS{${it}, alertstate="firing"}) or 0 * (max by (alertname) (max_over_time(ALERTS{${it}, alertstate="firing"}[$__range])))`,
        legend: '{{alertname}}',
      },
    ],
    mappings: onOff('firing', ' ', { colours: [colours.needed, 'transparent'] }),
    empty: 'No alert about this service in this time: replicas matched the need.',
  }),
  lines({
    title: 'Decisions by reason',
    description: 'Decisions about this service per minute. An active alert counts with each post.',
    size: [12, 7],
    unit: 'cpm',
    queries: [
      {
        expr: `${perMinute('decisions_total', 'decision, reason', it)} > 0`,
        legend: '{{decision}}: {{reason}}',
        interval: '30s',
      },
    ],
    empty: 'No alert about this service was received in this time.',
    colours: decisionColours,
    draw: 'bars',
    stacked: true,
    legend: 'right',
  }),
  timeline({
    title: 'Pauses, windows, cooldowns',
    description:
      'What else holds changes: autoscaler.pause, schedule windows, and cooldowns that steps wait for.',
    size: [12, 7],
    unit: 'none',
    queries: [
      { expr: `max by (direction) (${own('service_paused', it)})`, legend: 'pause {{direction}}' },
      { expr: `max by (schedule) (${own('schedule_active', it)})`, legend: 'window {{schedule}}' },
      {
        expr: `2 * (max by (direction) (${own('service_cooldown_until_timestamp_seconds', it)}) > bool time())`,
        legend: 'cooldown {{direction}}',
      },
    ],
    mappings: [
      {
        type: MappingType.ValueToText,
        options: {
          0: { text: 'free', color: colours.quiet, index: 0 },
          1: { text: 'active', color: colours.person, index: 1 },
          2: { text: 'waits', color: colours.waiting, index: 2 },
        },
      },
    ],
    empty: 'The service has no valid policy.',
  }),
]

const signals = [
  lines({
    title: 'Needed replicas by signal',
    description:
      'How many replicas each signal needs. The largest wins. A signal that is missing here is not measured: docs/signals.md says what it needs.',
    size: [10, 8],
    unit: 'none',
    queries: [
      { expr: `max by (signal) (${recorded('replicas_needed')})`, legend: '{{signal}}' },
      { expr: gauge('service_desired_replicas'), legend: 'desired' },
    ],
    colours: { desired: colours.desired },
    empty: 'No target of this service is measured. docs/signals.md says what each needs.',
    softMax: 2,
  }).overrideByName('desired', [{ id: 'custom.lineInterpolation', value: 'stepAfter' }]),
  lines({
    title: 'Share of each target',
    description:
      'How close the running replicas are to their target, by signal. Above 100 %: more are needed. Far below for long: fewer are enough.',
    size: [10, 8],
    unit: 'percentunit',
    queries: [
      {
        expr: `max by (signal) (${recorded('replicas_needed')}) / on () group_left () (${gauge('service_running_replicas')} > 0)`,
        legend: '{{signal}}',
      },
      { expr: `max(swarm_autoscaler:latency:ratio{${it}})`, legend: 'latency' },
      { expr: `max(swarm_autoscaler:errors:ratio{${it}})`, legend: 'errors' },
    ],
    empty: 'No target of this service is measured. docs/signals.md says what each needs.',
    thresholds: [
      [null, 'transparent'],
      [1, colours.bad],
    ],
    showThresholds: true,
    softMax: 1.2,
  }),
  numbers({
    title: 'Targets',
    description: 'What one replica should carry: the labels autoscaler.target.*.',
    size: [4, 8],
    unit: 'none',
    queries: [{ expr: `max by (signal) (${own('service_target', it)})`, legend: '{{signal}}' }],
    empty: 'no target: scaled by bounds, windows and alerts of your own',
    thresholds: [[null, 'text']],
    named: true,
  })
    .overrideByName('requests', [{ id: 'unit', value: 'reqps' }])
    .overrideByName('cpu', [{ id: 'unit', value: 'percentunit' }])
    .overrideByName('memory', [{ id: 'unit', value: 'percentunit' }])
    .overrideByName('errors', [{ id: 'unit', value: 'percentunit' }])
    .overrideByName('network', [{ id: 'unit', value: 'Bps' }])
    .overrideByName('latency', [{ id: 'unit', value: 's' }]),
]

const forecast = [
  lines({
    title: 'Forecast',
    description:
      'The forecast for the look-ahead, the earlier forecast for this time, and what was needed. If the lines differ for long, see the error. docs/forecast.md explains each.',
    size: [14, 8],
    unit: 'none',
    queries: [
      { expr: `max(${recorded('forecast_replicas')})`, legend: 'expected next' },
      { expr: `max(${recorded('forecast_due_replicas')})`, legend: 'was forecast for now' },
      { expr: `max(${recorded('replicas_needed:avg1m')})`, legend: 'needed' },
    ],
    colours: {
      'expected next': colours.desired,
      'was forecast for now': colours.waiting,
      needed: colours.needed,
    },
    empty: 'Nothing is measured of this service.',
    softMax: 2,
  }),
  lines({
    title: 'Error of the forecast',
    description:
      'How wrong it was over the last day, as a share of what was needed. Above the line the forecast switches itself off, and well below it on again. If the load has no pattern, remove autoscaler.forecast.',
    size: [10, 8],
    unit: 'percentunit',
    queries: [
      { expr: `max(${recorded('forecast_error_ratio')})`, legend: 'error' },
      { expr: `max(${recorded('forecast_switched_off')})`, legend: 'switched off' },
    ],
    colours: { error: colours.needed, 'switched off': colours.bad },
    empty: 'There is no forecast yet: no label autoscaler.forecast, or less than a day (a week) of history.',
    thresholds: [
      [null, 'transparent'],
      [0.4, colours.bad],
    ],
    showThresholds: true,
    softMax: 0.5,
  }),
]

const answers = (...matchers: readonly string[]) =>
  `swarm_autoscaler:answers:rate1m{${[it, ...matchers].join(', ')}}`

const load = [
  lines({
    title: 'Requests',
    description:
      'Requests per second, and the target of all running replicas together. docs/signals.md lists the supported metrics.',
    size: [6, 8],
    unit: 'reqps',
    queries: [
      { expr: `max(${recorded('requests_per_second')})`, legend: 'requests' },
      {
        expr: `max(${own('service_target', it, 'signal="requests"')}) * ${gauge('service_running_replicas')}`,
        legend: 'target of all replicas',
      },
    ],
    colours: { requests: colours.needed, 'target of all replicas': colours.running },
    empty: 'No requests of this service are measured: docs/signals.md says how to have it scraped.',
  }),
  lines({
    title: 'Latency',
    description: 'p50 and p95 over the last minute. autoscaler.target.latency uses p95.',
    size: [6, 8],
    unit: 's',
    queries: [
      {
        expr: `histogram_quantile(0.5, sum by (le) (${recorded('latency_bucket:rate1m')})) >= 0 or histogram_quantile(0.5, sum(${recorded('latency_histogram:rate1m')})) >= 0`,
        legend: 'p50',
      },
      { expr: `max(${recorded('latency_seconds:p95')}) >= 0`, legend: 'p95' },
      { expr: `max(${own('service_target', it, 'signal="latency"')})`, legend: 'target' },
    ],
    colours: { p50: colours.desired, p95: colours.needed, target: colours.bad },
    empty: 'This service has no latency histogram, or gets no requests.',
  }),
  lines({
    title: 'Errors',
    description:
      'Share of 5xx answers in the last minute. Above the target, autoscaler.target.errors asks for a step up. Replicas do not fix errors that load does not cause.',
    size: [6, 8],
    unit: 'percentunit',
    queries: [
      {
        // The rules know no share where there never was a 5xx.
        expr: `(sum(${answers('answer=~"5.."')}) or 0 * sum(${answers()})) / (sum(${answers()}) > 0)`,
        legend: '5xx',
      },
      { expr: `max(${own('service_target', it, 'signal="errors"')})`, legend: 'target' },
    ],
    colours: { '5xx': colours.needed, target: colours.bad },
    empty:
      'Fewer than 20 answers in a minute, or no metric with their status: docs/signals.md lists the supported metrics.',
    softMax: 0.01,
  }),
  lines({
    title: 'Answers',
    description: 'Answers per second by status. 5xx is red: autoscaler.target.errors uses its share.',
    size: [6, 8],
    unit: 'reqps',
    queries: [{ expr: `sum by (answer) (${recorded('answers:rate1m')})`, legend: '{{answer}}' }],
    empty: 'This service has no metric of answers by status: docs/signals.md lists the supported metrics.',
    stacked: true,
  })
    .overrideByRegexp('/^5/', [
      { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colours.bad } },
    ])
    .overrideByRegexp('/^4/', [
      { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colours.worse } },
    ])
    .overrideByRegexp('/^[23]/', [
      { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colours.good } },
    ]),
]

const containers = [
  lines({
    title: 'CPU, share of the limit',
    description:
      'CPU use as a share of what a replica may use: the average, and the busiest replica. If the busiest is far above the average, load is not spread evenly.',
    size: [8, 8],
    unit: 'percentunit',
    queries: ['avg', 'max'].map((over) => ({
      expr: `${over}(sum by (name) (rate(container_cpu_usage_seconds_total{${itsContainers}}[$__rate_interval]))) / on () ${gauge('service_cpu_limit_cores')}`,
      legend: over === 'avg' ? 'average' : 'busiest',
    })),
    colours: { average: colours.desired, busiest: colours.needed },
    empty: 'cAdvisor is not scraped, or knows no container of this service.',
    softMax: 1,
  }),
  lines({
    title: 'Memory of a replica',
    description:
      'Working set of replicas: the average, the largest, and the limit. Near the limit the kernel kills the replica.',
    size: [8, 8],
    unit: 'bytes',
    queries: [
      { expr: `avg(container_memory_working_set_bytes{${itsContainers}})`, legend: 'average' },
      { expr: `max(container_memory_working_set_bytes{${itsContainers}})`, legend: 'largest' },
      { expr: gauge('service_memory_limit_bytes'), legend: 'limit' },
    ],
    colours: { average: colours.desired, largest: colours.needed, limit: colours.bad },
    empty: 'cAdvisor is not scraped, or knows no container of this service.',
  }),
  lines({
    title: 'Network',
    description: 'Bytes per second, received and sent by all replicas.',
    size: [8, 8],
    unit: 'Bps',
    queries: [
      { name: 'receive', legend: 'received' },
      { name: 'transmit', legend: 'sent' },
    ].map(({ name, legend }) => ({
      expr: `sum(rate(container_network_${name}_bytes_total{${itsContainers}}[$__rate_interval]))`,
      legend,
    })),
    colours: { received: colours.desired, sent: colours.needed },
    empty: 'cAdvisor is not scraped, or knows no container of this service.',
  }),
]

const events = [
  bars({
    title: 'Changes in this time',
    description:
      'Applied and failed changes, restored redeploys, and changes after which tasks kept failing. If there are many ups and downs, lengthen autoscaler.down.stabilization.',
    size: [12, 7],
    unit: 'none',
    queries: [
      ...['up', 'down'].map((direction) => ({
        expr: `round(sum(increase(${own('scalings_total', it, `direction="${direction}"`, 'outcome="applied"')}[$__range])))`,
        legend: direction,
      })),
      {
        expr: `round(sum(increase(${own('scalings_total', it, 'outcome="failed"')}[$__range])))`,
        legend: 'failed',
      },
      {
        expr: `round(sum(increase(${own('redeploys_restored_total', it)}[$__range])))`,
        legend: 'redeploys restored',
      },
      {
        expr: `round(sum(increase(${own('crash_loops_total', it)}[$__range])))`,
        legend: 'crash loops',
      },
    ],
    colours: {
      up: colours.up,
      down: colours.down,
      failed: colours.bad,
      'redeploys restored': colours.person,
      'crash loops': colours.bad,
    },
    empty: 'no such service',
  }),
  lines({
    title: 'Tasks that do not run',
    description:
      'Replicas that no node can take, and replicas whose tasks fail again and again. Further steps are held meanwhile.',
    size: [12, 7],
    unit: 'none',
    queries: [
      { expr: gauge('service_pending_replicas'), legend: 'pending' },
      { expr: gauge('service_failing_replicas'), legend: 'failing' },
    ],
    colours: { pending: colours.worse, failing: colours.bad },
    empty: 'No such service, or no receiver is scraped.',
    draw: 'steps',
    softMax: 1,
    decimals: 0,
  }),
]

const quoted = '%7Bservice%3D%22${service}%22%7D'

export const service = board({
  uid: uids.service,
  title: 'Autoscaler service',
  description: 'One service: what it needs, what it has, and what limits it.',
  from: 'now-1h',
  refresh: '10s',
  variables: [...receivers, oneService, ...addresses],
  annotations: marks(it),
  links: [
    outside(
      'Receiver',
      '${receiver_url}/?service=${service:percentencode}#events',
      'The status page: its history of changes, and the alerts behind them',
    ),
    outside(
      'Its alerts in Prometheus',
      `\${prometheus_url}/graph?g0.expr=ALERTS${quoted}&g0.tab=0&g0.range_input=1h`,
      'Which alerts about it fired, and when',
    ),
    outside(
      'Its alerts in Alertmanager',
      `\${alertmanager_url}/#/alerts?filter=${quoted}`,
      'What is posted about it now; a silence pauses it',
    ),
  ],
  rows: [
    { panels: firstLook },
    { panels: replicas },
    { heading: 'What limits it', panels: limits },
    { heading: 'Signals', panels: signals },
    { heading: 'Load, latency, errors', panels: load },
    { heading: 'Containers', panels: containers },
    { heading: 'Events', panels: events },
    { heading: 'Forecast and its error', folded: true, panels: forecast },
  ],
})
