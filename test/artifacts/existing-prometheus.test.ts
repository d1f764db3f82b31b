import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { blocksOf, merge, type Yaml } from '../support/documented-yaml.ts'
import { aService } from '../support/fakes/builders.ts'
import { runCheck } from '../support/fakes/check-world.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { ALERTMANAGER_CONFIG, PROMETHEUS_CONFIG, SCALING_RULES } from './shipped-files.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/existing-prometheus.md'), 'utf8')
const blocksFor = (file: string) => blocksOf(page, file)

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-existing-'))
afterAll(() => rmSync(folder, { recursive: true }))
const prometheusFile = join(folder, 'prometheus.yml')
const alertmanagerFile = join(folder, 'alertmanager.yml')
const rules = join(folder, 'swarm-autoscaler')

/** What somebody may have who knows nothing of the autoscaler. */
const theirPrometheus = {
  global: { scrape_interval: '1m', evaluation_interval: '1m', external_labels: { replica: 'a' } },
  rule_files: ['/etc/prometheus/own/*.yml'],
  alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
  scrape_configs: [{ job_name: 'alertmanager', static_configs: [{ targets: ['alertmanager:9093'] }] }],
}
const theirAlertmanager = {
  route: {
    receiver: 'team',
    group_by: ['alertname'],
    routes: [
      { receiver: 'night', matchers: ['severity="critical"'] },
      { receiver: 'web', matchers: ['service=~"shop_.+"'] },
    ],
  },
  inhibit_rules: [
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity="warning"'],
      equal: ['alertname'],
    },
  ],
  receivers: [{ name: 'team' }, { name: 'night' }, { name: 'web' }],
}

const mergeAll = (theirs: Yaml, file: string) =>
  blocksFor(file).reduce<unknown>((merged, block) => merge(merged, block), theirs)

beforeAll(() => {
  cpSync(dirname(SCALING_RULES), rules, { recursive: true })
  const prometheus = stringify(mergeAll(theirPrometheus, 'prometheus.yml'))
  writeFileSync(prometheusFile, prometheus.replace('/etc/prometheus/swarm-autoscaler', rules))
  writeFileSync(alertmanagerFile, stringify(mergeAll(theirAlertmanager, 'alertmanager.yml')))
})

describe('the blocks of docs/existing-prometheus.md', () => {
  const shipped = (path: string) => parse(readFileSync(path, 'utf8')) as Yaml

  it('have the scrape jobs that are shipped, each with its own interval', () => {
    const { global, scrape_configs } = shipped(PROMETHEUS_CONFIG) as {
      global: Yaml
      scrape_configs: Yaml[]
    }
    const { scrape_interval, scrape_timeout } = global
    const needed = scrape_configs.filter(
      ({ job_name }) => !['prometheus', 'alertmanager'].includes(job_name as string),
    )
    expect(blocksFor('prometheus.yml')[0]?.['scrape_configs']).toEqual(
      needed.map((job) => ({ ...job, scrape_interval, scrape_timeout })),
    )
  })

  it('have the route and the inhibition that are shipped', () => {
    const { route, inhibit_rules } = shipped(ALERTMANAGER_CONFIG) as {
      route: { routes: [Yaml] } & Yaml
    } & Yaml
    expect(blocksFor('alertmanager.yml')).toEqual([
      {
        route: { routes: [route.routes[0]] },
        inhibit_rules,
        receivers: [expect.objectContaining({ name: 'swarm-autoscaler' })],
      },
    ])
  })

  it('have a flag that the shipped stack has too', () => {
    const [flag = ''] = /^--rules\.\S+$/m.exec(page) ?? []
    expect(readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8')).toContain(flag)
  })

  it('make `check` content', async () => {
    const { status, out } = await runCheck(['--alertmanager', alertmanagerFile, '--rules', rules], {
      services: [aService()],
    })
    expect({ status, out }).toEqual({ status: 0, out: [expect.stringMatching(/^0 errors, 0 warnings;/)] })
  })
})

await describeWithTools('merged into foreign files, docs/existing-prometheus.md', ({ promtool, amtool }) => {
  it('is a configuration that Prometheus loads, with all shipped rules', async () => {
    const { exitCode, output } = await runTool(promtool, ['check', 'config', prometheusFile])
    expect(output).toMatch(/rule files found.*health\.yml.*scaling\.yml/s)
    expect(exitCode, output).toBe(0)
  })

  it('is a configuration that Alertmanager loads', async () => {
    const { exitCode, output } = await runTool(amtool, ['check-config', alertmanagerFile])
    expect(exitCode, output).toBe(0)
  })

  it.each([
    ['up', 'swarm-autoscaler', ['alertname=Any', 'service=shop_web', 'scale=up', 'replica=a']],
    ['down', 'swarm-autoscaler', ['alertname=Any', 'service=shop_web', 'scale=down']],
    ['to', 'swarm-autoscaler', ['alertname=Any', 'service=shop_web', 'scale=to', 'severity=critical']],
    ['the receiver down', 'night', ['alertname=SwarmAutoscalerDown', 'severity=critical']],
    [
      'a service at its maximum',
      'web',
      ['alertname=SwarmServiceAtMaximum', 'service=shop_web', 'severity=warning'],
    ],
    ['their own', 'team', ['alertname=DiskFull']],
  ])('routes %s to %s', async (_what, receiver, labels) => {
    const { exitCode, output } = await runTool(amtool, [
      'config',
      'routes',
      'test',
      `--config.file=${alertmanagerFile}`,
      `--verify.receivers=${receiver}`,
      ...labels,
    ])
    expect(exitCode, output).toBe(0)
  })
})
