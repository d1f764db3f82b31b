import { describe, expect, it } from 'vitest'
import { isNewer, versionIn } from './engine-programs.ts'

describe('a version', () => {
  it.each([
    ['Docker version 28.5.2+dfsg4, build 3ef3c07', [28, 5, 2]],
    ['Docker version 20.10.24+dfsg1, build 297e128', [20, 10, 24]],
    ['', []],
  ])('is read from %j', (text, version) => expect(versionIn(text)).toEqual(version))

  it.each([
    ['29.0.0', '28.5.2', true],
    ['28.10.0', '28.5.2', true],
    ['28.5.2', '28.5.2', false],
    ['28.5', '28.5.2', false],
    ['28.5.2', '28.5', true],
    ['20.10.24', '28.5.2', false],
    ['', '28.5.2', false],
  ])('%s is newer than %s: %s', (version, than, newer) => {
    expect(isNewer(versionIn(version), versionIn(than))).toBe(newer)
  })
})
