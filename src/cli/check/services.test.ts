import { describe, expect, it } from 'vitest'
import { aPolicy, aService } from '../../../test/support/fakes/builders.ts'
import { aFolder } from '../../../test/support/fakes/check-world.ts'
import type { Service } from '../../domain/service.ts'
import { RulesFile, rulesOf } from './rules-file.ts'
import { checkLabelled, checkOnly, checkServices } from './services.ts'
import { checkTargets } from './targets.ts'
import { readYamlFile } from './yaml-file.ts'

const summaryOf = (found: ReturnType<typeof checkServices>) =>
  found.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`)

describe('a service', () => {
  it('with a valid policy is right', () => {
    expect(checkServices([aService()], false)).toEqual([])
  })

  it('that has not opted in is nobody’s business', () => {
    const service = { ...aService({ mode: 'global' }), policy: { kind: 'not_enabled' } as const }
    expect(checkServices([service], false)).toEqual([])
  })

  it('with an invalid policy has all its faults told', () => {
    const policy = {
      kind: 'invalid',
      faults: [
        { key: 'autoscaler.max', message: 'is missing' },
        { key: 'autoscaler.min', value: 'one', message: 'must be a whole number >= 0' },
      ],
    } as const
    expect(summaryOf(checkServices([{ ...aService(), policy }], false))).toEqual([
      'error invalid-policy: autoscaler.max is missing',
      'error invalid-policy: autoscaler.min="one" must be a whole number >= 0',
    ])
  })

  it('that is not replicated is an error', () => {
    const [found] = checkServices([aService({ mode: 'global' })], false)
    expect(found).toMatchObject({ severity: 'error', rule: 'not-replicated', where: { service: 'web' } })
  })

  it('has the warnings of its policy told, those of cooldowns only where the routes are not known', () => {
    const warnings = ['autoscaler.up.cooldown', 'autoscaler.cost'].map((key) => ({ key, message: 'is odd' }))
    const service = { ...aService(), policy: { kind: 'valid', policy: aPolicy(), warnings } as const }
    expect(summaryOf(checkServices([service], false))).toEqual([
      'warning policy-warning: autoscaler.up.cooldown is odd',
      'warning policy-warning: autoscaler.cost is odd',
    ])
    expect(checkServices([service], true)).toHaveLength(1)
  })
})

describe('a service with labels of the autoscaler', () => {
  const check = (labels: Record<string, string>) =>
    checkLabelled([{ name: 'api', labels }], [aService()]).map(({ message }) => message)

  it.each([
    [{ 'autoscaler.max': '3' }, 'has autoscaler.max but no autoscaler.enable, so it is not scaled'],
    [
      { 'autoscaler.enabled': 'true' },
      'has autoscaler.enabled but no autoscaler.enable, so it is not scaled; did you mean autoscaler.enable instead of autoscaler.enabled?',
    ],
  ])('%j and no autoscaler.enable is warned of', (labels, message) => {
    expect(check(labels)).toEqual([message])
  })

  it('that the autoscaler wrote itself, and no others, is right', () => {
    expect(check({ 'autoscaler.state.last-up': '2026-01-15T12:00:00Z', team: 'shop' })).toEqual([])
  })

  it('is right where it says so itself, and the allowlist leaves it out all the same', () => {
    expect(check({ 'autoscaler.enable': 'false', 'autoscaler.max': '3' })).toEqual([])
  })

  it('is right where it says by itself or in the policy file whether it opts in', () => {
    expect(checkLabelled([{ name: 'web', labels: { 'autoscaler.max': '3' } }], [aService()])).toEqual([])
  })
})

describe('an allowlist', () => {
  const out: Service = { ...aService({ name: 'api' }), policy: { kind: 'not_enabled', isExcluded: true } }
  const off: Service = { ...aService({ name: 'db' }), policy: { kind: 'not_enabled' } }

  it('has the services told that opted in and that it leaves out', () => {
    expect(summaryOf(checkServices([aService(), out, off], false))).toEqual([
      'warning excluded: is enabled, but AUTOSCALER_ONLY names neither it nor one of its labels, so it is not scaled',
    ])
  })

  it('has the names told that let no service through', () => {
    const only = [
      ...['web', 'db', 'wep'].map((name) => ({ kind: 'name', name }) as const),
      { kind: 'label', key: 'team', value: 'shop' } as const,
    ]
    const found = checkOnly(only, [aService(), off], 'tcp://manager:2375')
    expect(summaryOf(found)).toEqual([
      'warning only-without-service: AUTOSCALER_ONLY names db, but no service with exactly this name is enabled',
      'warning only-without-service: AUTOSCALER_ONLY names wep, but no service with exactly this name is enabled',
    ])
    expect(found[0]?.where).toEqual({ engine: 'tcp://manager:2375' })
    expect(checkOnly([], [], '')).toEqual([])
  })
})

describe('a target', () => {
  const rulesIn = (rules: string) => {
    const reading = readYamlFile(`${aFolder({ 'r.yml': `groups: [{rules: [${rules}]}]` })}/r.yml`, RulesFile)
    if (reading.kind === 'faulty') throw new Error(JSON.stringify(reading.findings))
    return rulesOf(reading.file)
  }
  const needed = 'record: swarm_autoscaler:replicas_needed, expr: x'

  it.each([
    ['queue', `{${needed}, labels: {signal: queue}}`, true],
    ['queue', `{${needed}, labels: {signal: requests}}`, false],
    ['queue', `{${needed}}`, true],
    ['queue', `{record: other, expr: x, labels: {signal: queue}}`, false],
    ['queue', '', false],
    ['latency', `{${needed}, labels: {signal: requests}}`, false],
    ['latency', `{alert: Slow, expr: 't{signal=~"errors|latency"}'}`, true],
    ['errors', `{alert: Slow, expr: 't{signal="latency"}'}`, false],
    ['errors', `{alert: Slow, expr: 't{signal!~"latency|errors"}'}`, false],
  ])('%s with the rules [%s] is supplied: %s', (signal, rules, isSupplied) => {
    const policies = [{ name: 'web', policy: aPolicy({ targets: { [signal]: 1 } }) }]
    const found = checkTargets(rulesIn(rules), policies)
    expect(found.map(({ rule }) => rule)).toEqual(isSupplied ? [] : ['target-without-rule'])
  })
})
