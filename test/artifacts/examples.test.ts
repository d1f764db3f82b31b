import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { RulesFile, rulesOf } from '../../src/cli/check/rules-file.ts'
import { checkTargets } from '../../src/cli/check/targets.ts'
import { readYamlFile } from '../../src/cli/check/yaml-file.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { RULE_FILES, readRules, readStepRules } from './shipped-files.ts'

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

const Labels = z.record(z.string(), z.string())

/** Every label set of docs/examples.md, by the heading that it stands under. */
const examples = page('examples.md')
  .split(/^## /m)
  .flatMap((section) => {
    const [, block] = /```yaml\n([^`]*)```/.exec(section) ?? []
    return block === undefined
      ? []
      : [{ title: section.split('\n')[0] ?? '', labels: Labels.parse(parse(block)) }]
  })

describe('docs/examples.md', () => {
  it('has an API, a worker, a website and a batch service', () => {
    expect(examples.map(({ title }) => title)).toEqual([
      'An API',
      'A worker on a queue',
      'A website',
      'A batch service',
    ])
  })

  it.each(examples)('gives $title labels that are a valid policy, without a warning', ({ labels }) => {
    expect(readPolicy(labels, true)).toMatchObject({ kind: 'valid', warnings: [] })
  })

  it.each(examples)('sets no target for $title that the shipped rules do not act on', ({ title, labels }) => {
    const reading = readPolicy(labels, true)
    if (reading.kind !== 'valid') throw new Error(title)
    const rules = RULE_FILES.flatMap((path) => {
      const file = readYamlFile(path, RulesFile)
      if (file.kind === 'faulty') throw new Error(path)
      return rulesOf(file.file)
    })
    expect(Object.keys(reading.policy.targets)).not.toEqual([])
    expect(checkTargets(rules, [{ name: title, policy: reading.policy }])).toEqual([])
  })
})

describe('docs/signals.md', () => {
  const text = page('signals.md')
  const rules = [...readRules(), ...readStepRules()].flatMap((group) => group.rules)

  it('lists every number of the rules with its value', () => {
    const numbers = rules.flatMap(({ record, expr }) => {
      const [, terms] = /^vector\(([\d. +]+)\)$/.exec(expr) ?? []
      if (record === undefined || terms === undefined) return []
      const value = terms.split('+').reduce((sum, term) => sum + Number(term), 0)
      return [[record.replace('swarm_autoscaler:', ''), value]]
    })
    const rows = [...text.matchAll(/^\| `(\w+)` \| ([\d.]+) \|/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ])
    expect(rows).toEqual(numbers)
  })

  it('names every metric of an exporter that the rules read', () => {
    const names = rules.flatMap(({ expr }) => [
      ...expr.matchAll(/\b((?:http|caddy|nginx|traefik|rabbitmq|bullmq|redis)_\w+)\{/g),
    ])
    expect(names.length).toBeGreaterThan(20)
    for (const [, name] of names) expect(text).toContain(`\`${name}`)
  })

  it('names every alert of the rules that asks for a step', () => {
    for (const { alert } of readStepRules().flatMap((group) => group.rules)) {
      if (alert !== undefined) expect(text).toContain(`\`${alert}\``)
    }
  })
})
