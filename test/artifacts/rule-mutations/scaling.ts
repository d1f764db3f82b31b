import type { Mutations } from '../mutated-rules.ts'

/** How the rules select the containers of Swarm services. */
const containers = 'image!="",name!="",container_label_com_docker_swarm_service_name!=""'

/** Of scaling.yml, steps.yml and dashboards.yml. */
export const scalingMutations: Mutations = {
  'requests.yml a rise': [
    [
      'count{service!=""}[15s]))\n          or\n          sum by (service) (histogram',
      'count{service!=""}[30s]))\n          or\n          sum by (service) (histogram',
      'count{service!=""}[5s]))\n          or\n          sum by (service) (histogram',
    ],
  ],
  'requests.yml the names': [
    ['rate(http_requests_total', 'rate(http_request_total'],
    ['rate(http_server_requests_seconds_count', 'rate(http_server_requests_count'],
    ['rate(http_server_request_duration_seconds_count', 'rate(http_server_duration_count'],
    ['rate(nginx_http_requests_total', 'rate(nginx_requests_total'],
    ['max by (service, instance, server) (', 'sum by (service, instance, server) (', 'max by (service) ('],
  ],
  "requests.yml Traefik's service": [['(.+)@.+', '(.+)@swarm']],
  'requests.yml a nickname': [
    ['"service", "[^_]+_(.+)"', '"service", ".+_(.+)"'],
    ['"$1-$2"', '"$1$2"'],
    [
      'unless on (name)\n            swarm_autoscaler:service_name',
      'unless on (name)\n            absent_name',
    ],
    ['service_nickname) > 1', 'service_nickname) > 2'],
  ],
  'requests.yml no requests': [['signal="requests"}) > 0', 'signal="requests"})']],
  'requests.yml two receivers': [
    [
      '(max by (service) (swarm_autoscaler_service_target{signal="req',
      '((swarm_autoscaler_service_target{signal="req',
    ],
  ],
  'requests.yml a replica that': [
    ['by_signal + on (service, signal) swarm_autoscaler:replicas_missing', 'by_signal'],
    ['clamp_min(', 'clamp_max('],
  ],
  'requests.yml a replica counts': [['max by (service, instance) (up', '(up']],
  'containers.yml CPU is': [
    [
      `cpu_usage_seconds_total{${containers}}[15s])`,
      'cpu_usage_seconds_total{name!="",container_label_com_docker_swarm_service_name!=""}[15s])',
      'cpu_usage_seconds_total{image!="",container_label_com_docker_swarm_service_name!=""}[15s])',
    ],
    ['and on (service)\n          swarm_autoscaler_service_target{signal="cpu"}', ''],
    [
      'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
      'max by (service) (swarm_autoscaler_service_cpu_limit_cores)',
      '(swarm_autoscaler_service_cpu_limit_cores)\n            > 0',
    ],
    [
      'max by (service) (swarm_autoscaler_service_target{signal="cpu"})',
      '(swarm_autoscaler_service_target{signal="cpu"})',
    ],
    [
      'count by (service) (swarm_autoscaler:replica_cpu_cores)',
      'sum by (service) (swarm_autoscaler:replica_cpu_cores)',
    ],
  ],
  'containers.yml a container of': [
    [`cpu_usage_seconds_total{${containers}}[15s])`, `cpu_usage_seconds_total{${containers}}[25s])`],
    [`cpu_usage_seconds_total{${containers}}[30s])`, `cpu_usage_seconds_total{${containers}}[15s])`],
    [`receive_bytes_total{${containers}}[15s])`, `receive_bytes_total{${containers}}[25s])`],
    [`receive_bytes_total{${containers}}[30s])`, `receive_bytes_total{${containers}}[15s])`],
    [`transmit_bytes_total{${containers}}[15s])`, `transmit_bytes_total{${containers}}[25s])`],
    [`transmit_bytes_total{${containers}}[30s])`, `transmit_bytes_total{${containers}}[15s])`],
  ],
  'containers.yml a container that': [
    [`cpu_usage_seconds_total{${containers}}[30s])`, `cpu_usage_seconds_total{${containers}}[1m])`],
    [`bytes{${containers}}[30s]`, `bytes{${containers}}[2m]`],
  ],
  'containers.yml memory is': [
    [
      `bytes{${containers}}[30s]`,
      'bytes{name!="",container_label_com_docker_swarm_service_name!=""}[30s]',
      'bytes{image!="",container_label_com_docker_swarm_service_name!=""}[30s]',
    ],
    ['and on (service)\n          swarm_autoscaler_service_target{signal="memory"}', ''],
    [
      'max by (service) (swarm_autoscaler_service_memory_limit_bytes)',
      '(swarm_autoscaler_service_memory_limit_bytes)',
    ],
    [
      'max by (service) (swarm_autoscaler_service_target{signal="memory"})',
      '(swarm_autoscaler_service_target{signal="memory"})',
    ],
    [
      'count by (service) (swarm_autoscaler:replica_memory_bytes)',
      'sum by (service) (swarm_autoscaler:replica_memory_bytes)',
    ],
  ],
  'containers.yml network is': [
    ['                +\n', '                -\n'],
    ['and on (service)\n          swarm_autoscaler_service_target{signal="network"}', ''],
    [
      '(max by (service) (swarm_autoscaler_service_target{signal="network"',
      '((swarm_autoscaler_service_target{signal="network"',
    ],
    [
      'count by (service) (swarm_autoscaler:replica_network',
      'sum by (service) (swarm_autoscaler:replica_network',
    ],
  ],
  "queue.yml RabbitMQ's queue": [
    ['max by (vhost, name)', 'sum by (vhost, name)', 'max by (name)'],
    ['rabbitmq_queue_messages{queue!=""} or', 'rabbitmq_queue_messages{queue!=""} and'],
    [
      '(max by (service) (swarm_autoscaler_service_target{signal="queue"',
      '((swarm_autoscaler_service_target{signal="queue"',
    ],
  ],
  "queue.yml BullMQ's jobs": [
    ['max by (state, name)', 'sum by (state, name)', 'max by (name)'],
    [',state=~"waiting|prioritized|active"', '', ',state="waiting"'],
  ],
  "queue.yml Redis exporter's": [
    ['max by (db, key, name)', 'sum by (db, key, name)', 'max by (db, name)'],
    ['(?:queues?:)?([^:]+)"', '(?:queue:)?([^:]+)"'],
  ],
  'queue.yml a rule': [
    ['max by (service) (swarm_autoscaler:queue_items{source=""})\n            or\n', ''],
    ['signal="queue"}) > 0', 'signal="queue"})'],
  ],
  'hpa.yml each measurement': [
    [
      'by_signal + on (service, signal) swarm_autoscaler:replicas_missing',
      'by_signal + on (service) group_left () max by (service) (swarm_autoscaler:replicas_missing)',
      'by_signal',
    ],
  ],
  'hpa.yml the same': [['clamp_min(', '2 * clamp_min(']],
  'hpa.yml without cAdvisor': [['{signal!~"latency|errors"}', '{signal="none"}']],
  'surge.yml from 1.5': [['vector(0.015)', 'vector(0.0148)']],
  'surge.yml the alert': [
    ['vector(0.015)', 'vector(0.0152)'],
    [
      'unless on (service, signal)\n          (\n            swarm_autoscaler:replicas_arriving',
      'and on (service, signal)\n          (\n            swarm_autoscaler:replicas_arriving',
    ],
  ],
  'surge.yml while a scale-up arrives, a': [
    ['vector(8 + 12)', 'vector(15)'],
    ['[13s] offset 20s', '[13s] offset 5s'],
    [
      'unless on (service, signal)\n            (\n              min_over',
      'and on (service, signal)\n            (\n              min_over',
    ],
  ],
  'surge.yml no more': [['vector(2)', 'vector(3)']],
  'surge.yml how it': [
    [
      'by_signal{signal!="forecast"}[18s])',
      'by_signal{signal!="forecast"}[13s])',
      'by_signal{signal!="forecast"}[23s])',
    ],
    ['by_signal[18s], scalar', 'by_signal[13s], scalar', 'by_signal[23s], scalar'],
  ],
  'surge.yml a forecast': [['by_signal{signal!="forecast"}[18s])', 'by_signal[18s])']],
  'surge.yml only on': [['by_signal[28s]) >= 6', 'by_signal[28s]) >= 5', 'by_signal[38s]) >= 7']],
  'surge.yml while a scale-up arrives, neither': [
    ['[13s] offset 20s', '[3s] offset 20s'],
    ['reporting[33s]', 'reporting[28s]'],
  ],
  'surge.yml a real': [
    ['reporting[33s]', 'reporting[38s]'],
    ['> on (service, signal)\n          min_over_time', '!= on (service, signal)\n          max_over_time'],
    ['by_signal[13s])\n          and', 'by_signal[8s])\n          and', 'by_signal[18s])\n          and'],
    ['and on (service, signal)\n          swarm_autoscaler:replicas_needed:by_signal\n', ''],
  ],
  'surge.yml at 95': [
    ['vector(4)', 'vector(3.9)'],
    ['cpu"} < on (service)', 'cpu"} > on (service)'],
    ['container_spec_cpu_quota{', 'container_cpu_usage_seconds_total{'],
    [
      'avg by (service) (swarm_autoscaler:replica_cpu_cores)',
      'sum by (service) (swarm_autoscaler:replica_cpu_cores)',
    ],
    [
      'max by (service) (swarm_autoscaler_service_cpu_limit_cores)\n            >= scalar',
      '(swarm_autoscaler_service_cpu_limit_cores)\n            >= scalar',
    ],
  ],
  'surge.yml only where': [['vector(1)', 'vector(1.01)', 'vector(0.99)']],
  'beside-forecast.yml the rules': [
    [
      'or\n            (\n              swarm_autoscaler:replicas_without_forecast:ratio >',
      'and\n            (\n              swarm_autoscaler:replicas_without_forecast:ratio >',
    ],
    [
      '            and on (service)\n            (swarm_autoscaler:replicas_needed_for_up:measured > on (service) swarm_autoscaler:desired_replicas)\n',
      '',
    ],
    ['ceil(swarm_autoscaler:replicas_needed_for_up:measured)', 'swarm_autoscaler:desired_replicas'],
    [
      '          and on (service)\n          swarm_autoscaler:replicas_needed:by_signal{signal="forecast"}\n\n      # One alert',
      '\n      # One alert',
    ],
  ],
  'beside-forecast.yml a surge': [
    [
      'replicas_without_forecast < on (service) swarm_autoscaler:desired_replicas\n                or on (service)\n',
      'desired_replicas\n                or on (service)\n',
    ],
  ],
  'beside-forecast.yml what lasts': [
    ['without_forecast:ratio[118s]', 'without_forecast:ratio[113s]', 'without_forecast:ratio[123s]'],
    ['without_forecast:ratio offset 2m', 'without_forecast:ratio offset 1m'],
  ],
  'beside-forecast.yml they would': [
    ['measured[178s]) /', 'measured[173s]) /', 'measured[183s]) /'],
    ['measured offset 3m', 'measured offset 2m'],
    ['[148s]', '[143s]', '[153s]'],
  ],
  'up.yml above 1.25': [
    ['vector(1.25)', 'vector(1.26)', 'vector(1.24)'],
    ['for_up:ratio > scalar(swarm_autoscaler:up_at', 'for_up:ratio >= scalar(swarm_autoscaler:up_at'],
    ['for_up:ratio offset 2m', 'for_up:ratio'],
  ],
  'up.yml above 1.20': [
    ['vector(1.20)', 'vector(1.21)'],
    ['for_up:ratio_min2m > scalar', 'for_up:ratio_min2m >= scalar'],
  ],
  'up.yml two minutes': [
    ['for_up:ratio[118s]', 'for_up:ratio[113s]', 'for_up:ratio[123s]'],
    ['for_up:ratio offset 2m', 'for_up:ratio offset 3m'],
  ],
  'up.yml the largest': [[' >= 0 < Inf', '']],
  'up.yml web and': [
    ['max by (service) (swarm_autoscaler_service_desired', '(swarm_autoscaler_service_desired'],
  ],
  'down.yml to 0': [['0 + max by (service, signal)', 'max by (service, signal)']],
  'down.yml not while': [
    ['{signal!~"latency|errors"}', '', '{signal="none"}'],
    ['vector(1.05)', 'vector(1.06)'],
  ],
  'not-measured.yml while no': [
    [
      '{signal!~"latency|errors"}',
      '{signal!~"latency|errors|cpu"}',
      '{signal!~"latency|errors|memory"}',
      '{signal!~"latency|errors|network"}',
    ],
  ],
  'not-measured.yml when containers': [
    [`cpu_usage_seconds_total{${containers}}[30s])`, `cpu_usage_seconds_total{${containers}}[1m])`],
    [`bytes{${containers}}[30s]`, `bytes{${containers}}[1m]`],
    ['replicas_needed_for_down:max\n          and', 'desired_replicas\n          and'],
  ],
  'down.yml a forecast': [
    ['replicas_needed:by_signal{signal!="forecast"}\n\n', 'replicas_needed:by_signal\n\n'],
  ],
  'down.yml below 0.95': [
    ['desired_replicas\n            < scalar', 'desired_replicas\n            <= scalar'],
  ],
  'down.yml only when': [['desired_replicas - 1)', 'desired_replicas)']],
  'down.yml web and': [
    ['desired_replicas - 1)', 'desired_replicas - 2)'],
    ['max by (service) (swarm_autoscaler_service_min', '(swarm_autoscaler_service_min'],
  ],
  'down.yml above the': [
    ['replicas_down_to <= on', 'replicas_down_to < on'],
    ['desired_replicas > on', 'desired_replicas >= on'],
  ],
  'down.yml to the': [[':max[28s]', ':max[23s]', ':max[33s]']],
  'down.yml not before': [['for_down:max offset 30s', 'for_down:max offset 20s', 'for_down:max offset 1m']],
  'down.yml when all': [['replicas_needed_for_down:max\n          and', 'desired_replicas\n          and']],
  'down.yml the largest': [['max by (service, signal) (swarm', '(swarm']],
  'steps.yml errors are': [
    ['vector(20)', 'vector(21)'],
    ['max by (service, instance, server, answer) (', 'sum by (service, instance, server, answer) ('],
    ['http_requests_total{service!="",status!=""', 'http_requests_total{service!="",no!=""'],
    ['http_requests_total{service!="",status_code!=""', 'http_requests_total{service!="",no!=""'],
    ['seconds_count{service!="",code!=""', 'seconds_count{service!="",no!=""'],
    ['seconds_count{service!="",status!=""', 'seconds_count{service!="",no!=""'],
    ['seconds_count{service!="",status_code!=""', 'seconds_count{service!="",no!=""'],
    ['http_server_requests_seconds_count', 'http_server_requests_count'],
    ['"http_response_status_code"', '"http_status_code"'],
    ['rate(traefik_service_requests_total', 'rate(traefik_requests_total'],
  ],
  'steps.yml the p95 is': [
    ['vector(20)', 'vector(16)'],
    ['quantile(0.95, swarm_autoscaler:latency_bucket', 'quantile(0.9, swarm_autoscaler:latency_bucket'],
    ['http_request_duration_seconds{service!="",quantile=""}', 'http_request_duration_seconds{service!=""}'],
    ['http_server_requests_seconds_bucket', 'http_server_requests_bucket'],
    ['http_server_request_duration_seconds_bucket', 'http_server_duration_bucket'],
    ['caddy_http_request_duration_seconds_bucket', 'caddy_duration_seconds_bucket'],
    ['traefik_service_request_duration_seconds_bucket', 'traefik_duration_seconds_bucket'],
  ],
  'steps.yml the p95 above': [
    ['vector(2)', 'vector(2.05)', 'vector(1.99)'],
    ['latency:ratio{service!=""} > 1', 'latency:ratio{service!=""} >= 1', 'latency:ratio{service!=""} > 1.1'],
    ['latency:ratio{service!=""} > scalar', 'latency:ratio{service!=""} >= scalar'],
    ['signal="latency"}) > 0', 'signal="latency"})'],
    [
      '(max by (service) (swarm_autoscaler_service_target{signal="latency"',
      '((swarm_autoscaler_service_target{signal="latency"',
    ],
  ],
  'steps.yml errors above': [
    ['errors:ratio{service!=""} > 1', 'errors:ratio{service!=""} >= 1', 'errors:ratio{service!=""} > 1.2'],
    ['errors:ratio{service!=""} > scalar', 'errors:ratio{service!=""} >= scalar'],
    ['signal="errors"}) > 0', 'signal="errors"})'],
    [
      '(max by (service) (swarm_autoscaler_service_target{signal="errors"',
      '((swarm_autoscaler_service_target{signal="errors"',
    ],
    ['{answer=~"5.."}', '{answer=~"[45].."}', '{answer="500"}'],
  ],
  'steps.yml a minute': [
    [
      '(rate(http_request_duration_seconds_bucket{service!=""}[1m]))',
      '(rate(http_request_duration_seconds_bucket{service!=""}[5m]))',
    ],
  ],
  'dashboards.yml replica-seconds are': [
    ['_total[65s])) * 60 / 65', '_total[1m]))', '_total[65s]))'],
    ['max by (service) (increase', 'sum by (service) (increase'],
    ['total offset 1m', 'total'],
    ['increase1m / 3600', 'increase1m / 60'],
    ['max by (service) (swarm_autoscaler_service_cost_per_hour)', 'swarm_autoscaler_service_cost_per_hour'],
  ],
  'dashboards.yml a service': [
    ['max by (service) (swarm_autoscaler:replicas_needed)', 'swarm_autoscaler:replicas_needed'],
    [
      'or\n          max by (service) (swarm_autoscaler_service_needed',
      'or\n          sum by (service) (swarm_autoscaler_service_needed',
    ],
    [
      'or\n          max by (service) (swarm_autoscaler_service_desired',
      'and\n          max by (service) (swarm_autoscaler_service_desired',
    ],
  ],
  'dashboards.yml the most': [
    ['max_over_time(swarm', 'last_over_time(swarm'],
    ['max by (service) (max_over_time', 'sum by (service) (max_over_time'],
  ],
}
