import { expect, it } from 'vitest'
import { Remembered } from './remembered.ts'

function aMemory({ takesMs = 0 } = {}) {
  let nowMs = 1_000
  let reads = 0
  let fails = false
  const memory = new Remembered({
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
  return { memory, pass, fail }
}

it('reads once for all who ask at the same time, and within its time', async () => {
  const { memory, pass } = aMemory()
  expect(await Promise.all([memory.get(), memory.get()])).toEqual([1, 1])
  pass(99)
  expect(await memory.get()).toBe(1)
  pass(1)
  expect(await memory.get()).toBe(2)
})

it('rests twenty times as long as a slow look took', async () => {
  const { memory, pass } = aMemory({ takesMs: 50 })
  await memory.get()
  pass(999)
  expect(await memory.get()).toBe(1)
  pass(1)
  expect(await memory.get()).toBe(2)
})

it('reads again after a failure', async () => {
  const { memory, fail } = aMemory()
  fail(true)
  await expect(memory.get()).rejects.toThrow('away')
  fail(false)
  expect(await memory.get()).toBe(2)
})
