import { beforeEach, describe, expect, it } from 'vitest'
import { Outcome, tellInOrder } from './story.ts'

// Fails on purpose, and is run by story.test.ts alone.
const made = new Outcome<number>('nothing was made')

it('is to make something', async () => {
  made.make(await Promise.reject(new Error('cannot')))
})

describe('with what was made', () => {
  let value: number
  beforeEach((context) => {
    value = made.of(context)
  })
  it('goes on', () => expect(value).toBe(1))
})

describe('in order', () => {
  tellInOrder()
  it('begins', () => {})
  it('breaks', () => expect(1).toBe(2))
  it('would break as well', () => expect(1).toBe(2))
  it('would end', () => {})
})

describe('with what another test makes', () => {
  const other = new Outcome<string>('never said')
  it('makes it', () => expect(other.make('made')).toBe('made'))
  it('finds it', (context) => expect(other.of(context)).toBe('made'))
})
