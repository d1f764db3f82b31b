import { afterEach, beforeEach, type describe, expect, it } from 'vitest'
import { HistoryError } from '../../src/history/history-error.ts'
import type { Entry } from '../../src/history/store.ts'
import { describeCounts } from './history-store/counts.ts'
import { describeEventQueries } from './history-store/event-queries.ts'
import { describePast } from './history-store/past.ts'
import { describeProperties, type StoreUnderTest } from './history-store/properties.ts'
import { describePruning } from './history-store/pruning.ts'
import { describeWatches } from './history-store/watches.ts'
import { describeWrites } from './history-store/writes.ts'

export interface StoreContract {
  /** An entry that no store of this kind takes. Absent: it takes all. */
  readonly refused?: Entry
  /** How many random histories are tried. */
  readonly histories: number
  /** Whether the next call after `close` opens it again. Default: it fails. */
  readonly reopens?: boolean
}

/** What the history relies on, whichever store it is given. `open` makes an empty one. */
export function describeStore(
  label: string,
  block: typeof describe | ReturnType<typeof describe.skipIf>,
  open: () => Promise<StoreUnderTest>,
  { refused, histories, reopens = false }: StoreContract,
): void {
  block(`a store of the history: ${label}`, () => {
    let opened: StoreUnderTest
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.dispose())
    const store = () => opened.store

    describeWrites(store, refused)
    describeEventQueries(store)
    describeCounts(store)
    describeWatches(store)
    describePast(store)
    describePruning(store)
    describeProperties(open, histories)

    it.skipIf(reopens)('rejects all calls after it is closed', async () => {
      await store().write([])
      await store().close()
      await store().close()
      await expect(store().events({ limit: 1 })).rejects.toBeInstanceOf(HistoryError)
    })
  })
}
