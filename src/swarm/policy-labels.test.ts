import { describe, expect, it } from 'vitest'
import type { Labels } from './label-reader.ts'
import { readPolicy } from './policy-labels.ts'

const enabled = { 'autoscaler.enable': 'true', 'autoscaler.max': '10' }
const read = (labels: Labels, hasMemoryLimit = true) => readPolicy(labels, hasMemoryLimit)
const faultsOf = (labels: Labels, hasMemoryLimit = true) => {
  const reading = read({ ...enabled, ...labels }, hasMemoryLimit)
  return reading.kind === 'invalid' ? reading.faults.map(({ key, message }) => `${key} ${message}`) : []
}

describe('a service', () => {
  it.each([
    ['without labels', {}],
    ['with labels but no enable', { 'autoscaler.max': 'nonsense', 'autoscaler.typo': '1' }],
    ['that says no', { 'autoscaler.enable': 'false', 'autoscaler.max': '3' }],
  ])('%s has not opted in', (_, labels) => {
    expect(read(labels)).toEqual({ kind: 'not_enabled' })
  })

  it('that opts in gets the defaults of the contract', () => {
    expect(read(enabled)).toEqual({
      kind: 'valid',
      policy: {
        min: 1,
        max: 10,
        targets: {},
        up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0 },
        down: {
          step: { unit: 'replicas', value: 1 },
          maxStep: [{ unit: 'percent', value: 50 }],
          cooldownMs: 60_000,
          stabilizationMs: 150_000,
        },
      },
    })
  })

  it('may set everything', () => {
    const labels = {
      ...enabled,
      'autoscaler.min': '0',
      'autoscaler.up.step': '50%',
      'autoscaler.up.max-step': '4, 100%',
      'autoscaler.up.cooldown': '30s',
      'autoscaler.up.stabilization': '10s',
      'autoscaler.down.step': '2',
      'autoscaler.down.max-step': '1',
      'autoscaler.down.cooldown': '0s',
      'autoscaler.down.stabilization': '5m',
      'autoscaler.state.last-up': '2026-01-15T12:00:00Z',
      'autoscaler.state.of-a-newer-version': 'x',
      'com.docker.stack.namespace': 'shop',
    }
    expect(read(labels)).toMatchObject({
      kind: 'valid',
      policy: {
        min: 0,
        up: {
          step: { unit: 'percent', value: 50 },
          maxStep: [
            { unit: 'replicas', value: 4 },
            { unit: 'percent', value: 100 },
          ],
          cooldownMs: 30_000,
          stabilizationMs: 10_000,
        },
        down: { step: { value: 2 }, maxStep: [{ value: 1 }], cooldownMs: 0, stabilizationMs: 300_000 },
      },
    })
  })

  it('gives its targets in base units', () => {
    const targets = {
      'autoscaler.target.cpu': '70%',
      'autoscaler.target.memory': '80%',
      'autoscaler.target.requests': '20',
      'autoscaler.target.queue': '2.5',
      'autoscaler.target.network': '50MB',
      'autoscaler.target.latency': '500ms',
      'autoscaler.target.errors': '5%',
      'autoscaler.target.open_files': '100',
    }
    const reading = read({ ...enabled, ...targets })
    expect(reading.kind === 'valid' && { ...reading.policy.targets }).toEqual({
      cpu: 0.7,
      memory: 0.8,
      requests: 20,
      queue: 2.5,
      network: 50e6,
      latency: 0.5,
      errors: 0.05,
      open_files: 100,
    })
  })
})

describe('a fault', () => {
  const rows: [string, Labels, RegExp][] = [
    ['enable that is no boolean', { 'autoscaler.enable': 'yes' }, /enable must be true or false/],
    ['an empty maximum', { 'autoscaler.max': '' }, /max must be a whole number >= 1/],
    ['a maximum of 0', { 'autoscaler.max': '0' }, /max must be a whole number >= 1/],
    ['a negative minimum', { 'autoscaler.min': '-1' }, /min must be a whole number >= 0/],
    ['a fraction', { 'autoscaler.min': '1.5' }, /min must be a whole number/],
    ['a minimum above the maximum', { 'autoscaler.min': '11' }, /min must not exceed autoscaler.max \(10\)/],
    ['a key that does not exist', { 'autoscaler.cooldown': '5m' }, /autoscaler.cooldown is no label/],
    ['a duration without a unit', { 'autoscaler.up.cooldown': '30' }, /up.cooldown must be a duration/],
    ['a step of 0', { 'autoscaler.up.step': '0' }, /up.step must be/],
    ['a step of half a replica', { 'autoscaler.up.step': '0.5' }, /up.step must be/],
    ['two largest steps of one kind', { 'autoscaler.up.max-step': '4,5' }, /max-step must be/],
    ['three largest steps', { 'autoscaler.up.max-step': '4,100%,5' }, /max-step must be/],
    ['half a pair', { 'autoscaler.up.max-step': '4,' }, /max-step must be/],
    ['a target of 0', { 'autoscaler.target.requests': '0' }, /target.requests must be a number above 0/],
    ['a percentage without its sign', { 'autoscaler.target.cpu': '70' }, /target.cpu must be a percentage/],
    ['a signal with a strange name', { 'autoscaler.target.A b': '1' }, /is no name of a signal/],
    [
      'a signal named as a property of objects',
      { 'autoscaler.target.constructor': 'x' },
      /must be a number above 0/,
    ],
  ]
  it.each(rows)('%s', (_, labels, message) => {
    expect(faultsOf(labels)).toEqual([expect.stringMatching(message)])
  })

  it('is told with all others at once, the value beside it', () => {
    const reading = read({ 'autoscaler.enable': 'true', 'autoscaler.min': 'x', 'autoscaler.mx': '3' })
    expect(reading).toEqual({
      kind: 'invalid',
      faults: [
        { key: 'autoscaler.min', value: 'x', message: 'must be a whole number >= 0' },
        { key: 'autoscaler.max', message: 'is missing; it must be a whole number >= 1' },
        { key: 'autoscaler.mx', value: '3', message: 'is no label that this version knows' },
      ],
    })
  })

  it('is a memory target with nothing to be a percentage of', () => {
    const labels = { 'autoscaler.target.memory': '80%' }
    expect(faultsOf(labels, true)).toEqual([])
    expect(faultsOf(labels, false)).toEqual([
      expect.stringMatching(/memory needs a memory limit or reservation/),
    ])
  })
})
