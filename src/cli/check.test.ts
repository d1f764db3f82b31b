import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aPolicy, aService } from '../../test/support/fakes/builders.ts'
import { aFolder, runCheck } from '../../test/support/fakes/check-world.ts'
import { findingRules } from './check/findings.ts'

const rules = (labels: string) => `groups:\n  - rules:\n      - {alert: A, expr: x, labels: ${labels}}\n`
const right = rules('{service: web, scale: up}')
const odd = rules('{service: web}')
const wrong = rules('{service: web, scale: more}')

describe('check', () => {
  it.each([
    ['nothing to say', right, 0, []],
    ['a warning', odd, 0, [expect.stringMatching(/r\.yml:3:9: warning: alert A: /)]],
    ['an error', wrong, 1, [expect.stringMatching(/r\.yml:3:59: error: alert A: scale "more" must be/)]],
    ['no YAML', 'groups: [', 2, [expect.stringMatching(/r\.yml:1:\d+: error: /)]],
  ])('with %s', async (_, text, status, lines) => {
    const { out, ...result } = await runCheck(['--rules', `${aFolder({ 'r.yml': text })}/r.yml`], {
      services: [],
    })
    expect(result).toEqual({ status, err: [] })
    expect(out).toEqual([...lines, expect.stringMatching(/; checked 1 file and 0 services\.$/)])
  })

  it.each([
    ['an unknown flag', ['--rulez', 'x']],
    ['a word too many', ['now']],
    ['a word that follows another flag', ['--rules', 'a.yml', '--alertmanager', 'b.yml', 'c.yml']],
    ['a setting that is not allowed', ['--alert-ttl', 'soon']],
  ])('with %s is wrong usage', async (_, args) => {
    const { status, out, err } = await runCheck(args, { services: [] })
    expect({ status, out }).toEqual({ status: 2, out: [] })
    expect(err[0]).toMatch(/^swarm-autoscaler: /)
  })

  it('with a folder without rules is wrong usage', async () => {
    const { status, err } = await runCheck(['--rules', aFolder({ 'readme.md': '' })], { services: [] })
    expect({ status, err }).toEqual({
      status: 2,
      err: [expect.stringContaining('has no .yml or .yaml file')],
    })
  })

  it('does not check the services while the policy file is invalid', async () => {
    const invalid = {
      ...aService(),
      policy: { kind: 'invalid', faults: [{ key: 'autoscaler.max', message: 'is missing' }] },
    } as const
    const file = `${aFolder({ 'p.yml': 'defaults: {max: 10, up.coldown: 1m}' })}/p.yml`
    const { status, out } = await runCheck(['--policy-file', file], { services: [invalid] })
    expect(status).toBe(1)
    expect(out.join('\n')).toMatch(
      /p\.yml:1:21: error: defaults\.up\.coldown="1m" is not a label; did you mean autoscaler\.up\.cooldown/,
    )
    expect(out.join('\n')).toMatch(/note: the services were not checked, since the policy file/)
    expect(out.join('\n')).not.toContain('autoscaler.max')
  })

  it('reports a key that a policy file gives twice as a fault of the file, which is YAML', async () => {
    const file = `${aFolder({ 'p.yml': 'defaults: {max: 10, max: 9}' })}/p.yml`
    const { status, out } = await runCheck(['--policy-file', file], { services: [] })
    expect(status).toBe(1)
    expect(out[0]).toMatch(/p\.yml:1:21: error: defaults\.max is given twice/)
  })

  it('--help says how to use it', async () => {
    const { status, out } = await runCheck(['--help'])
    expect(status).toBe(0)
    expect(out[0]).toContain('--alertmanager')
  })

  it('takes folders, several flags and the words of a shell’s pattern', async () => {
    const folder = aFolder({ 'b.yml': right, 'a.yaml': odd, 'c.txt': 'no rules' })
    const args = ['--rules', folder, '--json', '--rules', `${folder}/b.yml`, `${folder}/a.yaml`]
    const { out } = await runCheck(args, { services: [] })
    const { findings, summary } = JSON.parse(out.join('')) as { findings: object[]; summary: object }
    expect(findings).toHaveLength(1)
    expect(summary).toMatchObject({ files: 4, warnings: 1 })
  })

  it('--json prints one object', async () => {
    const { out, status } = await runCheck(['--json', '--rules', `${aFolder({ 'r.yml': wrong })}/r.yml`])
    expect(status).toBe(1)
    expect(out).toHaveLength(1)
    expect(JSON.parse(out[0] ?? '')).toEqual({
      findings: [
        {
          severity: 'error',
          where: { file: expect.stringMatching(/r\.yml$/), line: 3, column: 59 },
          rule: 'unknown-scale',
          message: 'alert A: scale "more" must be up, down or to',
        },
        {
          severity: 'note',
          where: { engine: 'unix:///var/run/docker.sock' },
          rule: 'services-not-checked',
          message: 'the services were not checked: no engine here',
        },
      ],
      summary: { errors: 1, warnings: 0, notes: 1, files: 1, services: null },
    })
  })

  it('counts each service once, and tells what no rule supplies', async () => {
    const service = aService({ policy: aPolicy({ targets: { queue: 1 } }) })
    const labels = { 'autoscaler.enable': 'true' }
    const world = { services: [service], labelled: [{ name: 'web', labels }] }
    const file = `${aFolder({ 'r.yml': right })}/r.yml`
    expect((await runCheck(['--rules', file], world)).out).toEqual([
      expect.stringMatching(/^service web: warning: autoscaler\.target\.queue: no rule records /),
      '0 errors, 1 warning; checked 1 file and 1 service.',
    ])
    const broken = `${aFolder({ 'r.yml': 'groups: none' })}/r.yml`
    expect((await runCheck(['--rules', broken], world)).out.join('\n')).not.toContain('queue')
    expect((await runCheck([], world)).out).toHaveLength(1)
  })
})

describe('an allowlist', () => {
  it.each([
    ['by flag', ['--only', 'wep'], {}],
    ['in the environment', [], { AUTOSCALER_ONLY: 'wep' }],
  ])('is named %s, and held against the services', async (_, args, environment) => {
    const { status, out } = await runCheck(args, { services: [aService()], environment })
    expect(status).toBe(0)
    expect(out[0]).toMatch(
      /docker\.sock: warning: AUTOSCALER_ONLY names wep, but no service with exactly this/,
    )
  })
})

describe('an engine that cannot be reached', () => {
  it('is an error where it was named, or nothing else was', async () => {
    expect(await runCheck([])).toMatchObject({ status: 1 })
    const file = `${aFolder({ 'r.yml': right })}/r.yml`
    expect(await runCheck(['--rules', file, '--docker-host', 'tcp://manager:2375'])).toMatchObject({
      status: 1,
      out: ['tcp://manager:2375: error: the services were not checked: no engine here', expect.anything()],
    })
  })
})

describe('a policy file', () => {
  it.each([
    [(path: string) => runCheck(['--policy-file', path], { services: [] })],
    [(path: string) => runCheck([], { services: [], environment: { AUTOSCALER_POLICY_FILE: path } })],
  ])('is named by flag or environment, and has its faults reported', async (run) => {
    const { status, out } = await run(`${aFolder({ 'p.yml': 'services:\n  web: {max: many}' })}/p.yml`)
    expect(status).toBe(1)
    expect(out[0]).toMatch(/p\.yml:2:9: error: services\.web\.max="many" must be a whole number >= 1$/)
  })

  it('that is not YAML is status 2', async () => {
    const { status, out } = await runCheck(
      ['--policy-file', `${aFolder({ 'p.yml': 'services: [' })}/p.yml`, '--json'],
      { services: [] },
    )
    expect({ status, rule: JSON.parse(out[0] ?? '').findings[0].rule }).toEqual({
      status: 2,
      rule: 'unparsable-file',
    })
  })

  it('that is not there is status 2', async () => {
    const { status, out } = await runCheck(['--policy-file', '/nowhere.yml'], { services: [] })
    expect({ status, line: out[0] }).toEqual({
      status: 2,
      line: expect.stringMatching(/^\/nowhere\.yml:1:1: error: ENOENT/),
    })
  })
})

it('docs/check.md tells of every finding, and of none that is not there', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/check.md'), 'utf8')
  const told = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, rule]) => rule)
  expect(told.toSorted()).toEqual([...findingRules].toSorted())
})
