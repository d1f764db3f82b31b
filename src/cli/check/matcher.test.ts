import { describe, expect, it } from 'vitest'
import { parseMatchers } from './matcher.ts'

const matches = (text: string, value: string) =>
  parseMatchers(text).every((matcher) => matcher.matches(value))

describe('a matcher', () => {
  it.each([
    ['scale="up"', 'up', true],
    ['scale="up"', 'down', false],
    ['scale=up', 'up', true],
    [' scale = "up" ', 'up', true],
    ['scale!="up"', 'up', false],
    ['scale!="up"', '', true],
    ['scale=""', '', true],
    ['scale=~"up|down"', 'down', true],
    ['scale=~"up"', 'upper', false],
    ['scale!~"up|down"', 'to', true],
    ['scale!~"up|down"', 'up', false],
    ['scale=~"(?i)UP"', 'up', true],
    ['scale=~"(?P<way>up)"', 'up', true],
    ['scale=~"(?i:U)p"', 'up', true],
    ['scale=~"\\\\pL+"', 'über', true],
    ['scale=~"u."', 'u\n', false],
    ['{scale=~"u.*",scale!="under"}', 'up', true],
    ['{scale=~"u.*",scale!="under"}', 'under', false],
    ['scale="a,b"', 'a,b', true],
    ['scale="say \\"up\\""', 'say "up"', true],
    ['"scale"="up"', 'up', true],
  ])('%s on %j is %s', (text, value, expected) => {
    expect(matches(text, value)).toBe(expected)
  })

  it.each(['scale', 'scale>"up"', '9scale="up"', 'scale=~"("', 'scale=~"(?=u)up"', 'scale=~"[[:up:]]"'])(
    '%s cannot be read',
    (text) => {
      expect(() => parseMatchers(text)).toThrow(/is not a (matcher|regular expression)/)
    },
  )
})
