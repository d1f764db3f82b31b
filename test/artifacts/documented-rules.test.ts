import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

await describeWithTools('the rule that docs/alerts.md shows', ({ promtool }) => {
  it('fires above its threshold, with the labels of a real exporter and a real receiver', async () => {
    const text = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8')
    const [rule] = parse(/```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '') as [
      { annotations: object; labels: object },
    ]
    const rules = join(folder, 'rules.yml')
    writeFileSync(rules, stringify({ groups: [{ name: 'documented', rules: [rule] }] }))
    const series = (messages: number) => [
      {
        series: 'rabbitmq_queue_messages_ready{queue="mail",vhost="/",instance="a",job="b"}',
        values: `${messages}x5`,
      },
      {
        series: 'swarm_autoscaler_service_desired_replicas{service="mailer",instance="c",job="d"}',
        values: '2x5',
      },
    ]
    const alert = {
      exp_labels: { service: 'mailer', scale: 'up' },
      exp_annotations: { replicas: '3', summary: 'The mail queue needs more workers.' },
    }
    const test = (messages: number, alerts: object[]) => ({
      interval: '1m',
      input_series: series(messages),
      alert_rule_test: [{ eval_time: '2m', alertname: 'QueueIsLong', exp_alerts: alerts }],
    })
    const tests = join(folder, 'tests.yml')
    writeFileSync(tests, stringify({ rule_files: [rules], tests: [test(300, [alert]), test(250, [])] }))
    const { exitCode, output } = await runTool(promtool, ['test', 'rules', tests])
    expect(exitCode, output).toBe(0)
  })
})
