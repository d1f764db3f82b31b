import { expect, it } from 'vitest'
import { defined } from './defined.ts'

it('leaves out what is undefined, and nothing else', () => {
  expect(Object.entries(defined({ a: 1, b: undefined, c: null, d: 0, e: '' }))).toEqual([
    ['a', 1],
    ['c', null],
    ['d', 0],
    ['e', ''],
  ])
})
