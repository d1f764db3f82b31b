import { expect, it } from 'vitest'
import type { EventQuery } from '../../../src/domain/event.ts'
import type { Entry, HistoryStore } from '../../../src/history/store.ts'
import { noon } from '../../support/fakes/builders.ts'
import {
  aCount,
  anEvent,
  aWatch,
  countEntry,
  eventEntry,
  fullEvent,
  idAt,
  watchEntry,
} from '../../support/history/entries.ts'

const always = { sinceMs: 0, untilMs: noon + 6_000_000 }

/** What a store takes, and that it takes it once and whole. `store` answers one that is empty at first. */
export function describeWrites(store: () => HistoryStore, refused: Entry | undefined): void {
  const write = (...entries: Entry[]) => store().write(entries)
  const all = () => store().events({ limit: 1_000 })
  const ids = async (query: Partial<EventQuery> = {}) =>
    (await store().events({ limit: 1_000, ...query })).map(({ id }) => id)

  it('knows nothing at first', async () => {
    expect(await all()).toEqual([])
    expect(await store().counts(always)).toEqual([])
    expect(await store().watches(always)).toEqual([])
  })

  it.each([
    ['every field', fullEvent],
    ['no field that can be absent', anEvent()],
    ['numbers beyond whole 32 and 64 bits', anEvent(noon, { needed: 1e300, to: 1e19, from: 5e-324 })],
  ])('gives back an event with %s as it was', async (_, event) => {
    await write(eventEntry(event))
    expect(await all()).toEqual([event])
  })

  it('takes an event once, however often it is written', async () => {
    await write(eventEntry(anEvent()), eventEntry(anEvent()))
    await write({ kind: 'converged', id: anEvent().id, convergedMs: 1_500 })
    await write(eventEntry(anEvent()))
    expect(await all()).toEqual([{ ...anEvent(), convergedMs: 1_500 }])
  })

  it('updates an event with what follows, the last of it', async () => {
    const { id } = anEvent()
    await write(eventEntry(anEvent()), { kind: 'repeated', id, times: 2, lastAtMs: noon + 1 })
    await write(
      { kind: 'repeated', id, times: 3, lastAtMs: noon + 2 },
      { kind: 'repeated', id, times: 4, lastAtMs: noon + 3 },
      { kind: 'converged', id, convergedMs: 0.5 },
    )
    expect(await all()).toEqual([{ ...anEvent(), times: 4, lastAtMs: noon + 3, convergedMs: 0.5 }])
  })

  it('ignores updates of an event that it does not have', async () => {
    await write({ kind: 'converged', id: idAt(noon), convergedMs: 1 }, eventEntry(anEvent()))
    await write({ kind: 'repeated', id: idAt(noon + 1), times: 2, lastAtMs: noon })
    expect(await all()).toEqual([anEvent()])
  })

  it('takes nothing of nothing', async () => {
    await write()
    expect(await all()).toEqual([])
  })

  it.skipIf(refused === undefined)('writes all or nothing', async () => {
    await write(eventEntry(anEvent()))
    const good = [eventEntry(anEvent(noon + 1)), countEntry(aCount()), watchEntry(aWatch())]
    const { id } = anEvent()
    const more: Entry = { kind: 'converged', id, convergedMs: 1 }
    await expect(write(...good, more, ...(refused ? [refused] : []))).rejects.toMatchObject({
      name: 'HistoryError',
      code: 'store',
    })
    expect(await all()).toEqual([anEvent()])
    expect(await store().counts(always)).toEqual([])
    expect(await store().watches(always)).toEqual([])
    await write(...good, more)
    expect(await ids()).toEqual([idAt(noon + 1), idAt(noon)])
  })

  it('takes whatever an alert can name a service: NUL, half a character, a book', async () => {
    const names = ['a\0b', 'half \ud83d', 'x'.repeat(100_000), '', "'; DROP TABLE events; --", '数']
    const events = names.map((service, index) => anEvent(noon + index, { service, kind: 'rejected' }))
    await write(...events.map(eventEntry))
    for (const [index, service] of names.entries()) {
      expect(await ids({ service }), JSON.stringify(service.slice(0, 30))).toContain(idAt(noon + index))
    }
    expect(await all()).toHaveLength(names.length)
  })

  it('accepts whatever text an alert has, and gives it back unchanged', async () => {
    const evil = 'a\0b\u001b\u2028\ud83d\u202e"\\'
    const alerts = [{ name: evil, fingerprint: evil, summary: evil, value: evil }]
    await write(eventEntry(anEvent(noon, { alerts, error: { code: 'engine', message: evil } })))
    const [event] = await all()
    expect(event?.alerts).toEqual(alerts)
    expect(event?.error?.message).toMatch(/^a.b/s)
  })

  it('takes a thousand entries at once', async () => {
    const entries = Array.from({ length: 1_000 }, (_, index) => eventEntry(anEvent(noon + index)))
    await write(...entries)
    expect(await all()).toHaveLength(1_000)
  })

  it('takes several writes at a time', async () => {
    const each = Array.from({ length: 20 }, (_, index) => index)
    await Promise.all(
      each.map((index) =>
        write(
          eventEntry(anEvent(noon + index)),
          watchEntry(aWatch(noon, noon + index)),
          countEntry(aCount(noon, 3)),
        ),
      ),
    )
    expect(await ids()).toEqual(each.map((index) => idAt(noon + index)).reverse())
    expect(await store().watches(always)).toEqual([aWatch(noon, noon + 19)])
    expect(await store().counts(always)).toEqual([aCount(noon, 3)])
  })
}
