import { describe, expect, it } from 'vitest'
import { clean, cut, jsonLine, numberOf, pad, widthOf, wrap } from './text.ts'

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

describe('cut', () => {
  const rows: [string, number, string][] = [
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301e\u0301'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    [`${family}${family}`, 4, `${family}${family}`],
    [`${family}${family}`, 3, `${family}…`],
    [`${family}x`, 2, '…'],
    ['', 0, ''],
  ]
  it.each(rows)('%j to %i columns is %j', (text, width, shown) => {
    expect(cut(text, width)).toBe(shown)
    expect(widthOf(shown)).toBeLessThanOrEqual(width)
  })
})

it('fills up by columns, not by characters', () => {
  expect(pad('日本', 6)).toBe('日本  ')
  expect(pad('abc', 2)).toBe('abc')
})

describe('wrap', () => {
  it('breaks between words, and cuts a word that is longer than a line', () => {
    expect(wrap('a text of words', 7)).toEqual(['a text', 'of', 'words'])
    expect(wrap('see /a/very/long/path there', 8)).toEqual(['see', '/a/very…', 'there'])
  })

  it('leaves all on one line where there is no terminal', () => {
    expect(wrap('a text of words', undefined)).toEqual(['a text of words'])
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
