import { describe, expect, it } from 'vitest'
import { cut } from './cut.ts'
import { visible, visibleJson } from './visible.ts'

const evil = 'a\0\u001b[31m\u007f\u009b\u2028\u2029\u202e\u2066\ud83d b'

describe('a text of somebody else', () => {
  it('shows a replacement for what would not be seen, and keeps lines, scripts and emoji as they are', () => {
    expect(visible(evil)).toBe(`a${'\ufffd'.repeat(2)}[31m${'\ufffd'.repeat(7)} b`)
    const fine = 'a\tb\r\nc — 数 \u{1f469}\u200d\u{1f4bb}'
    expect(visible(fine)).toBe(fine)
  })

  it('in JSON means the same as before, and holds nothing that a terminal obeys', () => {
    const json = visibleJson(JSON.stringify({ [evil]: evil }))
    expect(json).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\ud800-\udfff]/v)
    expect(JSON.parse(json)).toEqual({ [evil]: evil })
  })
})

describe('a long text', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab\u2026'],
    ['a\u{1f984}b', 3, 'a\u2026'],
    ['a\u{1f984}bc', 4, 'a\u{1f984}\u2026'],
    ['', 1, ''],
  ])('%j is cut to %i: %j', (text, most, kept) => {
    expect(cut(text, most)).toBe(kept)
  })
})
