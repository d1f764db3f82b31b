import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withinTime } from './within-time.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it.each([
  ['an answer', async () => 'here', { status: 'fulfilled', value: 'here' }],
  ['an error', () => Promise.reject('no'), { status: 'rejected', reason: 'no' }],
])('hands on %s, and leaves no timer behind', async (_, call, outcome) => {
  const [settled] = await Promise.allSettled([withinTime(1_000, call)])
  expect(settled).toEqual(outcome)
  expect(vi.getTimerCount()).toBe(0)
})

it('gives up after its time, not 1 ms before, says so, and aborts the call', async () => {
  const aborted: unknown[] = []
  const settled = vi.fn()
  const call = (abort: AbortSignal) => {
    abort.addEventListener('abort', () => aborted.push(abort.reason))
    return new Promise<never>(() => {})
  }
  withinTime(1_000, call).catch(settled)
  await vi.advanceTimersByTimeAsync(999)
  expect(settled).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  const error = expect.objectContaining({ name: 'TimeoutError', message: 'no answer within 1000 ms' })
  expect(settled).toHaveBeenCalledExactlyOnceWith(error)
  expect(aborted).toEqual([error])
})
