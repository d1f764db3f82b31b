import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aPolicy, aService } from '../../../test/support/fakes/builders.ts'
import { aFolder, runCheck } from '../../../test/support/fakes/check-world.ts'
import type { Finding } from './findings.ts'

const rightRoute = 'group_by: [service, scale], group_wait: 0s, group_interval: 5s, repeat_interval: 4s'
const rightHook = 'url: "http://receiver:9095/webhook"'

/** A configuration that is right but for what is said. */
function configOf({ route = rightRoute, hook = rightHook, matchers = '[scale=~"up|down|to"]' } = {}): string {
  return `
route:
  receiver: nobody
  routes:
    - {receiver: autoscaler, ${route}, matchers: ${matchers}}
receivers:
  - name: nobody
  - name: autoscaler
    webhook_configs:
      - {${hook}}
`
}

async function check(
  config: string,
  { flags = [], ...world }: Parameters<typeof runCheck>[1] & { flags?: string[] } = {},
) {
  const path = `${aFolder({ 'am.yml': config })}/am.yml`
  const { out } = await runCheck(['--json', '--alertmanager', path, ...flags], { services: [], ...world })
  const { findings } = JSON.parse(out.join('')) as { findings: Finding[] }
  return findings.map(({ severity, rule, message, where }) => ({ severity, rule, message, where }))
}

const rulesOf = (labels: string) =>
  `${aFolder({ 'r.yml': `groups: [{rules: [{alert: Own, expr: x, labels: ${labels}, annotations: {replicas: 1}}]}]` })}/r.yml`

describe('a configuration', () => {
  it('that is right gives no finding', async () => {
    expect(await check(configOf())).toEqual([])
  })

  it('as it is shipped gives no finding, with the shipped rules and a service', async () => {
    const shipped = (path: string) => join(import.meta.dirname, '../../../', path)
    const { status, out } = await runCheck(
      ['--alertmanager', shipped('alertmanager/alertmanager.yml'), '--rules', shipped('prometheus/rules')],
      { services: [aService()] },
    )
    expect({ status, out }).toEqual({ status: 0, out: [expect.stringMatching(/^0 errors, 0 warnings;/)] })
  })

  it.each([
    ['group_interval: 5s, repeat_interval: 4s, group_wait: 0s', 'warning', 'group-by-without-service'],
    [rightRoute.replace('service, scale', 'scale'), 'warning', 'group-by-without-service'],
    [rightRoute.replace('4s', '5s'), 'warning', 'slow-repeat'],
    [rightRoute.replace('4s', '115s'), 'error', 'alert-forgotten'],
    [rightRoute.replace('4s', '2m'), 'error', 'alert-forgotten'],
    [rightRoute.replace('5s', '2m'), 'error', 'alert-forgotten'],
    [rightRoute.replace('5s', '31s'), 'warning', 'slow-group-interval'],
    [rightRoute.replace('0s', '6s'), 'warning', 'slow-group-wait'],
  ])('with %s: %s %s', async (route, severity, rule) => {
    const found = await check(configOf({ route }))
    // `up` and `down` have findings of their own where the right numbers differ.
    expect(new Set(found.map((finding) => `${finding.severity} ${finding.rule}`))).toEqual(
      new Set([`${severity} ${rule}`]),
    )
    expect(found[0]?.where).toMatchObject({ line: 5 })
  })

  it.each([
    [rightRoute.replace('service, scale', '...')],
    [rightRoute.replace('5s', '30s')],
    [rightRoute.replace('0s', '5s')],
  ])('with %s is right', async (route) => {
    expect(await check(configOf({ route }))).toEqual([])
  })

  it('has time until the signals are forgotten, and that can be told', async () => {
    const route = rightRoute.replace('5s', '40s')
    const rules = (found: { rule: string }[]) => found.map(({ rule }) => rule)
    expect(rules(await check(configOf({ route })))).toEqual(['slow-group-interval'])
    const flags = ['--alert-ttl', '40s']
    expect(new Set(rules(await check(configOf({ route }), { flags })))).toEqual(new Set(['alert-forgotten']))
  })

  it.each([
    [`${rightHook}, send_resolved: no`, 'no-send-resolved'],
    [`${rightHook}, max_alerts: 1`, 'max-alerts'],
  ])('with a webhook {%s}: %s', async (hook, rule) => {
    expect(await check(configOf({ hook }))).toEqual([expect.objectContaining({ severity: 'warning', rule })])
  })

  it('whose address ends in a slash is right', async () => {
    expect(await check(configOf({ hook: 'url: "http://receiver:9095/webhook/"' }))).toEqual([])
  })

  it('whose address stands in a file is believed', async () => {
    expect(await check(configOf({ hook: 'url_file: /run/secrets/url' }))).toEqual([])
  })
})

describe('an alert that does not arrive', () => {
  it('is an error for the shipped alerts, a warning for one that nobody sends yet', async () => {
    const found = await check(configOf({ hook: 'url: "http://receiver:9095/"' }))
    expect(found.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([
      'error alert-not-routed',
      'error alert-not-routed',
      'warning alert-not-routed',
    ])
  })

  it('is an error for an alert of the rules, by all its labels', async () => {
    const config = configOf({ matchers: '[scale=~"up|down|to", team=""]' })
    expect(await check(config)).toEqual([])
    const flags = ['--rules', rulesOf('{service: web, scale: to, team: shop}')]
    expect(await check(config, { flags })).toEqual([
      expect.objectContaining({
        severity: 'error',
        rule: 'alert-not-routed',
        message: expect.stringMatching(/^alert Own with scale="to" for web goes to nobody,/),
      }),
    ])
  })

  it('is told once for all services', async () => {
    const services = [aService(), aService({ name: 'api' })]
    const [found, ...more] = await check(configOf({ matchers: '[scale=~"down|to"]' }), { services })
    expect(more).toEqual([])
    expect(found?.message).toContain('for web, api goes to nobody')
  })

  it('is no error where the routes go by services that are not known here', async () => {
    const config = configOf({ matchers: '[service="web"]' })
    const found = await check(config)
    expect(found.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning'])
    expect(await check(config, { services: [aService()] })).toEqual([])
  })
})

describe('a cooldown', () => {
  const withCooldown = (cooldownMs: number) => {
    const { up } = aPolicy()
    return { services: [aService({ policy: aPolicy({ up: { ...up, cooldownMs } }) })] }
  }

  it.each([
    [4_999, ['cooldown-below-interval']],
    [5_000, []],
    [0, []],
  ])('of %d ms with a group_interval of 5s: %j', async (cooldownMs, expected) => {
    const found = await check(configOf(), withCooldown(cooldownMs))
    expect(found.map(({ rule }) => rule)).toEqual(expected)
  })
})

describe('a file', () => {
  it.each([
    ['receivers: []', 'wrong-shape', /^route must be a mapping/],
    [configOf({ route: 'group_interval: soon' }), 'wrong-shape', /group_interval is "soon", not a duration/],
    [configOf({ matchers: '["scale ~ up"]' }), 'wrong-shape', /matchers.0 cannot be read: scale ~ up is no/],
    ['route: [', 'unparsable-file', /./],
    ['route: *gone', 'unparsable-file', /gone/],
  ])('%j: %s', async (config, rule, message) => {
    expect((await check(config))[0]).toMatchObject({
      severity: 'error',
      rule,
      message: expect.stringMatching(message),
    })
  })
})
