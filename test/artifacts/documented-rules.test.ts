import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { SCALING_RULES } from './shipped-files.ts'

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

await describeWithTools('the rules that docs/signals.md shows', ({ promtool }) => {
  it('give a queue of another name to its service, and a signal of the user the replicas it needs', async () => {
    const text = readFileSync(new URL('../../docs/signals.md', import.meta.url), 'utf8')
    const shown = [...text.matchAll(/```yaml\n(- record:[\s\S]*?)```/g)].flatMap(
      ([, yaml = '']) => parse(yaml) as object[],
    )
    expect(shown).toHaveLength(2)
    const rules = join(folder, 'signals.yml')
    const groups = [{ name: 'documented', interval: '5s', rules: shown }]
    writeFileSync(rules, stringify({ groups }))
    const series = Object.entries({
      'swarm_autoscaler_service_target{service="shop_mailer",signal="queue",instance="c"}': '100x9',
      'swarm_autoscaler_service_desired_replicas{service="shop_mailer",instance="c"}': '2x9',
      'rabbitmq_queue_messages{queue="mail-in",vhost="/",instance="a"}': '150x9',
      'rabbitmq_queue_messages{queue="mail-out",vhost="/",instance="a"}': '100x9',
      'swarm_autoscaler_service_target{service="game",signal="sessions",instance="c"}': '200x9',
      'app_sessions{service="game",instance="game.1.x"}': '300x9',
      'app_sessions{service="game",instance="game.2.y"}': '300x9',
    }).map(([name, values]) => ({ series: name, values }))
    const needed = (service: string, signal: string) =>
      `swarm_autoscaler:replicas_needed{service="${service}",signal="${signal}"}`
    const tests = join(folder, 'signals-tests.yml')
    const test = {
      interval: '5s',
      input_series: series,
      promql_expr_test: [
        {
          expr: 'swarm_autoscaler:replicas_needed',
          eval_time: '30s',
          exp_samples: [
            { labels: needed('shop_mailer', 'queue'), value: 2.5 },
            { labels: needed('game', 'sessions'), value: 3 },
          ],
        },
      ],
    }
    writeFileSync(
      tests,
      stringify({ rule_files: [rules, SCALING_RULES], evaluation_interval: '5s', tests: [test] }),
    )
    const { exitCode, output } = await runTool(promtool, ['test', 'rules', tests])
    expect(exitCode, output).toBe(0)
  })
})
