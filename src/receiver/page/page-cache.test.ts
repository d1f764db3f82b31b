import { describe, expect, it, vi } from 'vitest'
import { createPageCache } from './page-cache.ts'

const noHistory = {
  events: async () => [],
  cost: async () => [],
  past: async () => ({ costs: [], counts: [] }),
  status: () => ({}),
  settled: async () => {},
}

const dockerFault = (read: () => Promise<{ error?: string; checkedAtMs: number }>) =>
  createPageCache({ history: noHistory, docker: { read }, nowMs: () => 0 }).dockerFault()

describe('the fault of Docker', () => {
  it('is what Docker says, or none', async () => {
    expect(await dockerFault(async () => ({ checkedAtMs: 0 }))).toBeUndefined()
    expect(await dockerFault(async () => ({ error: 'no manager', checkedAtMs: 0 }))).toBe('no manager')
  })

  it('is that it says nothing, where the page would have to wait', async () => {
    vi.useFakeTimers()
    try {
      const fault = dockerFault(() => new Promise(() => {}))
      await vi.advanceTimersByTimeAsync(1_500)
      expect(await fault).toBe('Docker has not answered within 1.5 s')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('the past', () => {
  it('is that of a day and of 30, up to now, by service', async () => {
    const asked: object[] = []
    const count = { service: 'web', atMs: 5, desired: 1 }
    const cache = createPageCache({
      history: {
        ...noHistory,
        cost: async (query) => {
          asked.push(query)
          return []
        },
        past: async (query) => {
          asked.push(query)
          return { costs: [], counts: [count] }
        },
      },
      docker: { read: async () => ({ checkedAtMs: 0 }) },
      nowMs: () => 100 * 86_400_000,
    })
    const day = await cache.day()
    await cache.month()
    const query = { sinceMs: 99 * 86_400_000, untilMs: 100 * 86_400_000 }
    expect(asked).toEqual([query, { ...query, sinceMs: 70 * 86_400_000 }])
    expect(day.counts.get('web')).toEqual([count])
  })
})
