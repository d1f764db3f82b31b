import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { expectNoticed } from './mutated-rules.ts'
import { HEALTH_RULES, RULE_TESTS } from './shipped-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-health-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [head = '', ...rules] = readFileSync(HEALTH_RULES, 'utf8').split(/^(?= {6}- (?:alert|record): )/m)

/** The file with one rule changed. The text that is changed must stand in it once. */
function mutated(name: string, was: string, becomes: string): string {
  const index = rules.findIndex((rule) => /^ {6}- (?:alert|record): (\S+)/.exec(rule)?.[1] === name)
  expect(rules[index]?.split(was), `${was} stands once in ${name}`).toHaveLength(2)
  return head + rules.map((rule, at) => (at === index ? rule.replace(was, becomes) : rule)).join('')
}

const { tests, ...testsHead } = parse(readFileSync(join(RULE_TESTS, 'health.yml'), 'utf8')) as {
  tests: object[]
}

/** The tests that speak of the rule: the others take time and cannot notice. */
const testsOf = (rule: string) =>
  stringify({ ...testsHead, tests: tests.filter((test) => JSON.stringify(test).includes(rule)) })

const lastUp = 'max by (service) (swarm_autoscaler_service_last_scale_timestamp_seconds{direction="up"})'

/** Changes that the tests of the rules must notice: the rule, what stands in it, and what takes its place. */
const MUTATIONS: readonly (readonly [rule: string, was: string, becomes: string])[] = [
  ['SwarmAutoscalerDown', 'for: 2m', 'for: 1m45s'],
  ['SwarmAutoscalerDown', 'for: 2m', 'for: 2m15s'],
  ['SwarmAutoscalerDown', '_build_info', '_build_info{instance="a"}'],
  ['SwarmAutoscalerCannotReachDocker', 'for: 1m', 'for: 45s'],
  ['SwarmAutoscalerCannotReachDocker', 'for: 1m', 'for: 75s'],
  ['SwarmAutoscalerCannotReachDocker', 'max(', 'min('],
  ['SwarmAutoscalerCannotReachDocker', 'max(', '('],
  ['SwarmAutoscalerEventsLost', 'for: 10m', 'for: 9m45s'],
  ['SwarmAutoscalerEventsLost', 'for: 10m', 'for: 10m15s'],
  ['SwarmAutoscalerEventsLost', 'max(', 'min('],
  ['SwarmAutoscalerEventsLost', 'max(', '('],
  ['SwarmAutoscalerWebhookFailing', 'for: 10m', 'for: 9m45s'],
  ['SwarmAutoscalerWebhookFailing', 'for: 10m', 'for: 10m15s'],
  ['SwarmAutoscalerWebhookFailing', '> 0.1', '> 0.09'],
  ['SwarmAutoscalerWebhookFailing', '> 0.1', '> 0.2'],
  ['SwarmAutoscalerWebhookFailing', 'code=~"5.."', 'code=~"[45].."'],
  ['SwarmAutoscalerWebhookFailing', 'code=~"5.."', 'code="503"'],
  ['SwarmAutoscalerWebhookFailing', 'route="/webhook",', ''],
  ['SwarmAutoscalerWebhookFailing', '/ sum(', '/ max('],
  ['SwarmAutoscalerNotificationsFailing', 'for: 2m', 'for: 1m45s'],
  ['SwarmAutoscalerNotificationsFailing', 'for: 2m', 'for: 2m15s'],
  ['SwarmAutoscalerNotificationsFailing', '> 0.5', '>= 0.5'],
  ['SwarmAutoscalerNotificationsFailing', '> 0.5', '> 0.75'],
  [
    'SwarmAutoscalerNotificationsFailing',
    'sum(rate(alertmanager_notifications_failed',
    'max(rate(alertmanager_notifications_failed',
  ],
  ['SwarmAutoscalerNotificationsFailing', '_failed_total{integration="webhook"}', '_failed_total'],
  ['SwarmAutoscalerReceivesNothing', 'for: 2m', 'for: 1m45s'],
  ['SwarmAutoscalerReceivesNothing', 'for: 2m', 'for: 2m15s'],
  ['SwarmAutoscalerReceivesNothing', '[3m]', '[1m]'],
  ['SwarmAutoscalerReceivesNothing', '[3m]', '[5m]'],
  ['SwarmAutoscalerReceivesNothing', '"firing",', '"pending",'],
  ['SwarmAutoscalerReceivesNothing', ',scale=~"up|down|to"', ''],
  ['SwarmAutoscalerReceivesNothing', ',scale=~"up|down|to"', ',scale!=""'],
  ['SwarmAutoscalerReceivesNothing', ',scale=~"up|down|to"', ',scale=~"up|down"'],
  ['SwarmAutoscalerReceivesNothing', '> (max', '>= (max'],
  ['SwarmAutoscalerReceivesNothing', '(max(', '(sum('],
  ['SwarmAutoscalerReceivesNothing', '{state="suppressed"}', ''],
  ['SwarmAutoscalerReceivesNothing', ' or vector(0)', ''],
  ['SwarmAutoscalerReceivesNothing', 'sum(increase', 'min(increase'],
  ['SwarmAutoscalerReceivesNothing', '> 0', '>= 0'],
  ['SwarmAutoscalerRejectsAlerts', 'for: 5m', 'for: 4m'],
  ['SwarmAutoscalerRejectsAlerts', 'for: 5m', 'for: 6m'],
  ['SwarmAutoscalerRejectsAlerts', '"unknown_service|invalid_alert|not_replicated"', '"un.+|not_.+"'],
  ['SwarmAutoscalerRejectsAlerts', 'by (reason)', 'by (reason, instance)'],
  ['SwarmAutoscalerReloadFailed', 'for: 1m', 'for: 45s'],
  ['SwarmAutoscalerReloadFailed', 'for: 1m', 'for: 75s'],
  ['SwarmAutoscalerReloadFailed', 'min(', 'max('],
  ['SwarmAutoscalerReloadFailed', 'min(', '('],
  ['SwarmAutoscalerHistoryFailing', 'for: 5m', 'for: 4m45s'],
  ['SwarmAutoscalerHistoryFailing', 'for: 5m', 'for: 5m15s'],
  ['SwarmAutoscalerHistoryFailing', 'min(', 'max('],
  ['SwarmAutoscalerHistoryFailing', 'min(', '('],
  ['SwarmAutoscalerHistoryFailing', '"max(', '"min('],
  ['SwarmAutoscalerSlow', 'for: 10m', 'for: 9m45s'],
  ['SwarmAutoscalerSlow', 'for: 10m', 'for: 10m15s'],
  ['SwarmAutoscalerSlow', '> 2.5', '>= 2.5'],
  ['SwarmAutoscalerSlow', '> 2.5', '> 4'],
  ['SwarmAutoscalerSlow', '0.9,', '0.95,'],
  ['SwarmAutoscalerSlow', 'by (le)', 'by (le, instance)'],
  ['SwarmAutoscalerSlow', '{route="/webhook"}', ''],
  ['SwarmAutoscalerClockAhead', '> 10', '>= 10'],
  ['SwarmAutoscalerClockAhead', '> 10', '> 25'],
  ['SwarmAutoscalerClockAhead', 'max(', 'min('],
  ['SwarmAutoscalerClockAhead', 'keep_firing_for: 15m', 'keep_firing_for: 14m'],
  ['SwarmAutoscalerClockAhead', 'keep_firing_for: 15m', 'keep_firing_for: 16m'],
  ['SwarmCapacityExhausted', 'replicas) > 0', 'replicas) > 1'],
  ['SwarmCapacityExhausted', 'for: 1m', 'for: 45s'],
  ['SwarmCapacityExhausted', 'for: 1m', 'for: 75s'],
  ['SwarmCapacityExhausted', 'max by (service) (swarm', '(swarm'],
  ['SwarmCapacityExhausted', '_info{service=%q}', '_info{service!=%q}'],
  ['SwarmServicePolicyInvalid', 'for: 1m', 'for: 45s'],
  ['SwarmServicePolicyInvalid', 'for: 1m', 'for: 75s'],
  ['SwarmServicePolicyInvalid', 'min by (service)', 'max by (service)'],
  ['SwarmServicePolicyInvalid', 'min by (service)', ''],
  ['SwarmServiceNotMeasured', 'for: 5m', 'for: 4m45s'],
  ['SwarmServiceNotMeasured', 'for: 5m', 'for: 5m15s'],
  ['SwarmServiceNotMeasured', '"cpu|memory|network"', '"cpu|memory"'],
  ['SwarmServiceNotMeasured', '"cpu|memory|network"', '"cpu|network"'],
  ['SwarmServiceNotMeasured', '"cpu|memory|network"', '"memory|network"'],
  ['SwarmServiceNotMeasured', '"cpu|memory|network"', '".+"'],
  ['SwarmServiceNotMeasured', 'max by (service, signal) (', '('],
  ['SwarmServiceNotMeasured', 'unless on (service, signal)', 'unless on (service)'],
  ['SwarmServiceNotMeasured', 'unless on (service, signal)', 'unless on (signal)'],
  ['SwarmServiceNotMeasured', 'max by (service) (swarm', 'min by (service) (swarm'],
  ['SwarmServiceNotMeasured', '_running_replicas) > 0', '_running_replicas) >= 0'],
  ['SwarmServiceNotMeasured', '_running_replicas) > 0', '_running_replicas) > 1'],
  ['SwarmServiceNotMeasured', '_running_', '_desired_'],
  ['SwarmServiceNotMeasured', 'and on ()\n          cadvisor_version_info', ''],
  ['SwarmServiceAtMaximum', 'for: 10m', 'for: 9m45s'],
  ['SwarmServiceAtMaximum', 'for: 10m', 'for: 10m15s'],
  ['SwarmServiceAtMaximum', '>= on', '> on'],
  ['SwarmServiceAtMaximum', '>= on', '== on'],
  ['SwarmServiceAtMaximum', '[3m]', '[5m]'],
  ['SwarmServiceAtMaximum', '{reason="at_max"}', '{reason=~"at_max|at_target"}'],
  ['SwarmServiceAtMaximum', 'sum by (service)', 'min by (service)'],
  [
    'SwarmServiceAtMaximum',
    'max by (service) (swarm_autoscaler_service_desired',
    '(swarm_autoscaler_service_desired',
  ],
  ['SwarmServiceAtMaximum', '"max(', '"min('],
  ['SwarmServiceTasksFailing', 'for: 5m', 'for: 4m45s'],
  ['SwarmServiceTasksFailing', 'for: 5m', 'for: 5m15s'],
  ['SwarmServiceTasksFailing', '[2m]', '[1m]'],
  ['SwarmServiceTasksFailing', '[2m]', '[5m]'],
  ['SwarmServiceTasksFailing', '> 0', '> 1'],
  ['SwarmServiceTasksFailing', 'max by (service) (max_over', '(max_over'],
  ['SwarmServiceTasksFailing', 'max by (service) (swarm_autoscaler_service_desired_replicas)', 'vector(1)'],
  ['SwarmServiceTasksFailing', 'and on (service)', 'or on (service)'],
  ['SwarmServiceBlockedByRollout', 'for: 10m', 'for: 9m45s'],
  ['SwarmServiceBlockedByRollout', 'for: 10m', 'for: 11m'],
  ['SwarmServiceBlockedByRollout', '[3m]', '[1m]'],
  ['SwarmServiceBlockedByRollout', '[3m]', '[8m]'],
  ['SwarmServiceBlockedByRollout', '{reason="rollout"}', ''],
  ['SwarmServiceBlockedByRollout', 'sum by (service)', 'min by (service)'],
  ['SwarmServiceBlockedByRollout', 'and on (service)', 'or on (service)'],
  ['SwarmServiceBlockedByRollout', 'max by (service) (swarm', '(swarm'],
  ['SwarmServiceScalingFailing', 'for: 1m', 'for: 45s'],
  ['SwarmServiceScalingFailing', 'for: 1m', 'for: 75s'],
  ['SwarmServiceScalingFailing', '> 2.5', '> 1.5'],
  ['SwarmServiceScalingFailing', '> 2.5', '> 3.5'],
  ['SwarmServiceScalingFailing', '[5m]', '[10m]'],
  ['SwarmServiceScalingFailing', '{outcome="failed"}', ''],
  ['SwarmServiceScalingFailing', 'sum by (service)', 'max by (service)'],
  ['SwarmServiceScalingFailing', 'and on (service)', 'or on (service)'],
  ['swarm_autoscaler:last_change_was_up', '> bool', '< bool'],
  ['swarm_autoscaler:last_change_was_up', '> bool', '>'],
  ['swarm_autoscaler:last_change_was_up', lastUp, lastUp.replace('max by', 'min by')],
  ['SwarmServiceFlapping', '> 8', '> 7'],
  ['SwarmServiceFlapping', '> 8', '> 9'],
  ['SwarmServiceFlapping', '[59m50s]', '[50m]'],
  ['SwarmServiceFlapping', '[59m50s]', '[2h]'],
  ['SwarmServiceFlapping', 'and on (service)', 'or on (service)'],
  ['SwarmForecastSwitchedOff', '{mode="act"}', ''],
  ['SwarmForecastSwitchedOff', '{mode="act"}', '{mode="forecast-only"}'],
  ['SwarmForecastSwitchedOff', 'and on (service)\n          swarm_autoscaler:forecast_switched_off\n', ''],
]

await describeWithTools('the tests of health.yml', ({ promtool }) => {
  it.concurrent.each(MUTATIONS)('notice in %s that %j becomes %j', async (rule, was, becomes) => {
    const rules = mutated(rule, was, becomes)
    await expectNoticed({ promtool, folder }, { name: 'health.yml', rules, tests: testsOf(rule) })
  })
})
