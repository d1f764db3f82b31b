import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

it.each([
  ['sinze', ['since', 'until'], 'since'],
  ['lim', ['limit'], undefined],
  ['kin', ['kind'], 'kind'],
  ['knid', ['kind'], undefined],
  ['shop_wbe', ['shop_api', 'shop_web'], 'shop_web'],
  ['shop_frontned', ['shop_frontend'], 'shop_frontend'],
  ['web', [], undefined],
  ['', ['web'], undefined],
])('%j among %j means %j', (word, words, meant) => {
  expect(nearest(word, words)).toBe(meant)
})
