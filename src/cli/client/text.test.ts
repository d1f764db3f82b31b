import { describe, expect, it } from 'vitest'
import { clean, jsonLine, numberOf } from './text.ts'

const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'

describe('clean', () => {
  const rows: [string, string, string][] = [
    ['colours', '\u001b[31mweb\u001b[0m', 'web'],
    ['a move of the cursor', 'we\u001b[2Ab', 'web'],
    ['a title of the window', '\u001b]0;owned\u0007web', 'web'],
    ['the one-byte form of an escape', '\u009b31mweb', 'web'],
    ['line breaks and tabs, which become spaces', 'a\r\nb\tc\u2028d', 'a b c d'],
    ['bells, backspaces and zeros', 'w\u0007e\bb\u0000', 'web'],
    ['what turns the direction of writing', 'web\u202egnp.exe\u2066', 'webgnp.exe'],
    ['what nobody sees', 'we\u200bb\ufeff', 'web'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ]
  it.each(rows)('takes out %s', (_, text, cleaned) => {
    expect(clean(text)).toBe(cleaned)
  })

  it('leaves letters of all scripts, combined ones and emoji', () => {
    const text = `e\u0301 日本語 ${family} नि`
    expect(clean(text)).toBe(text)
  })
})

it('a line of JSON holds nothing that a terminal obeys, and means the same', () => {
  const value = { name: '\u001b[31m\u009b2J\u007f\u202e\u2028日', n: 1 }
  const line = jsonLine(value)
  expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u)
  expect(line).toContain('日')
  expect(JSON.parse(line)).toEqual(value)
})

it.each([
  [7, '7'],
  [6.5, '6.5'],
  [6.666_666, '6.67'],
  [0, '0'],
])('the number %f is %s', (value, text) => {
  expect(numberOf(value)).toBe(text)
})
