import { expect, it } from 'vitest'
import { isPaused, parsePause } from './pause.ts'

const parse = (text: string) => parsePause(text, (time) => (time === 'then' ? 5 : undefined))

it.each([
  ['true', { directions: ['up', 'down'] }],
  ['up', { directions: ['up'] }],
  ['down until then', { directions: ['down'], untilMs: 5 }],
  ['false', null],
  ['false until then', undefined],
  ['up until', undefined],
  ['up until never', undefined],
  ['xup', undefined],
  ['upx', undefined],
  ['not up', undefined],
  ['up until then or so', undefined],
  ['', undefined],
])('reads %j', (text, expected) => {
  expect(parse(text)).toEqual(expected)
})

it.each([
  [undefined, 'up', false],
  [{ directions: ['up'] }, 'up', true],
  [{ directions: ['up'] }, 'down', false],
  [{ directions: ['up'], untilMs: 11 }, 'up', true],
  [{ directions: ['up'], untilMs: 10 }, 'up', false],
] as const)('%j holds %s at 10: %s', (pause, direction, expected) => {
  expect(isPaused(pause, direction, 10)).toBe(expected)
})
