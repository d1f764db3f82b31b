import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { aFolder } from '../../../test/support/fakes/check-world.ts'
import { describeWithTools } from '../../../test/support/tools/describe-with-tools.ts'
import { runTool } from '../../../test/support/tools/run-tool.ts'
import { AlertmanagerConfig } from './alertmanager-file.ts'
import { matchingRoutes, postIntervalMs, type Route, resolveRoutes } from './routes.ts'
import { readYamlFile } from './yaml-file.ts'

function readRoutes(path: string): Route {
  const reading = readYamlFile(path, AlertmanagerConfig)
  if (reading.kind === 'faulty') throw new Error(JSON.stringify(reading.findings))
  return resolveRoutes(reading.file.data.route)
}

const receivers = ['root', 'a', 'b', 'c', 'd'].map((name) => `  - name: ${name}`).join('\n')
const configOf = (route: string) => `route:\n${route}\nreceivers:\n${receivers}\n`

const trees = {
  'the first child that matches': `
  receiver: root
  routes:
    - {receiver: a, matchers: ['scale="up"']}
    - {receiver: b, matchers: ['scale=~"up|down"']}
    - {receiver: c}`,
  'children that let go on': `
  receiver: root
  routes:
    - {receiver: a, matchers: ['scale=~"up|down"'], continue: true}
    - receiver: b
      continue: yes
      matchers: ['service!="web"']
      routes: [{receiver: c, matchers: [scale="down"]}]
    - {receiver: d, matchers: ['scale!~"down|to"', 'service=~"w.b"']}`,
  'deprecated matchers, and receivers inherited': `
  receiver: root
  routes:
    - match: {scale: up}
      routes: [{match_re: {service: 'web|api'}, receiver: a}, {match: {team: ''}, receiver: b}]
    - match_re: {scale: 'd.*'}
      receiver: c
      routes: [{match: {service: web}}]`,
  'anchored expressions, lists in braces': `
  receiver: root
  routes:
    - {receiver: a, matchers: ['scale=~"u"']}
    - {receiver: b, matchers: ['{scale="up",service=~"we.+"}']}
    - {receiver: c, matchers: [scale = to]}`,
} as const

const alerts = ['up', 'down', 'to'].flatMap((scale) =>
  ['web', 'api', 'web2'].map((service) => ({ scale, service })),
)

await describeWithTools('routes are the ones of the real Alertmanager', ({ amtool }) => {
  it.each(Object.entries(trees))('with %s', async (_, tree) => {
    const path = `${aFolder({ 'am.yml': configOf(tree) })}/am.yml`
    const root = readRoutes(path)
    for (const labels of alerts) {
      const said = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
      const ours = matchingRoutes(root, labels).map(({ receiver }) => receiver)
      const config = [`--config.file=${path}`, `--verify.receivers=${ours.join(',')}`]
      const { exitCode, output } = await runTool(amtool, ['config', 'routes', 'test', ...config, ...said])
      expect(exitCode, `${JSON.stringify(labels)}: ${output}`).toBe(0)
    }
  })
})

describe('a route', () => {
  const route = (text: string) => resolveRoutes(AlertmanagerConfig.shape.route.parse(parse(text)))

  it('has the defaults of Alertmanager', () => {
    expect(route('receiver: a')).toMatchObject({
      groupBy: [],
      groupWaitMs: 30_000,
      groupIntervalMs: 300_000,
      repeatIntervalMs: 14_400_000,
    })
  })

  it('inherits what it does not say, down to its children', () => {
    const root = route(`
      receiver: a
      group_by: [service]
      group_interval: 10s
      routes: [{repeat_interval: 9s, routes: [{receiver: b, group_wait: 1s}]}]`)
    expect(root.routes[0]?.routes[0]).toMatchObject({
      receiver: 'b',
      groupBy: ['service'],
      groupWaitMs: 1_000,
      groupIntervalMs: 10_000,
      repeatIntervalMs: 9_000,
      path: ['route', 'routes', 0, 'routes', 0],
    })
  })

  it.each([
    ['5s', '4s', 5_000],
    ['5s', '5s', 10_000],
    ['5m', '4h', 14_700_000],
  ])('with group_interval %s and repeat_interval %s posts every %d ms', (group, repeat, expected) => {
    const root = route(`{receiver: a, group_interval: ${group}, repeat_interval: ${repeat}}`)
    expect(postIntervalMs(root)).toBe(expected)
  })
})
