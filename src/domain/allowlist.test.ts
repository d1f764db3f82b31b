import { describe, expect, it } from 'vitest'
import { type Allowlist, isAllowed } from './allowlist.ts'

const web = { kind: 'name', name: 'web' } as const
const ofShop = { kind: 'label', key: 'team', value: 'shop' } as const

describe('an allowlist', () => {
  it.each<[string, Allowlist, string, Record<string, string>, boolean]>([
    ['that is empty lets everything through', [], 'api', {}, true],
    ['lets through what it names', [web], 'web', {}, true],
    ['leaves out a name that only begins so', [web], 'web2', {}, false],
    ['leaves out a name of another case', [web], 'Web', {}, false],
    ['lets through a label of this value', [ofShop], 'api', { team: 'shop' }, true],
    ['leaves out a label of a longer value', [ofShop], 'api', { team: 'shop2' }, false],
    ['leaves out a service without the label', [ofShop], 'api', { crew: 'shop' }, false],
    ['takes no name for a label', [ofShop], 'team', {}, false],
    ['lets through what any item lets through', [web, ofShop], 'api', { team: 'shop' }, true],
    ['leaves out what no item lets through', [web, ofShop], 'api', { team: 'web' }, false],
    [
      'knows no label that every object has',
      [{ ...ofShop, key: 'constructor', value: '' }],
      'api',
      {},
      false,
    ],
  ])('%s', (_, allowlist, name, labels, expected) => {
    expect(isAllowed(allowlist, name, labels)).toBe(expected)
  })
})
