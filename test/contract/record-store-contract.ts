import { afterEach, beforeEach, type describe, expect, it } from 'vitest'
import { RecordError } from '../../src/history/record-error.ts'
import type { Entry } from '../../src/history/store.ts'
import { describeCounts } from './record-store/counts.ts'
import { describeEventQueries } from './record-store/event-queries.ts'
import { describeProperties, type StoreUnderTest } from './record-store/properties.ts'
import { describePruning } from './record-store/pruning.ts'
import { describeWatches } from './record-store/watches.ts'
import { describeWrites } from './record-store/writes.ts'

export interface StoreContract {
  /** An entry that no store of this kind takes. Absent: it takes all. */
  readonly refused?: Entry
  /** How many random histories are tried. */
  readonly histories: number
}

/** What the record relies on, whichever store it is given. `open` makes an empty one. */
export function describeStore(
  label: string,
  block: typeof describe | ReturnType<typeof describe.skipIf>,
  open: () => Promise<StoreUnderTest>,
  { refused, histories }: StoreContract,
): void {
  block(`a store of the record: ${label}`, () => {
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
    describePruning(store)
    describeProperties(open, histories)

    it('answers nothing more when it is closed, and says so', async () => {
      await store().write([])
      await store().close()
      await store().close()
      await expect(store().events({ limit: 1 })).rejects.toBeInstanceOf(RecordError)
    })
  })
}
