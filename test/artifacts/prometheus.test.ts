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

/** Changes that the rules' tests must notice: which file of them, what stands in the rules, and what takes its place. */
const MUTATIONS: readonly (readonly [tests: string, was: string, becomes: string])[] = [
  ['requests.yml', 'count[15s]', 'count[30s]'],
  ['requests.yml', 'count[15s]', 'count[5s]'],
  ['requests.yml', 'signal="requests"}) > 0', 'signal="requests"})'],
  ['requests.yml', '(max by (service) (swarm_autoscaler_service_target', '((swarm_autoscaler_service_target'],
  ['requests.yml', 'by_signal + on (service, signal) swarm_autoscaler:replicas_missing', 'by_signal'],
  ['requests.yml', 'clamp_min(', 'clamp_max('],
  ['up.yml', '> 1.25', '> 1.26'],
  ['up.yml', '> 1.25', '>= 1.25'],
  ['up.yml', '> 1.20', '> 1.21'],
  ['up.yml', '> 1.20', '>= 1.20'],
  ['up.yml', 'ratio[2m]', 'ratio[1m]'],
  ['up.yml', 'ratio offset 2m', 'ratio'],
  ['up.yml', 'ratio offset 2m', 'ratio offset 3m'],
  ['up.yml', ' >= 0 < Inf', ''],
  ['up.yml', 'max by (service) (swarm_autoscaler_service_desired', '(swarm_autoscaler_service_desired'],
  ['down.yml', '< 0.95', '< 0.94'],
  ['down.yml', '< 0.95', '<= 0.95'],
  ['down.yml', '1.05 *', '1.06 *'],
  ['down.yml', 'desired_replicas - 1)', 'desired_replicas)'],
  ['down.yml', 'desired_replicas - 1)', 'desired_replicas - 2)'],
  ['down.yml', 'replicas_down_to <= on', 'replicas_down_to < on'],
  ['down.yml', 'desired_replicas > on', 'desired_replicas >= on'],
  ['down.yml', ':max[30s]', ':max[20s]'],
  ['down.yml', ':max[30s]', ':max[1m]'],
  ['down.yml', 'for_down:max offset 30s', 'for_down:max offset 20s'],
  ['down.yml', 'for_down:max offset 30s', 'for_down:max offset 1m'],
  ['down.yml', 'replicas_needed_for_down:max\n          and', 'desired_replicas\n          and'],
  ['down.yml', 'max by (service, signal) (swarm', '(swarm'],
  ['down.yml', 'max by (service) (swarm_autoscaler_service_min', '(swarm_autoscaler_service_min'],
  ['down.yml', '{signal!~"latency|errors"}', ''],
  ['down.yml', '{signal!~"latency|errors"}', '{signal="none"}'],
]

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
    expect(output).toMatch(/2 rule files found.*rules\/health\.yml.*rules\/scaling\.yml/s)
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
      const rules = readFileSync(SCALING_RULES, 'utf8')
      expect(rules.split(was), 'stands once in the rules').toHaveLength(2)
      await expectNoticed(
        { promtool, folder },
        {
          name: 'scaling.yml',
          rules: rules.replace(was, becomes),
          tests: readFileSync(join(RULE_TESTS, tests), 'utf8'),
        },
      )
    },
    30_000,
  )
})
