import { expect, it } from 'vitest'
import type { EventKind, EventQuery } from '../../../src/domain/event.ts'
import { startOf } from '../../../src/history/event-ids.ts'
import type { Entry, HistoryStore } from '../../../src/history/store.ts'
import { noon } from '../../support/fakes/builders.ts'
import { anEvent, eventEntry, idAt } from '../../support/history/entries.ts'

const minute = 60_000

/** What a store answers about events. `store` answers one that is empty at first. */
export function describeEventQueries(store: () => HistoryStore): void {
  const write = (...entries: Entry[]) => store().write(entries)
  const ids = async (query: Partial<EventQuery> = {}) =>
    (await store().events({ limit: 1_000, ...query })).map(({ id }) => id)

  it('answers the newest first, up to the limit, in whatever order they came', async () => {
    await write(...[3, 1, 5, 2, 4].map((index) => eventEntry(anEvent(noon + index))))
    expect(await ids({ limit: 2 })).toEqual([idAt(noon + 5), idAt(noon + 4)])
  })

  it('sorts several receivers of one millisecond, and several events of one receiver', async () => {
    const made = ['0000-00000001', '0000-000000ff', '0001-00000001'].map((end) => startOf(noon) + end)
    await write(...made.toReversed().map((id) => eventEntry(anEvent(noon, { id }))))
    expect(await ids()).toEqual(made.toReversed())
  })

  const kinds: readonly EventKind[] = ['scaled', 'held', 'rejected', 'changed']
  const services = ['web', 'web2', 'Web']
  /** Twelve events, a minute apart; each kind of each service once. */
  const twelve = services.flatMap((service, row) =>
    kinds.map((kind, column) => anEvent(noon + (4 * row + column) * minute, { service, kind })),
  )
  const nth = (...numbers: number[]) => numbers.map((n) => idAt(noon + n * minute))

  it.each<[string, Partial<EventQuery>, number[]]>([
    ['a service, by its exact name', { service: 'web' }, [3, 2, 1, 0]],
    ['a service that has none', { service: 'we' }, []],
    ['one kind', { kinds: ['held'] }, [9, 5, 1]],
    ['several kinds', { kinds: ['scaled', 'changed'] }, [11, 8, 7, 4, 3, 0]],
    ['a kind that is named twice', { kinds: ['held', 'held'] }, [9, 5, 1]],
    ['a kind that has none', { kinds: ['failed'] }, []],
    ['no kind', { kinds: [] }, []],
    ['a service and a kind', { service: 'web2', kinds: ['held', 'failed'] }, [5]],
    [
      'from a time on, itself in it',
      { sinceMs: noon + 9 * minute, untilMs: noon + 99 * minute },
      [11, 10, 9],
    ],
    ['a fraction of a millisecond later', { sinceMs: noon + 9 * minute + 0.5 }, [11, 10]],
    ['until a time, itself not in it', { untilMs: noon + 2 * minute }, [1, 0]],
    ['until a fraction of a millisecond later', { untilMs: noon + 2 * minute + 0.5 }, [2, 1, 0]],
    ['a time before 1970 and one far ahead', { sinceMs: -5, untilMs: 8.64e15, limit: 1 }, [11]],
    ['before an event', { beforeId: idAt(noon + 2 * minute) }, [1, 0]],
    ['after an event', { afterId: idAt(noon + 9 * minute) }, [11, 10]],
    ['the next ones after an event', { afterId: idAt(noon + 2 * minute), limit: 2 }, [4, 3]],
    ['between two events', { afterId: idAt(noon + 2 * minute), beforeId: idAt(noon + 5 * minute) }, [4, 3]],
    ['after an event that came before the time', { afterId: idAt(1), sinceMs: noon + 10 * minute }, [11, 10]],
    ['before an event that came after the time', { beforeId: idAt(9e12), untilMs: noon + minute }, [0]],
    [
      'all of it',
      {
        service: 'web',
        kinds: ['scaled', 'held', 'changed'],
        sinceMs: noon,
        untilMs: noon + 3 * minute,
        beforeId: idAt(noon + 2 * minute),
        afterId: idAt(noon - 1),
        limit: 1,
      },
      [0],
    ],
    ['a service, the newest of it', { service: 'web', limit: 2 }, [3, 2]],
    ['kinds, the next ones', { kinds: ['scaled', 'held'], afterId: idAt(noon), limit: 3 }, [5, 4, 1]],
  ])('finds %s', async (_, query, expected) => {
    await write(...twelve.map(eventEntry))
    expect(await ids(query)).toEqual(nth(...expected))
  })

  it.each<[string, Partial<EventQuery>]>([
    ['all', {}],
    ['of a service', { service: 'web' }],
    ['of kinds', { kinds: ['scaled', 'changed', 'held'] }],
  ])('goes back and forth page by page without gap or double: %s', async (_, query) => {
    await write(...twelve.map(eventEntry))
    const expected = await ids(query)
    const back: string[] = []
    for (let page = await ids({ ...query, limit: 2 }); page.length > 0; ) {
      back.push(...page)
      page = await ids({ ...query, limit: 2, beforeId: page.at(-1) ?? '' })
    }
    expect(back).toEqual(expected)
    const forth: string[] = []
    for (let page = await ids({ ...query, limit: 2, afterId: '' }); page.length > 0; ) {
      forth.unshift(...page)
      page = await ids({ ...query, limit: 2, afterId: page[0] ?? '' })
    }
    expect(forth).toEqual(expected)
  })
}
