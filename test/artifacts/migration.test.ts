import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { labelsFor, readPolicyFile } from '../../src/policy/policy-file.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { readAlert } from '../../src/receiver/read-alert.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { aPolicy, aService } from '../support/fakes/builders.ts'
import { runCheck } from '../support/fakes/check-world.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { blocksOf, docPage } from './doc-pages.ts'

const page = docPage('docs/migration.md')
const blocks = blocksOf(page, 'yaml')

/** The one YAML block of the page with these words. */
function block(words: string): string {
  const found = blocks.filter((text) => text.includes(words))
  expect(found, words).toHaveLength(1)
  return found[0] ?? ''
}

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-migration-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface OldRule {
  readonly alert: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
const oldRules = parse(block('alert: web_answers_slowly')) as readonly OldRule[]

describe('the alerts that docs/migration.md shows of docker-scaler', () => {
  it.each(oldRules)('$alert: are read as they are, a step of the policy in their direction', (rule) => {
    const { alert, labels, annotations } = rule
    const read = readAlert({
      status: 'firing',
      labels: { alertname: alert, ...labels },
      annotations,
      startsAt: '2026-01-15T12:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: 'c2f1a9b8d7e6f504',
    })
    expect(read).toMatchObject({
      service: 'shop_web',
      kind: 'valid',
      update: {
        kind: 'firing',
        alert: { scale: labels['scale'], demand: { kind: 'policy-step' }, summary: annotations['summary'] },
      },
    })
  })

  it('are both directions, and check finds nothing wrong with them', async () => {
    expect(oldRules.map(({ labels }) => labels['scale'])).toEqual(['up', 'down'])
    const rules = join(folder, 'rules.yml')
    writeFileSync(rules, stringify({ groups: [{ name: 'old', rules: oldRules }] }))
    const { status, out } = await runCheck(['--rules', rules])
    expect(out.filter((line) => line.includes('rules.yml'))).toEqual([])
    expect(status).toBe(0)
  })
})

describe('what docs/migration.md has for the settings of', () => {
  it('docker-scaler is a valid policy, with the same bounds and steps', () => {
    const old = parse(block('com.df.scaleMin: ')) as Record<string, string>
    const policy = readPolicy(parse(block('autoscaler.up.step: "2"')) as Record<string, string>, false)
    expect(policy).toMatchObject({
      kind: 'valid',
      policy: {
        min: Number(old['com.df.scaleMin']),
        max: Number(old['com.df.scaleMax']),
        up: { step: { value: Number(old['com.df.scaleUpBy']) } },
        down: { step: { value: Number(old['com.df.scaleDownBy']) } },
      },
    })
  })

  it('orbiter is a policy file that the receiver takes, with the same steps', () => {
    const old = parse(block('provider: swarm')) as {
      autoscalers: { events: { policies: { php: { up: number; down: number } } } }
    }
    const { up, down } = old.autoscalers.events.policies.php
    const reading = readPolicyFile(block('# the policy file'))
    if (reading.kind !== 'valid') throw new Error(JSON.stringify(reading.faults))
    expect(labelsFor(reading.file, 'php')).toMatchObject({ 'up.step': `${up}`, 'down.step': `${down}` })
  })
})

describe('the message that docs/migration.md posts in place of a call of orbiter', () => {
  const body = JSON.parse(/-d '(\{[\s\S]*?\})'$/m.exec(page.text)?.[1] ?? '') as { alerts: object[] }

  it('is one step up', async () => {
    const { post } = await anApp({ services: [aService({ name: 'php', policy: aPolicy({ max: 20 }) })] })
    const { body: answer } = await post(...body.alerts)
    expect(answer.results).toMatchObject([
      { service: 'php', decision: 'scale', reason: 'alert', from: 4, to: 5 },
    ])
  })
})

await describeWithTools('the route that docs/migration.md puts before the old one', ({ amtool }) => {
  const config = join(folder, 'alertmanager.yml')
  const { route } = parse(block('continue: true')) as { route: { routes: object[] } }
  const old = { receiver: 'docker-scaler', matchers: ['scale=~"up|down"'] }
  writeFileSync(
    config,
    stringify({
      route: { receiver: 'team', routes: [...route.routes, old] },
      receivers: ['team', 'docker-scaler', 'swarm-autoscaler'].map((name) => ({ name })),
    }),
  )

  it.each(['up', 'down'])('sends an alert to scale %s to both', async (scale) => {
    const { exitCode, output } = await runTool(amtool, [
      'config',
      'routes',
      'test',
      `--config.file=${config}`,
      '--verify.receivers=swarm-autoscaler,docker-scaler',
      'service=shop_web',
      `scale=${scale}`,
    ])
    expect(exitCode, output).toBe(0)
  })
})
