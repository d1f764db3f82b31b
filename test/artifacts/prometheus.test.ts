import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { expectNoticed } from './mutated-rules.ts'
import { PROMETHEUS_CONFIG, RULE_FILES, RULE_TESTS, SCALING_RULES } from './shipped-files.ts'

const ruleTests = readdirSync(RULE_TESTS)
const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** How the rules pick the containers of Swarm services. */
const containers = 'image!="",name!="",container_label_com_docker_swarm_service_name!=""'

/** Changes that the rules' tests must notice: which file of them, what stands in the rules, and what takes its place. */
const MUTATIONS: readonly (readonly [tests: string, was: string, becomes: string])[] = [
  [
    'requests.yml',
    'count{service!=""}[15s]))\n          or\n          sum by (service) (histogram',
    'count{service!=""}[30s]))\n          or\n          sum by (service) (histogram',
  ],
  [
    'requests.yml',
    'count{service!=""}[15s]))\n          or\n          sum by (service) (histogram',
    'count{service!=""}[5s]))\n          or\n          sum by (service) (histogram',
  ],
  ['requests.yml', 'rate(http_requests_total', 'rate(http_request_total'],
  ['requests.yml', 'rate(http_server_requests_seconds_count', 'rate(http_server_requests_count'],
  ['requests.yml', 'rate(http_server_request_duration_seconds_count', 'rate(http_server_duration_count'],
  ['requests.yml', 'rate(nginx_http_requests_total', 'rate(nginx_requests_total'],
  ['requests.yml', 'max by (service, instance, server) (', 'sum by (service, instance, server) ('],
  ['requests.yml', 'max by (service, instance, server) (', 'max by (service) ('],
  ['requests.yml', '(.+)@.+', '(.+)@swarm'],
  ['requests.yml', '"service", "[^_]+_(.+)"', '"service", ".+_(.+)"'],
  ['requests.yml', '"$1-$2"', '"$1$2"'],
  [
    'requests.yml',
    'unless on (name)\n            swarm_autoscaler:service_name',
    'unless on (name)\n            absent_name',
  ],
  ['requests.yml', 'service_nickname) > 1', 'service_nickname) > 2'],
  ['requests.yml', 'signal="requests"}) > 0', 'signal="requests"})'],
  [
    'requests.yml',
    '(max by (service) (swarm_autoscaler_service_target{signal="req',
    '((swarm_autoscaler_service_target{signal="req',
  ],
  ['requests.yml', 'by_signal + on (service, signal) swarm_autoscaler:replicas_missing', 'by_signal'],
  ['requests.yml', 'clamp_min(', 'clamp_max('],
  ['requests.yml', 'max by (service, instance) (up', '(up'],
  [
    'containers.yml',
    `cpu_usage_seconds_total{${containers}}[15s])`,
    'cpu_usage_seconds_total{name!="",container_label_com_docker_swarm_service_name!=""}[15s])',
  ],
  [
    'containers.yml',
    `cpu_usage_seconds_total{${containers}}[15s])`,
    'cpu_usage_seconds_total{image!="",container_label_com_docker_swarm_service_name!=""}[15s])',
  ],
  [
    'containers.yml',
    `cpu_usage_seconds_total{${containers}}[15s])`,
    `cpu_usage_seconds_total{${containers}}[25s])`,
  ],
  [
    'containers.yml',
    `cpu_usage_seconds_total{${containers}}[30s])`,
    `cpu_usage_seconds_total{${containers}}[15s])`,
  ],
  [
    'containers.yml',
    `cpu_usage_seconds_total{${containers}}[30s])`,
    `cpu_usage_seconds_total{${containers}}[1m])`,
  ],
  [
    'containers.yml',
    `bytes{${containers}}[30s]`,
    'bytes{name!="",container_label_com_docker_swarm_service_name!=""}[30s]',
  ],
  [
    'containers.yml',
    `bytes{${containers}}[30s]`,
    'bytes{image!="",container_label_com_docker_swarm_service_name!=""}[30s]',
  ],
  ['containers.yml', `bytes{${containers}}[30s]`, `bytes{${containers}}[2m]`],
  ['containers.yml', `receive_bytes_total{${containers}}[15s])`, `receive_bytes_total{${containers}}[25s])`],
  ['containers.yml', `receive_bytes_total{${containers}}[30s])`, `receive_bytes_total{${containers}}[15s])`],
  [
    'containers.yml',
    `transmit_bytes_total{${containers}}[15s])`,
    `transmit_bytes_total{${containers}}[25s])`,
  ],
  [
    'containers.yml',
    `transmit_bytes_total{${containers}}[30s])`,
    `transmit_bytes_total{${containers}}[15s])`,
  ],
  ['containers.yml', '                +\n', '                -\n'],
  ['containers.yml', 'and on (service)\n          swarm_autoscaler_service_target{signal="memory"}', ''],
  ['containers.yml', 'and on (service)\n          swarm_autoscaler_service_target{signal="network"}', ''],
  ['containers.yml', 'and on (service)\n          swarm_autoscaler_service_target{signal="cpu"}', ''],
  [
    'containers.yml',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)',
  ],
  [
    'containers.yml',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
    '(swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
  ],
  [
    'containers.yml',
    'max by (service) (swarm_autoscaler_service_target{signal="cpu"})',
    '(swarm_autoscaler_service_target{signal="cpu"})',
  ],
  [
    'containers.yml',
    'max by (service) (swarm_autoscaler_service_memory_limit_bytes)',
    '(swarm_autoscaler_service_memory_limit_bytes)',
  ],
  [
    'containers.yml',
    'max by (service) (swarm_autoscaler_service_target{signal="memory"})',
    '(swarm_autoscaler_service_target{signal="memory"})',
  ],
  [
    'containers.yml',
    '(max by (service) (swarm_autoscaler_service_target{signal="network"',
    '((swarm_autoscaler_service_target{signal="network"',
  ],
  [
    'containers.yml',
    'count by (service) (swarm_autoscaler:replica_cpu_cores)',
    'sum by (service) (swarm_autoscaler:replica_cpu_cores)',
  ],
  [
    'containers.yml',
    'count by (service) (swarm_autoscaler:replica_memory_bytes)',
    'sum by (service) (swarm_autoscaler:replica_memory_bytes)',
  ],
  [
    'containers.yml',
    'count by (service) (swarm_autoscaler:replica_network',
    'sum by (service) (swarm_autoscaler:replica_network',
  ],
  ['queue.yml', 'max by (vhost, name)', 'sum by (vhost, name)'],
  ['queue.yml', 'max by (vhost, name)', 'max by (name)'],
  ['queue.yml', 'rabbitmq_queue_messages{queue!=""} or', 'rabbitmq_queue_messages{queue!=""} and'],
  ['queue.yml', 'max by (state, name)', 'sum by (state, name)'],
  ['queue.yml', 'max by (state, name)', 'max by (name)'],
  ['queue.yml', ',state=~"waiting|prioritized|active"', ''],
  ['queue.yml', ',state=~"waiting|prioritized|active"', ',state="waiting"'],
  ['queue.yml', 'max by (db, key, name)', 'sum by (db, key, name)'],
  ['queue.yml', 'max by (db, key, name)', 'max by (db, name)'],
  ['queue.yml', '(?:queues?:)?([^:]+)"', '(?:queue:)?([^:]+)"'],
  ['queue.yml', 'max by (service) (swarm_autoscaler:queue_items{source=""})\n            or\n', ''],
  ['queue.yml', 'signal="queue"}) > 0', 'signal="queue"})'],
  [
    'queue.yml',
    '(max by (service) (swarm_autoscaler_service_target{signal="queue"',
    '((swarm_autoscaler_service_target{signal="queue"',
  ],
  [
    'hpa.yml',
    'by_signal + on (service, signal) swarm_autoscaler:replicas_missing',
    'by_signal + on (service) group_left () max by (service) (swarm_autoscaler:replicas_missing)',
  ],
  ['hpa.yml', 'clamp_min(', '2 * clamp_min('],
  ['hpa.yml', 'by_signal + on (service, signal) swarm_autoscaler:replicas_missing', 'by_signal'],
  ['hpa.yml', '{signal!~"latency|errors"}', '{signal="none"}'],
  ['surge.yml', 'vector(0.015)', 'vector(0.0148)'],
  ['surge.yml', 'vector(0.015)', 'vector(0.0152)'],
  ['surge.yml', 'vector(8 + 12)', 'vector(15)'],
  ['surge.yml', 'vector(2)', 'vector(3)'],
  ['surge.yml', 'by_signal{signal!="forecast"}[18s])', 'by_signal{signal!="forecast"}[13s])'],
  ['surge.yml', 'by_signal{signal!="forecast"}[18s])', 'by_signal{signal!="forecast"}[23s])'],
  ['surge.yml', 'by_signal{signal!="forecast"}[18s])', 'by_signal[18s])'],
  ['surge.yml', 'by_signal[18s], scalar', 'by_signal[13s], scalar'],
  ['surge.yml', 'by_signal[18s], scalar', 'by_signal[23s], scalar'],
  ['surge.yml', 'by_signal[28s]) >= 6', 'by_signal[28s]) >= 5'],
  ['surge.yml', 'by_signal[28s]) >= 6', 'by_signal[38s]) >= 7'],
  [
    'surge.yml',
    'unless on (service, signal)\n          (\n            swarm_autoscaler:replicas_arriving',
    'and on (service, signal)\n          (\n            swarm_autoscaler:replicas_arriving',
  ],
  ['surge.yml', '[13s] offset 20s', '[3s] offset 20s'],
  ['surge.yml', '[13s] offset 20s', '[13s] offset 5s'],
  [
    'surge.yml',
    'unless on (service, signal)\n            (\n              min_over',
    'and on (service, signal)\n            (\n              min_over',
  ],
  ['surge.yml', 'reporting[33s]', 'reporting[28s]'],
  ['surge.yml', 'reporting[33s]', 'reporting[38s]'],
  [
    'surge.yml',
    '> on (service, signal)\n          min_over_time',
    '!= on (service, signal)\n          max_over_time',
  ],
  ['surge.yml', 'by_signal[13s])\n          and', 'by_signal[8s])\n          and'],
  ['surge.yml', 'by_signal[13s])\n          and', 'by_signal[18s])\n          and'],
  ['surge.yml', 'and on (service, signal)\n          swarm_autoscaler:replicas_needed:by_signal\n', ''],
  ['surge.yml', 'vector(4)', 'vector(3.9)'],
  ['surge.yml', 'vector(1)', 'vector(1.01)'],
  ['surge.yml', 'vector(1)', 'vector(0.99)'],
  ['surge.yml', 'cpu"} < on (service)', 'cpu"} > on (service)'],
  ['surge.yml', 'container_spec_cpu_quota{', 'container_cpu_usage_seconds_total{'],
  [
    'surge.yml',
    'avg by (service) (swarm_autoscaler:replica_cpu_cores)',
    'sum by (service) (swarm_autoscaler:replica_cpu_cores)',
  ],
  [
    'surge.yml',
    'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            >= scalar',
    '(swarm_autoscaler_service_cpu_limit_cores)\n            >= scalar',
  ],
  [
    'beside-forecast.yml',
    'or\n            (\n              swarm_autoscaler:replicas_without_forecast:ratio >',
    'and\n            (\n              swarm_autoscaler:replicas_without_forecast:ratio >',
  ],
  [
    'beside-forecast.yml',
    '            and on (service)\n            (swarm_autoscaler:replicas_needed_for_up:measured > on (service) swarm_autoscaler:desired_replicas)\n',
    '',
  ],
  [
    'beside-forecast.yml',
    'replicas_without_forecast < on (service) swarm_autoscaler:desired_replicas\n                or on (service)\n',
    'desired_replicas\n                or on (service)\n',
  ],
  [
    'beside-forecast.yml',
    'ceil(swarm_autoscaler:replicas_needed_for_up:measured)',
    'swarm_autoscaler:desired_replicas',
  ],
  ['beside-forecast.yml', 'without_forecast:ratio[118s]', 'without_forecast:ratio[113s]'],
  ['beside-forecast.yml', 'without_forecast:ratio[118s]', 'without_forecast:ratio[123s]'],
  ['beside-forecast.yml', 'measured[178s]) /', 'measured[173s]) /'],
  ['beside-forecast.yml', 'measured[178s]) /', 'measured[183s]) /'],
  ['beside-forecast.yml', 'without_forecast:ratio offset 2m', 'without_forecast:ratio offset 1m'],
  ['beside-forecast.yml', 'measured offset 3m', 'measured offset 2m'],
  ['beside-forecast.yml', '[148s]', '[143s]'],
  ['beside-forecast.yml', '[148s]', '[153s]'],
  [
    'beside-forecast.yml',
    '          and on (service)\n          swarm_autoscaler:replicas_needed:by_signal{signal="forecast"}\n\n      # One alert',
    '\n      # One alert',
  ],
  ['up.yml', 'vector(1.25)', 'vector(1.26)'],
  ['up.yml', 'vector(1.25)', 'vector(1.24)'],
  ['up.yml', 'for_up:ratio > scalar(swarm_autoscaler:up_at', 'for_up:ratio >= scalar(swarm_autoscaler:up_at'],
  ['up.yml', 'vector(1.20)', 'vector(1.21)'],
  ['up.yml', 'for_up:ratio_min2m > scalar', 'for_up:ratio_min2m >= scalar'],
  ['up.yml', 'for_up:ratio[118s]', 'for_up:ratio[113s]'],
  ['up.yml', 'for_up:ratio[118s]', 'for_up:ratio[123s]'],
  ['up.yml', 'for_up:ratio offset 2m', 'for_up:ratio'],
  ['up.yml', 'for_up:ratio offset 2m', 'for_up:ratio offset 3m'],
  ['up.yml', ' >= 0 < Inf', ''],
  ['up.yml', 'max by (service) (swarm_autoscaler_service_desired', '(swarm_autoscaler_service_desired'],
  ['down.yml', '{signal!~"latency|errors"}', ''],
  ['down.yml', '{signal!~"latency|errors"}', '{signal="none"}'],
  ['down.yml', 'replicas_needed:by_signal{signal!="forecast"}\n\n', 'replicas_needed:by_signal\n\n'],
  ['down.yml', 'desired_replicas\n            < scalar', 'desired_replicas\n            <= scalar'],
  ['down.yml', 'vector(1.05)', 'vector(1.06)'],
  ['down.yml', 'desired_replicas - 1)', 'desired_replicas)'],
  ['down.yml', 'desired_replicas - 1)', 'desired_replicas - 2)'],
  ['down.yml', 'replicas_down_to <= on', 'replicas_down_to < on'],
  ['down.yml', 'desired_replicas > on', 'desired_replicas >= on'],
  ['down.yml', ':max[28s]', ':max[23s]'],
  ['down.yml', ':max[28s]', ':max[33s]'],
  ['down.yml', 'for_down:max offset 30s', 'for_down:max offset 20s'],
  ['down.yml', 'for_down:max offset 30s', 'for_down:max offset 1m'],
  ['down.yml', 'replicas_needed_for_down:max\n          and', 'desired_replicas\n          and'],
  ['down.yml', 'max by (service, signal) (swarm', '(swarm'],
  ['down.yml', 'max by (service) (swarm_autoscaler_service_min', '(swarm_autoscaler_service_min'],
  ['steps.yml', 'vector(20)', 'vector(21)'],
  ['steps.yml', 'vector(20)', 'vector(16)'],
  ['steps.yml', 'vector(2)', 'vector(2.05)'],
  ['steps.yml', 'vector(2)', 'vector(1.99)'],
  ['steps.yml', 'latency:ratio{service!=""} > 1', 'latency:ratio{service!=""} >= 1'],
  ['steps.yml', 'latency:ratio{service!=""} > 1', 'latency:ratio{service!=""} > 1.1'],
  ['steps.yml', 'latency:ratio{service!=""} > scalar', 'latency:ratio{service!=""} >= scalar'],
  ['steps.yml', 'errors:ratio{service!=""} > 1', 'errors:ratio{service!=""} >= 1'],
  ['steps.yml', 'errors:ratio{service!=""} > 1', 'errors:ratio{service!=""} > 1.2'],
  ['steps.yml', 'errors:ratio{service!=""} > scalar', 'errors:ratio{service!=""} >= scalar'],
  [
    'steps.yml',
    'quantile(0.95, swarm_autoscaler:latency_bucket',
    'quantile(0.9, swarm_autoscaler:latency_bucket',
  ],
  ['steps.yml', 'signal="latency"}) > 0', 'signal="latency"})'],
  [
    'steps.yml',
    '(max by (service) (swarm_autoscaler_service_target{signal="latency"',
    '((swarm_autoscaler_service_target{signal="latency"',
  ],
  ['steps.yml', 'signal="errors"}) > 0', 'signal="errors"})'],
  [
    'steps.yml',
    '(max by (service) (swarm_autoscaler_service_target{signal="errors"',
    '((swarm_autoscaler_service_target{signal="errors"',
  ],
  [
    'steps.yml',
    '(rate(http_request_duration_seconds_bucket{service!=""}[1m]))',
    '(rate(http_request_duration_seconds_bucket{service!=""}[5m]))',
  ],
  [
    'steps.yml',
    'http_request_duration_seconds{service!="",quantile=""}',
    'http_request_duration_seconds{service!=""}',
  ],
  ['steps.yml', 'http_server_requests_seconds_bucket', 'http_server_requests_bucket'],
  ['steps.yml', 'http_server_request_duration_seconds_bucket', 'http_server_duration_bucket'],
  ['steps.yml', 'caddy_http_request_duration_seconds_bucket', 'caddy_duration_seconds_bucket'],
  ['steps.yml', 'traefik_service_request_duration_seconds_bucket', 'traefik_duration_seconds_bucket'],
  ['steps.yml', '{answer=~"5.."}', '{answer=~"[45].."}'],
  ['steps.yml', '{answer=~"5.."}', '{answer="500"}'],
  [
    'steps.yml',
    'max by (service, instance, server, answer) (',
    'sum by (service, instance, server, answer) (',
  ],
  ['steps.yml', 'http_requests_total{service!="",status!=""', 'http_requests_total{service!="",no!=""'],
  ['steps.yml', 'http_requests_total{service!="",status_code!=""', 'http_requests_total{service!="",no!=""'],
  ['steps.yml', 'seconds_count{service!="",code!=""', 'seconds_count{service!="",no!=""'],
  ['steps.yml', 'seconds_count{service!="",status!=""', 'seconds_count{service!="",no!=""'],
  ['steps.yml', 'seconds_count{service!="",status_code!=""', 'seconds_count{service!="",no!=""'],
  ['steps.yml', 'http_server_requests_seconds_count', 'http_server_requests_count'],
  ['steps.yml', '"http_response_status_code"', '"http_status_code"'],
  ['steps.yml', 'rate(traefik_service_requests_total', 'rate(traefik_requests_total'],
  ['dashboards.yml', '_total[65s])) * 60 / 65', '_total[1m]))'],
  ['dashboards.yml', '_total[65s])) * 60 / 65', '_total[65s]))'],
  ['dashboards.yml', 'max by (service) (increase', 'sum by (service) (increase'],
  ['dashboards.yml', 'total offset 1m', 'total'],
  [
    'dashboards.yml',
    'max by (service) (swarm_autoscaler:replicas_needed)',
    'swarm_autoscaler:replicas_needed',
  ],
  [
    'dashboards.yml',
    'or\n          max by (service) (swarm_autoscaler_service_needed',
    'or\n          sum by (service) (swarm_autoscaler_service_needed',
  ],
  [
    'dashboards.yml',
    'or\n          max by (service) (swarm_autoscaler_service_desired',
    'and\n          max by (service) (swarm_autoscaler_service_desired',
  ],
  ['dashboards.yml', 'increase1m / 3600', 'increase1m / 60'],
  [
    'dashboards.yml',
    'max by (service) (swarm_autoscaler_service_cost_per_hour)',
    'swarm_autoscaler_service_cost_per_hour',
  ],
  ['dashboards.yml', 'max_over_time(swarm', 'last_over_time(swarm'],
  ['dashboards.yml', 'max by (service) (max_over_time', 'sum by (service) (max_over_time'],
]

/** The file of rules that a file of tests is about; those about scaling are several. */
function rulesUnder(tests: string): string {
  return tests === 'steps.yml' || tests === 'dashboards.yml' ? tests : 'scaling.yml'
}

await describeWithTools('the shipped Prometheus files', ({ promtool }) => {
  beforeAll(() => {
    cpSync(join(SCALING_RULES, '..'), join(folder, 'rules'), { recursive: true })
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

  it.concurrent.each(MUTATIONS)(
    'let %s notice %j become %j',
    async (tests, was, becomes) => {
      const rulesFile = rulesUnder(tests)
      const rules = readFileSync(join(SCALING_RULES, '..', rulesFile), 'utf8')
      expect(rules.split(was), 'stands once in the rules').toHaveLength(2)
      await expectNoticed(
        { promtool, folder },
        {
          name: rulesFile,
          rules: rules.replace(was, becomes),
          tests: readFileSync(join(RULE_TESTS, tests), 'utf8'),
        },
      )
    },
    30_000,
  )
})
