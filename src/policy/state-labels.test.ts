import { expect, it } from 'vitest'
import { readState, withState } from './state-labels.ts'

it('gives back what was written, and leaves all other labels as they are', () => {
  const state = { lastUpMs: 1_768_478_400_123, lastDownMs: 1_768_478_400_000 }
  const labels = withState({ 'autoscaler.max': '3', team: 'shop' }, state)
  expect(labels).toMatchObject({ 'autoscaler.max': '3', team: 'shop' })
  expect(readState(labels)).toEqual(state)
})

it('leaves a time that was never written away', () => {
  expect(withState({}, { lastDownMs: 0 })).toStrictEqual({
    'autoscaler.state.last-down': '1970-01-01T00:00:00.000Z',
  })
  expect(withState({}, { lastUpMs: 0 })).toStrictEqual({
    'autoscaler.state.last-up': '1970-01-01T00:00:00.000Z',
  })
  expect(readState({})).toStrictEqual({})
})

it.each([
  'x2026-01-15T12:00:00Z',
  '2026-01-15T12:00:00Zx',
  '2026-13-15T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2026-01-15T24:00:00Z',
  '2026-00-15T12:00:00Z',
  '2026-01-15',
])('%j is no time', (text) => {
  expect(readState({ 'autoscaler.state.last-up': text })).toStrictEqual({})
})

it('takes a value that is no time as never written', () => {
  expect(readState({ 'autoscaler.state.last-up': 'yesterday' })).toEqual({})
})
