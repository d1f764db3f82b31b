import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { changed, itNotices, onlyTest } from './mutated-rules.ts'
import { scalingMutations } from './rule-mutations/scaling.ts'
import { PROMETHEUS_CONFIG, RULE_FILES, RULE_TESTS, RULES } from './shipped-files.ts'

const ruleTests = readdirSync(RULE_TESTS)
const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

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

  itNotices(scalingMutations, promtool, (test, was, becomes) => {
    const name = rulesUnder(test)
    const text = readFileSync(join(RULES, name), 'utf8')
    return { name, rules: changed(text, was, becomes), tests: onlyTest(test) }
  })
})
