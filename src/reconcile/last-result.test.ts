import { expect, it } from 'vitest'
import { LastResult } from './last-result.ts'

it('tells a result that is new from one that goes on', () => {
  const last = new LastResult()
  const results = [undefined, undefined, 'denied', 'denied', 'timeout', undefined, 'timeout']
  expect(results.map((code) => last.isNew(code === undefined ? undefined : { code }))).toEqual([
    true,
    false,
    true,
    false,
    true,
    true,
    true,
  ])
})
