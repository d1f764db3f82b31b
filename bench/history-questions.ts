import { startOf } from '../src/history/event-ids.ts'
import { mostCountsAtOnce } from '../src/history/past-reader.ts'
import type { HistoryStore } from '../src/history/store.ts'
import { beginMs, spanMs } from './made-up-history.ts'

const day = 86_400_000
const service = 'shop_service-7'
const midMs = beginMs + spanMs / 2
const endMs = beginMs + spanMs
const page = { limit: 100 }

/** How long ago a time began that ends with the history, in days. */
const last = (days: number) => ({ sinceMs: endMs - days * day, untilMs: endMs })

export interface Question {
  readonly what: string
  /** Resolves with what was found. */
  readonly ask: (store: HistoryStore) => Promise<readonly unknown[]>
  /** How often it is asked to be measured. */
  readonly times: number
}

/** What the API, the page and the terminal ask of a history of 90 days. */
export const questions: readonly Question[] = [
  { what: 'newest 100 events', ask: (store) => store.events(page), times: 200 },
  { what: 'newest 1,000 events', ask: (store) => store.events({ limit: 1_000 }), times: 100 },
  { what: 'newest 100 of a service', ask: (store) => store.events({ ...page, service }), times: 200 },
  {
    what: 'newest 100 of three kinds',
    ask: (store) => store.events({ ...page, kinds: ['scaled', 'failed', 'changed'] }),
    times: 200,
  },
  {
    what: 'newest 100 of a rare kind of a service',
    ask: (store) => store.events({ ...page, service, kinds: ['failed'] }),
    times: 200,
  },
  {
    what: '100 of an hour in the middle',
    ask: (store) => store.events({ ...page, sinceMs: midMs, untilMs: midMs + 3_600_000 }),
    times: 200,
  },
  {
    what: '100 before an event in the middle',
    ask: (store) => store.events({ ...page, service, beforeId: startOf(midMs) }),
    times: 200,
  },
  {
    what: '100 after an event in the middle',
    ask: (store) => store.events({ ...page, afterId: startOf(midMs) }),
    times: 200,
  },
  {
    what: 'what is new since the last event: nothing',
    ask: (store) => store.events({ ...page, afterId: startOf(endMs) }),
    times: 200,
  },
  { what: 'counts of a service, a day', ask: (store) => store.counts({ service, ...last(1) }), times: 100 },
  { what: 'counts of a service, 30 days', ask: (store) => store.counts({ service, ...last(30) }), times: 50 },
  {
    what: 'counts of all 50 services, a day',
    ask: async (store) => (await store.past({ ...last(1), mostCounts: mostCountsAtOnce }))?.counts ?? [],
    times: 50,
  },
  { what: 'counts of each of 50 services, 90 days', ask: countsOfEach, times: 5 },
  { what: 'watches of 90 days', ask: (store) => store.watches(last(90)), times: 50 },
]

/** As the cost of a quarter is reckoned: one service after the other. */
async function countsOfEach(store: HistoryStore): Promise<readonly unknown[]> {
  let rows = 0
  for (const service of await store.services(last(90)))
    rows += (await store.counts({ service, ...last(90) })).length
  return Array(rows)
}
