import { describe, expect, it } from 'vitest'
import { cutToWidth, pad, widthOf, wrap } from './width.ts'

const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'

describe('a text cut to a width', () => {
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
    expect(cutToWidth(text, width)).toBe(shown)
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
