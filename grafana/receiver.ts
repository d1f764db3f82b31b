import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common'
import { board, uids } from './parts/board.ts'
import { colours } from './parts/colours.ts'
import { toPrograms } from './parts/links.ts'
import { onOff } from './parts/mappings.ts'
import { lines, numbers, type PanelOptions } from './parts/panels.ts'
import { ofProcess, own, perMinute, perSecond, type Query, quantile } from './parts/query.ts'
import { addresses, receivers } from './parts/variables.ts'

const down = 'No receiver is scraped.'

type Light = Pick<PanelOptions, 'title' | 'description'> & {
  readonly query: string
  readonly words: readonly [good: string, bad: string]
}

/** Good or bad, by 1 or 0. */
const light = ({ query, words, ...options }: Light) =>
  numbers({
    ...options,
    size: [4, 4],
    unit: 'none',
    queries: [{ expr: `${query} or vector(-1)`, legend: words[0] }],
    empty: 'down',
    thresholds: [
      [null, colours.bad],
      [1, colours.good],
    ],
    mappings: onOff(...words, { absent: 'unknown' }),
    loud: true,
  })

const firstLook = [
  light({
    title: 'Receiver',
    description:
      'Whether Prometheus can scrape a receiver. If not, see `docker service ps`, its log, and docs/runbooks/SwarmAutoscalerDown.md.',
    query: `max(${ofProcess('up')})`,
    words: ['up', 'down'],
  }),
  light({
    title: 'Docker',
    description:
      "Whether it could read the services at its last resync. If not, check the socket proxy, and the managers' quorum.",
    query: `max(${own('docker_up')})`,
    words: ['reached', 'away'],
  }),
  light({
    title: "Docker's events",
    description:
      "Whether the receiver gets Docker's events. If not, the resync finds changes up to 15 s late: allow GET /events in the socket proxy.",
    query: `max(${own('docker_events_up')})`,
    words: ['received', 'lost'],
  }),
  light({
    title: 'Reload',
    description:
      'Whether the last reload of policy, token and TLS files succeeded. If not, the receiver keeps the previous configuration; the log says why.',
    query: `min(${own('config_last_reload_successful')})`,
    words: ['ok', 'refused'],
  }),
  light({
    title: 'History',
    description:
      'Whether the history can be written. If not, scaling continues, and the last events wait in memory: check the disk or the database.',
    query: `min(${own('history_up')})`,
    words: ['written', 'waits'],
  }),
  numbers({
    title: 'Version',
    description: 'Versions of the scraped receivers. Two versions for long: a rollout is stuck.',
    size: [4, 4],
    unit: 'none',
    queries: [{ expr: `max by (version) (${own('build_info')})`, legend: '{{version}}' }],
    empty: 'down',
    thresholds: [[null, colours.desired]],
    named: true,
  }).textMode(BigValueTextMode.Name),
]

const webhook = 'route="/webhook"'
const shares = [
  [0.5, 'p50', colours.desired],
  [0.95, 'p95', colours.needed],
  [0.99, 'p99', colours.bad],
] as const
const shareColours = Object.fromEntries(shares.map(([, name, colour]) => [name, colour]))
const latency = (histogram: string, ...matchers: readonly string[]): readonly Query[] =>
  shares.map(([share, legend]) => ({
    expr: `${quantile(share, histogram, '$__rate_interval', ...matchers)} >= 0`,
    legend,
  }))

const posts = [
  lines({
    title: 'Posts to the webhook',
    description:
      "Alertmanager's messages by answer. 401 and 403: the token is missing or wrong. 400, 413 and 415: not a message of Alertmanager, or too large. 503: Docker is down; Alertmanager retries.",
    size: [8, 8],
    unit: 'reqps',
    queries: [
      { expr: perSecond('http_request_duration_seconds_count', 'code', webhook), legend: '{{code}}' },
    ],
    empty:
      'No posts yet. Alertmanager posts when a scaling alert fires. If one does, its route is wrong: swarm-autoscaler check.',
    stacked: true,
    colours: {
      200: colours.good,
      400: colours.worse,
      401: colours.bad,
      403: colours.bad,
      413: colours.worse,
      415: colours.worse,
      500: colours.bad,
      503: colours.bad,
    },
  }),
  lines({
    title: 'Time to answer a post',
    description:
      'From a post to its answer, which is sent when the due changes are applied. Usually 20 ms. Above 2.5 s for long: check whether Docker is slow.',
    size: [8, 8],
    unit: 's',
    queries: latency('http_request_duration_seconds', webhook),
    empty: 'No posts in this time.',
    colours: shareColours,
  }),
  lines({
    title: 'Alerts received',
    description:
      'Alerts per minute by direction; each post of an active alert counts. Without a direction: an invalid alert.',
    size: [8, 8],
    unit: 'cpm',
    queries: [{ expr: `${perMinute('alerts_total', 'scale, status')} > 0`, legend: '{{scale}} {{status}}' }],
    empty: 'No alert was received in this time.',
    stacked: true,
    colours: {
      'up firing': colours.up,
      'down firing': colours.down,
      'up resolved': '#FFCB7D',
      'down resolved': '#C0D8FF',
      ' firing': colours.bad,
    },
  }),
  lines({
    title: 'Alertmanager: webhook messages',
    description:
      'Messages that Alertmanager sent and gave up, to all its webhooks. Its log names the receiver and the cause.',
    size: [8, 8],
    unit: 'reqps',
    queries: [
      {
        expr: 'sum(rate(alertmanager_notifications_total{integration="webhook"}[$__rate_interval]))',
        legend: 'sent',
      },
      {
        expr: 'sum(rate(alertmanager_notifications_failed_total{integration="webhook"}[$__rate_interval]))',
        legend: 'given up',
      },
    ],
    empty: 'Alertmanager is not scraped.',
    colours: { sent: colours.good, 'given up': colours.bad },
  }),
  lines({
    title: 'Alerts rejected',
    description: 'Rejected alerts per minute. A rule is wrong: the log names the alert.',
    size: [8, 8],
    unit: 'cpm',
    queries: [
      {
        expr: `60 * sum(rate(${own('decisions_total', 'decision="reject"', 'reason=~"unknown_service|invalid_alert|not_replicated|invalid_policy"')}[$__rate_interval])) or vector(0)`,
        legend: 'rejected',
      },
    ],
    empty: down,
    colours: { rejected: colours.bad },
    softMax: 1,
  }),
  lines({
    title: 'Other requests',
    description: 'Requests to the API, the page, /metrics and the health checks, by route.',
    size: [8, 8],
    unit: 'reqps',
    queries: [
      {
        expr: perSecond('http_request_duration_seconds_count', 'route', 'route!="/webhook"'),
        legend: '{{route}}',
      },
    ],
    empty: down,
    stacked: true,
  }),
]

const docker = [
  lines({
    title: 'Calls of Docker',
    description:
      'Calls of the engine by operation. All services are read every 15 s, and a service before each change.',
    size: [8, 8],
    unit: 'ops',
    queries: [{ expr: perSecond('docker_requests_total', 'operation'), legend: '{{operation}}' }],
    empty: down,
    stacked: true,
  }),
  lines({
    title: 'Time of a call',
    description:
      'p95 of calls by operation. Usually a few milliseconds; above 1 s the engine or the proxy is overloaded. A call is given up after 5 s.',
    size: [8, 8],
    unit: 's',
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (operation, le) (increase(${own('docker_request_duration_seconds_bucket')}[$__rate_interval]))) >= 0`,
        legend: '{{operation}}',
      },
    ],
    empty: down,
  }),
  lines({
    title: 'Errors and conflicts',
    description:
      'Failed calls (except for removed services), and updates that lost against another update and were decided again. denied: the socket proxy does not allow the call. Many conflicts: a second writer.',
    size: [8, 8],
    unit: 'cpm',
    queries: [
      {
        expr: `60 * sum(rate(${own('docker_requests_total', 'outcome!~"ok|not_found|conflict"')}[$__rate_interval])) or vector(0)`,
        legend: 'errors',
      },
      { expr: `60 * sum(rate(${own('docker_conflicts_total')}[$__rate_interval]))`, legend: 'conflicts' },
    ],
    empty: down,
    colours: { errors: colours.bad, conflicts: colours.worse },
    softMax: 1,
  }),
]

const record = [
  lines({
    title: 'Writes of the history',
    description:
      'Writes by outcome. If not ok, the disk is full or the database is down, for example; the log says which.',
    size: [8, 8],
    unit: 'wps',
    queries: [{ expr: perSecond('history_writes_total', 'outcome'), legend: '{{outcome}}' }],
    empty: down,
    stacked: true,
    colours: { ok: colours.good },
  }),
  lines({
    title: 'Time of a write',
    description:
      'Duration of successful writes. Scaling does not wait for them; above 1 s for long, entries begin to wait.',
    size: [8, 8],
    unit: 's',
    queries: latency('history_write_duration_seconds'),
    empty: 'Nothing was written in this time.',
    colours: shareColours,
  }),
  lines({
    title: 'Waiting and lost entries',
    description:
      'Entries that wait in memory to be written, and entries that were dropped because there were too many. Lost entries are missing in the history.',
    size: [8, 8],
    unit: 'none',
    queries: [
      { expr: `sum(${own('history_waiting_entries')})`, legend: 'waiting' },
      { expr: `sum(increase(${own('history_lost_entries_total')}[$__rate_interval]))`, legend: 'lost' },
    ],
    empty: down,
    colours: { waiting: colours.waiting, lost: colours.bad },
    softMax: 1,
  }),
]

const resources = [
  lines({
    title: 'Event loop lag',
    description:
      "Delay of the process' event loop. Usually some milliseconds; above 100 ms it needs more CPU: raise its limit.",
    size: [8, 8],
    unit: 's',
    queries: [
      { expr: `max(${ofProcess('nodejs_eventloop_lag_p50_seconds')})`, legend: 'p50' },
      { expr: `max(${ofProcess('nodejs_eventloop_lag_p99_seconds')})`, legend: 'p99' },
    ],
    empty: down,
    colours: { p50: colours.desired, p99: colours.needed },
  }),
  lines({
    title: 'Memory',
    description:
      'Memory of the process and of its heap. The stack file allows 256 MiB. It grows with the number of services, not with time.',
    size: [8, 8],
    unit: 'bytes',
    queries: [
      { expr: `max(${ofProcess('process_resident_memory_bytes')})`, legend: 'resident' },
      { expr: `max(${ofProcess('nodejs_heap_size_used_bytes')})`, legend: 'heap used' },
    ],
    empty: down,
    colours: { resident: colours.needed, 'heap used': colours.desired },
  }),
  lines({
    title: 'CPU',
    description: 'Cores that the process uses. The stack file allows 0.5.',
    size: [8, 8],
    unit: 'percentunit',
    queries: [
      { expr: `sum(rate(${ofProcess('process_cpu_seconds_total')}[$__rate_interval]))`, legend: 'of a core' },
    ],
    empty: down,
    colours: { 'of a core': colours.desired },
  }),
]

export const receiver = board({
  uid: uids.receiver,
  title: 'Autoscaler receiver health',
  description: 'Does the receiver get alerts, reach Docker, and keep up?',
  from: 'now-1h',
  refresh: '10s',
  variables: [...receivers, ...addresses],
  annotations: [],
  links: toPrograms,
  rows: [
    { panels: firstLook },
    { heading: 'Alerts and posts', panels: posts },
    { heading: 'Calls of the engine', panels: docker },
    { heading: 'The history', panels: record },
    { heading: 'The process', panels: resources },
  ],
})
