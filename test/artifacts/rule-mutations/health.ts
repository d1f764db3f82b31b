import type { Mutations } from '../mutated-rules.ts'

/** Of health.yml, by the name of the rule. */
export const healthMutations: Mutations = {
  SwarmAutoscalerDown: [
    ['for: 2m', 'for: 1m45s', 'for: 2m15s'],
    ['_build_info', '_build_info{instance="a"}'],
  ],
  SwarmAutoscalerCannotReachDocker: [
    ['for: 1m', 'for: 45s', 'for: 75s'],
    ['max(', 'min(', '('],
  ],
  SwarmAutoscalerEventsLost: [
    ['for: 10m', 'for: 9m45s', 'for: 10m15s'],
    ['max(', 'min(', '('],
  ],
  SwarmAutoscalerWebhookFailing: [
    ['for: 10m', 'for: 9m45s', 'for: 10m15s'],
    ['> 0.1', '> 0.09', '> 0.2'],
    ['code=~"5.."', 'code=~"[45].."', 'code="503"'],
    ['route="/webhook",', ''],
    ['/ sum(', '/ max('],
  ],
  SwarmAutoscalerNotificationsFailing: [
    ['for: 2m', 'for: 1m45s', 'for: 2m15s'],
    ['> 0.5', '>= 0.5', '> 0.75'],
    ['sum(rate(alertmanager_notifications_failed', 'max(rate(alertmanager_notifications_failed'],
    ['_failed_total{integration="webhook"}', '_failed_total'],
  ],
  SwarmAutoscalerReceivesNothing: [
    ['for: 2m', 'for: 1m45s', 'for: 2m15s'],
    ['[3m]', '[1m]', '[5m]'],
    ['"firing",', '"pending",'],
    [',scale=~"up|down|to"', '', ',scale!=""', ',scale=~"up|down"'],
    ['> (max', '>= (max'],
    ['(max(', '(sum('],
    ['{state="suppressed"}', ''],
    [' or vector(0)', ''],
    ['sum(increase', 'min(increase'],
    ['> 0', '>= 0'],
  ],
  SwarmAutoscalerRejectsAlerts: [
    ['for: 5m', 'for: 4m', 'for: 6m'],
    ['"unknown_service|invalid_alert|not_replicated"', '"un.+|not_.+"'],
    ['by (reason)', 'by (reason, instance)'],
  ],
  SwarmAutoscalerReloadFailed: [
    ['for: 1m', 'for: 45s', 'for: 75s'],
    ['min(', 'max(', '('],
  ],
  SwarmAutoscalerHistoryFailing: [
    ['for: 5m', 'for: 4m45s', 'for: 5m15s'],
    ['min(', 'max(', '('],
    ['"max(', '"min('],
  ],
  SwarmAutoscalerSlow: [
    ['for: 10m', 'for: 9m45s', 'for: 10m15s'],
    ['> 2.5', '>= 2.5', '> 4'],
    ['0.9,', '0.95,'],
    ['by (le)', 'by (le, instance)'],
    ['{route="/webhook"}', ''],
  ],
  SwarmAutoscalerClockAhead: [
    ['> 10', '>= 10', '> 25'],
    ['max(', 'min('],
    ['keep_firing_for: 15m', 'keep_firing_for: 14m', 'keep_firing_for: 16m'],
  ],
  SwarmCapacityExhausted: [
    ['replicas) > 0', 'replicas) > 1'],
    ['for: 1m', 'for: 45s', 'for: 75s'],
    ['max by (service) (swarm', '(swarm'],
    ['_info{service=%q}', '_info{service!=%q}'],
  ],
  SwarmServicePolicyInvalid: [
    ['for: 1m', 'for: 45s', 'for: 75s'],
    ['min by (service)', 'max by (service)', ''],
  ],
  SwarmServiceNotMeasured: [
    ['for: 5m', 'for: 4m45s', 'for: 5m15s'],
    ['"cpu|memory|network"', '"cpu|memory"', '"cpu|network"', '"memory|network"', '".+"'],
    ['max by (service, signal) (', '('],
    ['unless on (service, signal)', 'unless on (service)', 'unless on (signal)'],
    ['max by (service) (swarm', 'min by (service) (swarm'],
    ['_running_replicas) > 0', '_running_replicas) >= 0', '_running_replicas) > 1'],
    ['_running_', '_desired_'],
    ['and on ()\n          cadvisor_version_info', ''],
  ],
  SwarmServiceAtMaximum: [
    ['for: 10m', 'for: 9m45s', 'for: 10m15s'],
    ['>= on', '> on', '== on'],
    ['[3m]', '[5m]'],
    ['{reason="at_max"}', '{reason=~"at_max|at_target"}'],
    ['sum by (service)', 'min by (service)'],
    ['max by (service) (swarm_autoscaler_service_desired', '(swarm_autoscaler_service_desired'],
    ['"max(', '"min('],
  ],
  SwarmServiceTasksFailing: [
    ['for: 5m', 'for: 4m45s', 'for: 5m15s'],
    ['[2m]', '[1m]', '[5m]'],
    ['> 0', '> 1'],
    ['max by (service) (max_over', '(max_over'],
    ['max by (service) (swarm_autoscaler_service_desired_replicas)', 'vector(1)'],
    ['and on (service)', 'or on (service)'],
  ],
  SwarmServiceBlockedByRollout: [
    ['for: 10m', 'for: 9m45s', 'for: 11m'],
    ['[3m]', '[1m]', '[8m]'],
    ['{reason="rollout"}', ''],
    ['sum by (service)', 'min by (service)'],
    ['and on (service)', 'or on (service)'],
    ['max by (service) (swarm', '(swarm'],
  ],
  SwarmServiceScalingFailing: [
    ['for: 1m', 'for: 45s', 'for: 75s'],
    ['> 2.5', '> 1.5', '> 3.5'],
    ['[5m]', '[10m]'],
    ['{outcome="failed"}', ''],
    ['sum by (service)', 'max by (service)'],
    ['and on (service)', 'or on (service)'],
  ],
  'swarm_autoscaler:last_change_was_up': [
    ['> bool', '< bool', '>'],
    [
      'max by (service) (swarm_autoscaler_service_last_scale_timestamp_seconds{direction="up"})',
      'min by (service) (swarm_autoscaler_service_last_scale_timestamp_seconds{direction="up"})',
    ],
  ],
  SwarmServiceFlapping: [
    ['> 8', '> 7', '> 9'],
    ['[59m50s]', '[50m]', '[2h]'],
    ['and on (service)', 'or on (service)'],
  ],
  SwarmForecastSwitchedOff: [
    ['{mode="act"}', '', '{mode="forecast-only"}'],
    ['and on (service)\n          swarm_autoscaler:forecast_switched_off\n', ''],
  ],
}
