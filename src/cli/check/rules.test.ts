import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aFolder } from '../../../test/support/fakes/check-world.ts'
import { checkRules } from './rules.ts'
import { RulesFile, rulesOf } from './rules-file.ts'
import { readYamlFile } from './yaml-file.ts'

function findingsIn(path: string) {
  const reading = readYamlFile(path, RulesFile)
  return reading.kind === 'faulty' ? reading.findings : checkRules(rulesOf(reading.file))
}

const rule = (lines: string) => `groups:
  - name: g
    rules:
      - alert: A
        expr: ${lines}
`
const check = (lines: string) => findingsIn(`${aFolder({ 'r.yml': rule(lines) })}/r.yml`)

describe('an alert', () => {
  it.each([
    [
      'that says all, the number filled in when it runs',
      'x\n        labels: {service: web, scale: to}\n        annotations: {replicas: "{{ $value }}"}',
    ],
    ['whose expression may give the service', 'x{service!=""}\n        labels: {scale: up}'],
    ['of the older docker-scaler', 'x\n        labels: {service: web, scale: down}'],
    ['for people only', 'x\n        labels: {severity: page}'],
    ['with a templated scale', 'x\n        labels: {service: web, scale: "{{ $labels.way }}"}'],
    ['whose expression may give the scale', 'x{scale="up"}\n        labels: {service: web}'],
    [
      'with numbers that are numbers',
      'x\n        labels: {service: w, scale: up}\n        annotations: {replicas: 3, step: 50%}',
    ],
  ])('%s is right', (_, lines) => {
    expect(check(lines)).toEqual([])
  })

  it.each([
    ['sum(x) > 1\n        labels: {scale: up}', 'error', 'alert-without-service', [4, 9]],
    ['x > 1\n        labels: {scale: up}', 'warning', 'alert-without-service', [4, 9]],
    ['sum by (job) (x)\n        labels: {scale: up}', 'error', 'alert-without-service', [4, 9]],
    ['sum(x{service="web"})\n        labels: {scale: up}', 'error', 'alert-without-service', [4, 9]],
    ['x{job="service"}\n        labels: {scale: up}', 'warning', 'alert-without-service', [4, 9]],
    ['x\n        labels: {service: "", scale: up}', 'warning', 'alert-without-service', [4, 9]],
    ['x\n        labels: {service: web}', 'warning', 'alert-without-scale', [4, 9]],
    ['x\n        annotations: {replicas: 3}', 'error', 'alert-without-scale', [4, 9]],
    ['x\n        labels: {service: "{{ $labels.s }}", scale: up}', 'note', 'templated-service', [6, 27]],
    ['x\n        labels: {service: web, scale: upwards}', 'error', 'unknown-scale', [6, 39]],
    ['x\n        labels: {service: web, scale: to}', 'error', 'to-without-replicas', [4, 9]],
  ])('%j: %s %s', (lines, severity, name, [line, column]) => {
    expect(check(lines)).toEqual([
      expect.objectContaining({
        severity,
        rule: name,
        where: expect.objectContaining({ line, column }),
      }),
    ])
  })

  it.each([
    ['replicas: NaN', 'replicas-not-a-number'],
    ['replicas: -1', 'replicas-not-a-number'],
    ['replicas: 50%', 'replicas-not-a-number'],
    ['step: one', 'step-not-an-amount'],
    ['step: -50%', 'step-not-an-amount'],
  ])('with %s is an error', (annotation, name) => {
    const found = check(`x\n        labels: {service: w, scale: up}\n        annotations: {${annotation}}`)
    expect(found).toEqual([expect.objectContaining({ severity: 'error', rule: name })])
  })

  it('has the labels of its group', () => {
    const text = rule('x\n        labels: {service: w}').replace('name: g', 'labels: {scale: none}')
    expect(findingsIn(`${aFolder({ 'r.yml': text })}/r.yml`)).toEqual([
      expect.objectContaining({ rule: 'unknown-scale' }),
    ])
  })
})

describe('the shipped rules', () => {
  const folder = join(import.meta.dirname, '../../../prometheus/rules')
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yml')))('%s is right', (name) => {
    expect(findingsIn(join(folder, name))).toEqual([])
  })
})
