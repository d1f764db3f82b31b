import { expect, it } from 'vitest'
import { Cached } from './cached.ts'

function aCache({ takesMs = 0 } = {}) {
  let nowMs = 1_000
  let reads = 0
  let fails = false
  const cached = new Cached({
    read: async () => {
      reads++
      nowMs += takesMs
      if (fails) throw new Error('away')
      return reads
    },
    leastMs: 100,
    nowMs: () => nowMs,
  })
  const pass = (ms: number) => {
    nowMs += ms
  }
  const fail = (whether: boolean) => {
    fails = whether
  }
  return { cached, pass, fail }
}

it('reads once for all who ask at the same time, and within its time', async () => {
  const { cached, pass } = aCache()
  expect(await Promise.all([cached.get(), cached.get()])).toEqual([1, 1])
  pass(99)
  expect(await cached.get()).toBe(1)
  pass(1)
  expect(await cached.get()).toBe(2)
})

it('caches a slow read for twenty times as long as it took', async () => {
  const { cached, pass } = aCache({ takesMs: 50 })
  await cached.get()
  pass(999)
  expect(await cached.get()).toBe(1)
  pass(1)
  expect(await cached.get()).toBe(2)
})

it('reads again after a failure', async () => {
  const { cached, fail } = aCache()
  fail(true)
  await expect(cached.get()).rejects.toThrow('away')
  fail(false)
  expect(await cached.get()).toBe(2)
})
