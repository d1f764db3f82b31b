import { expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import { FakeClock } from '../../test/support/fakes/fake-clock.ts'
import { FakeHistoryObserver } from '../../test/support/fakes/fake-history-observer.ts'
import { HistoryError } from './history-error.ts'
import { Pruner } from './pruner.ts'
import type { Retention } from './store.ts'

/** A pruner over a store that has so many rows to remove, 1,000 at a time. */
function aPruner(rows = 0) {
  const clock = new FakeClock()
  const observer = new FakeHistoryObserver()
  const calls: { readonly atMs: number; readonly retention: Retention }[] = []
  const state: { rows: number; fault?: Error } = { rows }
  const store = {
    prune: async (retention: Retention) => {
      calls.push({ atMs: clock.nowMs() - noon, retention })
      if (state.fault !== undefined) throw state.fault
      const removed = Math.min(1_000, state.rows)
      state.rows -= removed
      return removed
    },
  }
  const pruner = new Pruner({ store, clock, observer, retention: { maxAgeMs: 86_400_000, maxRows: 500 } })
  pruner.start()
  return { pruner, clock, observer, calls, state }
}

const times = (calls: readonly { readonly atMs: number }[]) => calls.map(({ atMs }) => atMs)

it('looks a minute after the start and then every ten minutes, with the age as it is then', async () => {
  const { clock, calls, observer } = aPruner()
  await clock.advance(59_999)
  expect(calls).toEqual([])
  await clock.advance(1_201_000)
  expect(times(calls)).toEqual([60_000, 660_000, 1_260_000])
  expect(calls[1]?.retention).toEqual({ beforeMs: noon + 660_000 - 86_400_000, mostRows: 500 })
  expect(observer.pruned).toBe(0)
})

it('goes on in portions, with a pause for others, until all is gone', async () => {
  const { clock, calls, observer, state } = aPruner(2_500)
  await clock.advance(120_000)
  expect(times(calls)).toEqual([60_000, 60_050, 60_100, 60_150])
  expect(observer.pruned).toBe(2_500)
  state.rows = 10
  await clock.advance(600_000)
  expect(observer.pruned).toBe(2_510)
})

it('tells a failure and tries again ten minutes later', async () => {
  const { clock, calls, observer, state } = aPruner(5)
  state.fault = new HistoryError('read_only', 'no')
  await clock.advance(60_000)
  expect(observer.failures).toEqual([{ code: 'read_only', waiting: 0 }])
  delete state.fault
  await clock.advance(600_050)
  expect(times(calls)).toEqual([60_000, 660_000, 660_050])
  expect(observer.pruned).toBe(5)
})

it('does nothing more when it is stopped, not even between two portions', async () => {
  const { clock, calls, pruner } = aPruner(5_000)
  await clock.advance(60_050)
  pruner.stop()
  await clock.advance(3_600_000)
  expect(calls).toHaveLength(2)
  expect(clock.pending).toBe(0)
})
