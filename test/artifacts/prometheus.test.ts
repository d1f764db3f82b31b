import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { expectNoticed, onlyTest } from './mutated-rules.ts'
import { PROMETHEUS_CONFIG, RULE_FILES, RULE_TESTS, RULES } from './shipped-files.ts'

const ruleTests = readdirSync(RULE_TESTS)
const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** How the rules pick the containers of Swarm services. */
const containers = 'image!="",name!="",container_label_com_docker_swarm_service_name!=""'

/** Changes that a test of the rules must notice: its file and how its name begins, what stands in the rules, and what takes its place. */
const MUTATIONS: readonly (readonly [test: string, was: string, becomes: string])[] = [
  [
    'requests.yml a rise',
    'count{service!=""}[15s]))\n          or\n          sum by (service) (histogram',
    'count{service!=""}[30s]))\n          or\n          sum by (service) (histogram',
  ],
  [
    'requests.yml a rise',
    'count{service!=""}[15s]))\n          or\n          sum by (service) (histogram',
    'count{service!=""}[5s]))\n          or\n          sum by (service) (histogram',
  ],
  ['requests.yml the names', 'rate(http_requests_total', 'rate(http_request_total'],
  ['requests.yml the names', 'rate(http_server_requests_seconds_count', 'rate(http_server_requests_count'],
  [
    'requests.yml the names',
    'rate(http_server_request_duration_seconds_count',
    'rate(http_server_duration_count',
  ],
  ['requests.yml the names', 'rate(nginx_http_requests_total', 'rate(nginx_requests_total'],
  ['requests.yml the names', 'max by (service, instance, server) (', 'sum by (service, instance, server) ('],
  ['requests.yml the names', 'max by (service, instance, server) (', 'max by (service) ('],
  ["requests.yml Traefik's service", '(.+)@.+', '(.+)@swarm'],
  ['requests.yml a nickname', '"service", "[^_]+_(.+)"', '"service", ".+_(.+)"'],
  ['requests.yml a nickname', '"$1-$2"', '"$1$2"'],
  [
    'requests.yml a nickname',
    'unless on (name)\n            swarm_autoscaler:service_name',
    'unless on (name)\n            absent_name',
  ],
  ['requests.yml a nickname', 'service_nickname) > 1', 'service_nickname) > 2'],
  ['requests.yml no requests', 'signal="requests"}) > 0', 'signal="requests"})'],
  [
    'requests.yml two receivers',
    '(max by (service) (swarm_autoscaler_service_target{signal="req',
    '((swarm_autoscaler_service_target{signal="req',
  ],
  [
    'requests.yml a replica that',
    'by_signal + on (service, signal) swarm_autoscaler:replicas_missing',
    'by_signal',
  ],
  ['requests.yml a replica that', 'clamp_min(', 'clamp_max('],
  ['requests.yml a replica counts', 'max by (service, instance) (up', '(up'],
  [
    'containers.yml CPU is',
    `cpu_usage_seconds_total{${containers}}[15s])`,
    'cpu_usage_seconds_total{name!="",container_label_com_docker_swarm_service_name!=""}[15s])',
  ],
  [
    'containers.yml CPU is',
    `cpu_usage_seconds_total{${containers}}[15s])`,
    'cpu_usage_seconds_total{image!="",container_label_com_docker_swarm_service_name!=""}[15s])',
  ],
  [
    'containers.yml a container of',
    `cpu_usage_seconds_total{${containers}}[15s])`,
    `cpu_usage_seconds_total{${containers}}[25s])`,
  ],
  [
    'containers.yml a container of',
    `cpu_usage_seconds_total{${containers}}[30s])`,
    `cpu_usage_seconds_total{${containers}}[15s])`,
  ],
  [
    'containers.yml a container that',
    `cpu_usage_seconds_total{${containers}}[30s])`,
    `cpu_usage_seconds_total{${containers}}[1m])`,
  ],
  [
    'containers.yml memory is',
    `bytes{${containers}}[30s]`,
    'bytes{name!="",container_label_com_docker_swarm_service_name!=""}[30s]',
  ],
  [
    'containers.yml memory is',
    `bytes{${containers}}[30s]`,
    'bytes{image!="",container_label_com_docker_swarm_service_name!=""}[30s]',
  ],
  ['containers.yml a container that', `bytes{${containers}}[30s]`, `bytes{${containers}}[2m]`],
  [
    'containers.yml a container of',
    `receive_bytes_total{${containers}}[15s])`,
    `receive_bytes_total{${containers}}[25s])`,
  ],
  [
    'containers.yml a container of',
    `receive_bytes_total{${containers}}[30s])`,
    `receive_bytes_total{${containers}}[15s])`,
  ],
  [
    'containers.yml a container of',
    `transmit_bytes_total{${containers}}[15s])`,
    `transmit_bytes_total{${containers}}[25s])`,
  ],
  [
    'containers.yml a container of',
    `transmit_bytes_total{${containers}}[30s])`,
    `transmit_bytes_total{${containers}}[15s])`,
  ],
  ['containers.yml network is', '                +\n', '                -\n'],
  [
    'containers.yml memory is',
    'and on (service)\n          swarm_autoscaler_service_target{signal="memory"}',
    '',
  ],
  [
    'containers.yml network is',
    'and on (service)\n          swarm_autoscaler_service_target{signal="network"}',
    '',
  ],
  ['containers.yml CPU is', 'and on (service)\n          swarm_autoscaler_service_target{signal="cpu"}', ''],
  [
    'containers.yml CPU is',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)',
  ],
  [
    'containers.yml CPU is',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
    '(swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
  ],
  [
    'containers.yml CPU is',
    'max by (service) (swarm_autoscaler_service_target{signal="cpu"})',
    '(swarm_autoscaler_service_target{signal="cpu"})',
  ],
  [
    'containers.yml memory is',
    'max by (service) (swarm_autoscaler_service_memory_limit_bytes)',
    '(swarm_autoscaler_service_memory_limit_bytes)',
  ],
  [
    'containers.yml memory is',
    'max by (service) (swarm_autoscaler_service_target{signal="memory"})',
    '(swarm_autoscaler_service_target{signal="memory"})',
  ],
  [
    'containers.yml network is',
    '(max by (service) (swarm_autoscaler_service_target{signal="network"',
    '((swarm_autoscaler_service_target{signal="network"',
  ],
  [
    'containers.yml CPU is',
    'count by (service) (swarm_autoscaler:replica_cpu_cores)',
    'sum by (service) (swarm_autoscaler:replica_cpu_cores)',
  ],
  [
    'containers.yml memory is',
    'count by (service) (swarm_autoscaler:replica_memory_bytes)',
    'sum by (service) (swarm_autoscaler:replica_memory_bytes)',
  ],
  [
    'containers.yml network is',
    'count by (service) (swarm_autoscaler:replica_network',
    'sum by (service) (swarm_autoscaler:replica_network',
  ],
  ["queue.yml RabbitMQ's queue", 'max by (vhost, name)', 'sum by (vhost, name)'],
  ["queue.yml RabbitMQ's queue", 'max by (vhost, name)', 'max by (name)'],
  [
    "queue.yml RabbitMQ's queue",
    'rabbitmq_queue_messages{queue!=""} or',
    'rabbitmq_queue_messages{queue!=""} and',
  ],
  ["queue.yml BullMQ's jobs", 'max by (state, name)', 'sum by (state, name)'],
  ["queue.yml BullMQ's jobs", 'max by (state, name)', 'max by (name)'],
  ["queue.yml BullMQ's jobs", ',state=~"waiting|prioritized|active"', ''],
  ["queue.yml BullMQ's jobs", ',state=~"waiting|prioritized|active"', ',state="waiting"'],
  ["queue.yml Redis exporter's", 'max by (db, key, name)', 'sum by (db, key, name)'],
  ["queue.yml Redis exporter's", 'max by (db, key, name)', 'max by (db, name)'],
  ["queue.yml Redis exporter's", '(?:queues?:)?([^:]+)"', '(?:queue:)?([^:]+)"'],
  ['queue.yml a rule', 'max by (service) (swarm_autoscaler:queue_items{source=""})\n            or\n', ''],
  ['queue.yml a rule', 'signal="queue"}) > 0', 'signal="queue"})'],
  [
    "queue.yml RabbitMQ's queue",
    '(max by (service) (swarm_autoscaler_service_target{signal="queue"',
    '((swarm_autoscaler_service_target{signal="queue"',
  ],
  [
    'hpa.yml each measurement',
    'by_signal + on (service, signal) swarm_autoscaler:replicas_missing',
    'by_signal + on (service) group_left () max by (service) (swarm_autoscaler:replicas_missing)',
  ],
  ['hpa.yml the same', 'clamp_min(', '2 * clamp_min('],
  [
    'hpa.yml each measurement',
    'by_signal + on (service, signal) swarm_autoscaler:replicas_missing',
    'by_signal',
  ],
  ['hpa.yml without cAdvisor', '{signal!~"latency|errors"}', '{signal="none"}'],
  ['surge.yml from 1.5', 'vector(0.015)', 'vector(0.0148)'],
  ['surge.yml the alert', 'vector(0.015)', 'vector(0.0152)'],
  ['surge.yml while a scale-up arrives, a', 'vector(8 + 12)', 'vector(15)'],
  ['surge.yml no more', 'vector(2)', 'vector(3)'],
  ['surge.yml how it', 'by_signal{signal!="forecast"}[18s])', 'by_signal{signal!="forecast"}[13s])'],
  ['surge.yml how it', 'by_signal{signal!="forecast"}[18s])', 'by_signal{signal!="forecast"}[23s])'],
  ['surge.yml a forecast', 'by_signal{signal!="forecast"}[18s])', 'by_signal[18s])'],
  ['surge.yml how it', 'by_signal[18s], scalar', 'by_signal[13s], scalar'],
  ['surge.yml how it', 'by_signal[18s], scalar', 'by_signal[23s], scalar'],
  ['surge.yml only on', 'by_signal[28s]) >= 6', 'by_signal[28s]) >= 5'],
  ['surge.yml only on', 'by_signal[28s]) >= 6', 'by_signal[38s]) >= 7'],
  [
    'surge.yml the alert',
    'unless on (service, signal)\n          (\n            swarm_autoscaler:replicas_arriving',
    'and on (service, signal)\n          (\n            swarm_autoscaler:replicas_arriving',
  ],
  ['surge.yml while a scale-up arrives, neither', '[13s] offset 20s', '[3s] offset 20s'],
  ['surge.yml while a scale-up arrives, a', '[13s] offset 20s', '[13s] offset 5s'],
  [
    'surge.yml while a scale-up arrives, a',
    'unless on (service, signal)\n            (\n              min_over',
    'and on (service, signal)\n            (\n              min_over',
  ],
  ['surge.yml while a scale-up arrives, neither', 'reporting[33s]', 'reporting[28s]'],
  ['surge.yml a real', 'reporting[33s]', 'reporting[38s]'],
  [
    'surge.yml a real',
    '> on (service, signal)\n          min_over_time',
    '!= on (service, signal)\n          max_over_time',
  ],
  ['surge.yml a real', 'by_signal[13s])\n          and', 'by_signal[8s])\n          and'],
  ['surge.yml a real', 'by_signal[13s])\n          and', 'by_signal[18s])\n          and'],
  [
    'surge.yml a real',
    'and on (service, signal)\n          swarm_autoscaler:replicas_needed:by_signal\n',
    '',
  ],
  ['surge.yml at 95', 'vector(4)', 'vector(3.9)'],
  ['surge.yml only where', 'vector(1)', 'vector(1.01)'],
  ['surge.yml only where', 'vector(1)', 'vector(0.99)'],
  ['surge.yml at 95', 'cpu"} < on (service)', 'cpu"} > on (service)'],
  ['surge.yml at 95', 'container_spec_cpu_quota{', 'container_cpu_usage_seconds_total{'],
  [
    'surge.yml at 95',
    'avg by (service) (swarm_autoscaler:replica_cpu_cores)',
    'sum by (service) (swarm_autoscaler:replica_cpu_cores)',
  ],
  [
    'surge.yml at 95',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            >= scalar',
    '(swarm_autoscaler_service_cpu_limit_cores)\n            >= scalar',
  ],
  [
    'beside-forecast.yml the rules',
    'or\n            (\n              swarm_autoscaler:replicas_without_forecast:ratio >',
    'and\n            (\n              swarm_autoscaler:replicas_without_forecast:ratio >',
  ],
  [
    'beside-forecast.yml the rules',
    '            and on (service)\n            (swarm_autoscaler:replicas_needed_for_up:measured > on (service) swarm_autoscaler:desired_replicas)\n',
    '',
  ],
  [
    'beside-forecast.yml a surge',
    'replicas_without_forecast < on (service) swarm_autoscaler:desired_replicas\n                or on (service)\n',
    'desired_replicas\n                or on (service)\n',
  ],
  [
    'beside-forecast.yml the rules',
    'ceil(swarm_autoscaler:replicas_needed_for_up:measured)',
    'swarm_autoscaler:desired_replicas',
  ],
  ['beside-forecast.yml what lasts', 'without_forecast:ratio[118s]', 'without_forecast:ratio[113s]'],
  ['beside-forecast.yml what lasts', 'without_forecast:ratio[118s]', 'without_forecast:ratio[123s]'],
  ['beside-forecast.yml they would', 'measured[178s]) /', 'measured[173s]) /'],
  ['beside-forecast.yml they would', 'measured[178s]) /', 'measured[183s]) /'],
  ['beside-forecast.yml what lasts', 'without_forecast:ratio offset 2m', 'without_forecast:ratio offset 1m'],
  ['beside-forecast.yml they would', 'measured offset 3m', 'measured offset 2m'],
  ['beside-forecast.yml they would', '[148s]', '[143s]'],
  ['beside-forecast.yml they would', '[148s]', '[153s]'],
  [
    'beside-forecast.yml the rules',
    '          and on (service)\n          swarm_autoscaler:replicas_needed:by_signal{signal="forecast"}\n\n      # One alert',
    '\n      # One alert',
  ],
  ['up.yml above 1.25', 'vector(1.25)', 'vector(1.26)'],
  ['up.yml above 1.25', 'vector(1.25)', 'vector(1.24)'],
  [
    'up.yml above 1.25',
    'for_up:ratio > scalar(swarm_autoscaler:up_at',
    'for_up:ratio >= scalar(swarm_autoscaler:up_at',
  ],
  ['up.yml above 1.20', 'vector(1.20)', 'vector(1.21)'],
  ['up.yml above 1.20', 'for_up:ratio_min2m > scalar', 'for_up:ratio_min2m >= scalar'],
  ['up.yml two minutes', 'for_up:ratio[118s]', 'for_up:ratio[113s]'],
  ['up.yml two minutes', 'for_up:ratio[118s]', 'for_up:ratio[123s]'],
  ['up.yml above 1.25', 'for_up:ratio offset 2m', 'for_up:ratio'],
  ['up.yml two minutes', 'for_up:ratio offset 2m', 'for_up:ratio offset 3m'],
  ['up.yml the largest', ' >= 0 < Inf', ''],
  [
    'up.yml web and',
    'max by (service) (swarm_autoscaler_service_desired',
    '(swarm_autoscaler_service_desired',
  ],
  ['down.yml not while', '{signal!~"latency|errors"}', ''],
  ['down.yml not while', '{signal!~"latency|errors"}', '{signal="none"}'],
  ...['cpu', 'memory', 'network'].map(
    (signal) =>
      [
        'not-measured.yml while no',
        '{signal!~"latency|errors"}',
        `{signal!~"latency|errors|${signal}"}`,
      ] as const,
  ),
  [
    'not-measured.yml when containers',
    `cpu_usage_seconds_total{${containers}}[30s])`,
    `cpu_usage_seconds_total{${containers}}[1m])`,
  ],
  ['not-measured.yml when containers', `bytes{${containers}}[30s]`, `bytes{${containers}}[1m]`],
  [
    'not-measured.yml when containers',
    'replicas_needed_for_down:max\n          and',
    'desired_replicas\n          and',
  ],
  [
    'down.yml a forecast',
    'replicas_needed:by_signal{signal!="forecast"}\n\n',
    'replicas_needed:by_signal\n\n',
  ],
  [
    'down.yml below 0.95',
    'desired_replicas\n            < scalar',
    'desired_replicas\n            <= scalar',
  ],
  ['down.yml not while', 'vector(1.05)', 'vector(1.06)'],
  ['down.yml only when', 'desired_replicas - 1)', 'desired_replicas)'],
  ['down.yml web and', 'desired_replicas - 1)', 'desired_replicas - 2)'],
  ['down.yml above the', 'replicas_down_to <= on', 'replicas_down_to < on'],
  ['down.yml above the', 'desired_replicas > on', 'desired_replicas >= on'],
  ['down.yml to the', ':max[28s]', ':max[23s]'],
  ['down.yml to the', ':max[28s]', ':max[33s]'],
  ['down.yml not before', 'for_down:max offset 30s', 'for_down:max offset 20s'],
  ['down.yml not before', 'for_down:max offset 30s', 'for_down:max offset 1m'],
  ['down.yml when all', 'replicas_needed_for_down:max\n          and', 'desired_replicas\n          and'],
  ['down.yml the largest', 'max by (service, signal) (swarm', '(swarm'],
  ['down.yml web and', 'max by (service) (swarm_autoscaler_service_min', '(swarm_autoscaler_service_min'],
  ['steps.yml errors are', 'vector(20)', 'vector(21)'],
  ['steps.yml the p95 is', 'vector(20)', 'vector(16)'],
  ['steps.yml the p95 above', 'vector(2)', 'vector(2.05)'],
  ['steps.yml the p95 above', 'vector(2)', 'vector(1.99)'],
  ['steps.yml the p95 above', 'latency:ratio{service!=""} > 1', 'latency:ratio{service!=""} >= 1'],
  ['steps.yml the p95 above', 'latency:ratio{service!=""} > 1', 'latency:ratio{service!=""} > 1.1'],
  ['steps.yml the p95 above', 'latency:ratio{service!=""} > scalar', 'latency:ratio{service!=""} >= scalar'],
  ['steps.yml errors above', 'errors:ratio{service!=""} > 1', 'errors:ratio{service!=""} >= 1'],
  ['steps.yml errors above', 'errors:ratio{service!=""} > 1', 'errors:ratio{service!=""} > 1.2'],
  ['steps.yml errors above', 'errors:ratio{service!=""} > scalar', 'errors:ratio{service!=""} >= scalar'],
  [
    'steps.yml the p95 is',
    'quantile(0.95, swarm_autoscaler:latency_bucket',
    'quantile(0.9, swarm_autoscaler:latency_bucket',
  ],
  ['steps.yml the p95 above', 'signal="latency"}) > 0', 'signal="latency"})'],
  [
    'steps.yml the p95 above',
    '(max by (service) (swarm_autoscaler_service_target{signal="latency"',
    '((swarm_autoscaler_service_target{signal="latency"',
  ],
  ['steps.yml errors above', 'signal="errors"}) > 0', 'signal="errors"})'],
  [
    'steps.yml errors above',
    '(max by (service) (swarm_autoscaler_service_target{signal="errors"',
    '((swarm_autoscaler_service_target{signal="errors"',
  ],
  [
    'steps.yml a minute',
    '(rate(http_request_duration_seconds_bucket{service!=""}[1m]))',
    '(rate(http_request_duration_seconds_bucket{service!=""}[5m]))',
  ],
  [
    'steps.yml the p95 is',
    'http_request_duration_seconds{service!="",quantile=""}',
    'http_request_duration_seconds{service!=""}',
  ],
  ['steps.yml the p95 is', 'http_server_requests_seconds_bucket', 'http_server_requests_bucket'],
  ['steps.yml the p95 is', 'http_server_request_duration_seconds_bucket', 'http_server_duration_bucket'],
  ['steps.yml the p95 is', 'caddy_http_request_duration_seconds_bucket', 'caddy_duration_seconds_bucket'],
  [
    'steps.yml the p95 is',
    'traefik_service_request_duration_seconds_bucket',
    'traefik_duration_seconds_bucket',
  ],
  ['steps.yml errors above', '{answer=~"5.."}', '{answer=~"[45].."}'],
  ['steps.yml errors above', '{answer=~"5.."}', '{answer="500"}'],
  [
    'steps.yml errors are',
    'max by (service, instance, server, answer) (',
    'sum by (service, instance, server, answer) (',
  ],
  [
    'steps.yml errors are',
    'http_requests_total{service!="",status!=""',
    'http_requests_total{service!="",no!=""',
  ],
  [
    'steps.yml errors are',
    'http_requests_total{service!="",status_code!=""',
    'http_requests_total{service!="",no!=""',
  ],
  ['steps.yml errors are', 'seconds_count{service!="",code!=""', 'seconds_count{service!="",no!=""'],
  ['steps.yml errors are', 'seconds_count{service!="",status!=""', 'seconds_count{service!="",no!=""'],
  ['steps.yml errors are', 'seconds_count{service!="",status_code!=""', 'seconds_count{service!="",no!=""'],
  ['steps.yml errors are', 'http_server_requests_seconds_count', 'http_server_requests_count'],
  ['steps.yml errors are', '"http_response_status_code"', '"http_status_code"'],
  ['steps.yml errors are', 'rate(traefik_service_requests_total', 'rate(traefik_requests_total'],
  ['dashboards.yml replica-seconds are', '_total[65s])) * 60 / 65', '_total[1m]))'],
  ['dashboards.yml replica-seconds are', '_total[65s])) * 60 / 65', '_total[65s]))'],
  ['dashboards.yml replica-seconds are', 'max by (service) (increase', 'sum by (service) (increase'],
  ['dashboards.yml replica-seconds are', 'total offset 1m', 'total'],
  [
    'dashboards.yml a service',
    'max by (service) (swarm_autoscaler:replicas_needed)',
    'swarm_autoscaler:replicas_needed',
  ],
  [
    'dashboards.yml a service',
    'or\n          max by (service) (swarm_autoscaler_service_needed',
    'or\n          sum by (service) (swarm_autoscaler_service_needed',
  ],
  [
    'dashboards.yml a service',
    'or\n          max by (service) (swarm_autoscaler_service_desired',
    'and\n          max by (service) (swarm_autoscaler_service_desired',
  ],
  ['dashboards.yml replica-seconds are', 'increase1m / 3600', 'increase1m / 60'],
  [
    'dashboards.yml replica-seconds are',
    'max by (service) (swarm_autoscaler_service_cost_per_hour)',
    'swarm_autoscaler_service_cost_per_hour',
  ],
  ['dashboards.yml the most', 'max_over_time(swarm', 'last_over_time(swarm'],
  ['dashboards.yml the most', 'max by (service) (max_over_time', 'sum by (service) (max_over_time'],
]

/** The file of rules that a test is about; files about scaling are several. */
function rulesUnder(test: string): string {
  return /^(?:steps|dashboards)\.yml/.exec(test)?.[0] ?? 'scaling.yml'
}

await describeWithTools('the shipped Prometheus files', ({ promtool }) => {
  beforeAll(() => {
    cpSync(RULES, join(folder, 'rules'), { recursive: true })
    cpSync(RULE_TESTS, join(folder, 'tests'), { recursive: true })
    const config = readFileSync(PROMETHEUS_CONFIG, 'utf8').replace(
      '/etc/prometheus/rules',
      join(folder, 'rules'),
    )
    writeFileSync(join(folder, 'prometheus.yml'), config)
  })

  it('are a configuration that Prometheus loads, rules included', async () => {
    const { exitCode, output } = await runTool(promtool, ['check', 'config', join(folder, 'prometheus.yml')])
    expect(output).toMatch(
      /5 rule files found.*rules\/dashboards\.yml.*rules\/forecast\.yml.*rules\/health\.yml.*rules\/scaling\.yml.*rules\/steps\.yml/s,
    )
    expect(exitCode, output).toBe(0)
  })

  it('are rules without a fault or a duplicate', async () => {
    const { exitCode, output } = await runTool(promtool, [
      'check',
      'rules',
      '--lint=all',
      '--lint-fatal',
      ...RULE_FILES,
    ])
    expect(exitCode, output).toBe(0)
  })

  it.each(ruleTests)('hold what prometheus/tests/%s promises', async (file) => {
    const { exitCode, output } = await runTool(promtool, ['test', 'rules', join(RULE_TESTS, file)])
    expect(exitCode, output).toBe(0)
  })

  it.concurrent.each(MUTATIONS)('let %s notice %j become %j', async (test, was, becomes) => {
    const name = rulesUnder(test)
    const text = readFileSync(join(RULES, name), 'utf8')
    expect(text.split(was), 'stands once in the rules').toHaveLength(2)
    const mutated = { name, rules: text.replace(was, becomes), tests: onlyTest(test) }
    await expectNoticed({ promtool, folder }, mutated)
  })
})
