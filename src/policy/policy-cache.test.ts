import { describe, expect, it } from 'vitest'
import { PolicyCache } from './policy-cache.ts'
import { readPolicy } from './read-policy.ts'

const labels = {
  'autoscaler.enable': 'true',
  'autoscaler.max': '10',
  'autoscaler.target.memory': '80%',
  'com.docker.stack.namespace': 'shop',
}

describe('the policy of a service', () => {
  it('is what its labels say', () => {
    expect(new PolicyCache().read('web', labels, true)).toEqual(readPolicy(labels, true))
  })

  it.each([
    ['the same labels', { ...labels }],
    ['another state', { ...labels, 'autoscaler.state.replicas': '3' }],
    ['another label that is not its own', { ...labels, 'com.docker.stack.namespace': 'bar' }],
  ])('is not read again for %s', (_, again) => {
    const readings = new PolicyCache()
    expect(readings.read('web', again, true)).toBe(readings.read('web', labels, true))
  })

  it.each([
    ['another value', { ...labels, 'autoscaler.max': '11' }, true],
    ['one more label', { ...labels, 'autoscaler.min': '2' }, true],
    ['one that is no label', { ...labels, 'autoscaler.mix': '2' }, true],
    ['one label less', { 'autoscaler.enable': 'true', 'autoscaler.max': '10' }, true],
    ['no memory limit any more', labels, false],
    ['one that holds what looks like two', { ...labels, 'autoscaler.max': '10","autoscaler.min","2' }, true],
  ])('is read again for %s', (_, changed, hasMemoryLimit) => {
    const readings = new PolicyCache()
    readings.read('web', labels, true)
    expect(readings.read('web', changed, hasMemoryLimit)).toEqual(readPolicy(changed, hasMemoryLimit))
  })

  it('is its own, though another service has the same labels', () => {
    const readings = new PolicyCache()
    expect(readings.read('a', labels, true)).not.toBe(readings.read('b', labels, true))
  })

  it('is forgotten with its service', () => {
    const readings = new PolicyCache()
    const [web, other] = ['web', 'other'].map((id) => readings.read(id, labels, true))
    readings.keepOnly(new Set(['other']))
    expect(readings.read('web', labels, true)).not.toBe(web)
    expect(readings.read('other', labels, true)).toBe(other)
  })
})
