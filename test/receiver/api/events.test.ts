import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { EventKind, EventQuery, HistoryEvent } from '../../../src/domain/event.ts'
import { EventIds } from '../../../src/history/event-ids.ts'
import { HistoryError } from '../../../src/history/history-error.ts'
import { type Described, faultsOfAnswer } from '../../support/api/described.ts'
import { anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { aService, noon } from '../../support/fakes/builders.ts'

const at = (afterNoonMs: number) => new Date(noon + afterNoonMs).toISOString()

/** Events one second apart from noon on, as stored. */
function events(...overs: readonly Partial<HistoryEvent>[]): readonly HistoryEvent[] {
  const ids = new EventIds('0000000a')
  return overs.map((over, index) => ({
    id: ids.next(over.atMs ?? noon + index * 1_000),
    atMs: noon + index * 1_000,
    service: 'web',
    kind: 'scaled',
    reason: 'alert',
    from: 4,
    to: 7,
    actor: 'autoscaler',
    alerts: [],
    autoscalerVersion: '1.2.3',
    ...over,
  }))
}

/** The application over such a history, an hour after noon. */
async function aHistory(...overs: readonly Partial<HistoryEvent>[]) {
  const world = await anApp({ nowMs: noon + 3_600_000 })
  const write = (more: readonly HistoryEvent[]) =>
    world.store.write(more.map((event) => ({ kind: 'event', event })))
  await write(events(...overs))
  const ask = (query: string) => request(world.app).get(`/api/v1/events${query}`)
  const tos = async (query: string) => (await ask(query)).body.events.map(({ to }: HistoryEvent) => to)
  return { ...world, write, ask, tos }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ to: index + 1 }))

describe('GET /api/v1/events', () => {
  it('shows every field of an event, times in RFC 3339, durations in seconds', async () => {
    const alert = {
      name: 'Busy',
      fingerprint: 'f1',
      scale: 'up',
      startsAtMs: noon - 2_000,
      summary: 'why',
      value: '6.4',
    }
    const event = {
      id: '019bc186de000000-0000000a',
      needed: 7,
      limitedBy: 'max_step',
      alerts: [alert, { name: 'Odd', fingerprint: '' }],
      untilMs: noon + 1,
      serviceVersion: 12,
      reactionMs: 2_250,
      convergedMs: 800,
      times: 3,
      lastAtMs: noon + 5,
      error: { code: 'engine', message: 'disk full' },
    } as const
    const { ask, app } = await aHistory(event as Partial<HistoryEvent>)
    const { body } = await ask('')
    const { startsAtMs: _, ...fields } = alert
    expect(body).toEqual({
      events: [
        {
          id: event.id,
          at: at(0),
          service: 'web',
          kind: 'scaled',
          dryRun: false,
          reason: 'alert',
          from: 4,
          to: 7,
          needed: 7,
          limitedBy: 'max_step',
          actor: 'autoscaler',
          alerts: [
            { ...fields, startsAt: at(-2_000) },
            { name: 'Odd', fingerprint: '' },
          ],
          until: at(1),
          serviceVersion: 12,
          autoscalerVersion: '1.2.3',
          reactionSeconds: 2.25,
          convergedSeconds: 0.8,
          times: 3,
          lastAt: at(5),
          error: { code: 'engine', message: 'disk full' },
        },
      ],
      newest: event.id,
    })
    const document: Described = (await request(app).get('/api/v1/openapi.json')).body
    expect(await faultsOfAnswer(document, 'EventsAnswer', body)).toEqual([])
  })

  it('marks what a dry run would have done', async () => {
    const { ask } = await aHistory({ kind: 'dry_run', reason: 'dry_run' }, {})
    expect((await ask('')).body.events.map(({ dryRun }: { dryRun: boolean }) => dryRun)).toEqual([
      false,
      true,
    ])
  })

  it('shows what has just happened, also while the store is out of reach', async () => {
    const { post, app, store } = await anApp()
    store.fault = new HistoryError('full', 'no room on the disk')
    await post(anAlert({ replicas: '7' }))
    const { body } = await request(app).get('/api/v1/events?kind=scaled')
    expect(body.events).toMatchObject([{ kind: 'scaled', from: 4, to: 7 }])
  })

  it('of an empty history answers an empty page', async () => {
    expect((await (await aHistory()).ask('')).body).toEqual({ events: [] })
  })
})

describe('a filter of events', () => {
  const kinds: readonly EventKind[] = ['scaled', 'failed', 'held', 'scaled']
  const rows: [string, readonly number[]][] = [
    ['', [4, 3, 2, 1]],
    ['?service=web', [4, 2]],
    ['?service=id-of-web', [4, 2]],
    ['?service=gone', [3, 1]],
    ['?service=we', []],
    ['?kind=scaled', [4, 1]],
    ['?kind=failed,held', [3, 2]],
    ['?kind=failed&kind=held', [3, 2]],
    ['?kind=failed&kind=held,failed&service=web', [2]],
    [`?since=${at(1_000)}`, [4, 3, 2]],
    [`?until=${at(1_000)}`, [1]],
    [`?since=${at(1_000)}&until=${at(3_000)}`, [3, 2]],
    ['?since=2026-01-15T13:00:02%2B01:00', [4, 3]],
    ['?since=2026-01-15T13:00:02+01:00', [4, 3]],
    ['?since=2026-01-15T07:00:02-05:00', [4, 3]],
    ['?since=59m58s', [4, 3]],
    ['?until=59m58s', [2, 1]],
    ['?since=60m&until=59m59s', [1]],
    ['?limit=2', [4, 3]],
    ['?', [4, 3, 2, 1]],
    ['?&&limit=1&', [4]],
  ]
  it.each(rows)('%j answers %j', async (query, expected) => {
    const { tos } = await aHistory(
      ...kinds.map((kind, index) => ({ kind, to: index + 1, service: index % 2 === 0 ? 'gone' : 'web' })),
    )
    expect(await tos(query)).toEqual(expected)
  })
})

describe('the service of a filter', () => {
  it('is what an alert named, with whatever is in it', async () => {
    const { tos } = await aHistory({ service: 'my shop', to: 1 }, { service: 'my+shop', to: 2 })
    expect([
      await tos('?service=my+shop'),
      await tos('?service=my%20shop'),
      await tos('?service=my%2Bshop'),
    ]).toEqual([[1], [1], [2]])
  })

  it('is a name first, and an ID only where nothing has that name', async () => {
    const services = [aService(), aService({ name: 'id-of-web', id: 'another' })]
    const asked: EventQuery[] = []
    const reader = {
      events: async (filter: EventQuery) => {
        asked.push(filter)
        return []
      },
    }
    const { app } = await anApp({ services, reader })
    for (const service of ['id-of-web', 'another', 'gone']) {
      await request(app).get('/api/v1/events').query({ service })
    }
    expect(asked.map(({ service }) => service)).toEqual(['id-of-web', 'id-of-web', 'gone'])
  })
})

describe('pages of events', () => {
  it('follow one another by the cursor and by the link, without a gap or a double, and end', async () => {
    const { ask } = await aHistory(...numbered(7))
    for (const byLink of [false, true]) {
      const seen: number[] = []
      let query: string | undefined = '?limit=3&kind=scaled&since=2h'
      let pages = 0
      while (query !== undefined) {
        const { body, headers } = await ask(query)
        seen.push(...body.events.map(({ to }: HistoryEvent) => to))
        const link: string | undefined = /^<(\?[^>]+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1]
        expect(link === undefined).toBe(body.next === undefined)
        const next: string | undefined = body.next && `?limit=3&kind=scaled&since=2h&cursor=${body.next}`
        query = byLink ? link : next
        pages++
      }
      expect([pages, seen]).toEqual([3, [7, 6, 5, 4, 3, 2, 1]])
    }
  })

  it('stay as they are while new events come in', async () => {
    const { ask, tos, write } = await aHistory(...numbered(4))
    const { next } = (await ask('?limit=2')).body
    await write(events({ to: 99, atMs: noon + 60_000 }))
    expect(await tos(`?limit=2&cursor=${next}`)).toEqual([2, 1])
  })

  it('that are not full ask the store once, and those that are full once more', async () => {
    const limits: number[] = []
    const [event] = events({})
    const reader = {
      events: async ({ limit }: EventQuery) => {
        limits.push(limit)
        return event === undefined ? [] : [event]
      },
    }
    const { app } = await anApp({ reader })
    await request(app).get('/api/v1/events?limit=2')
    expect(limits).toEqual([2])
    await request(app).get('/api/v1/events?limit=1')
    expect(limits).toEqual([2, 1, 1])
  })

  it('that are just full have no next one', async () => {
    const { ask } = await aHistory(...numbered(4))
    const { body, headers } = await ask('?limit=4')
    expect(body.events).toHaveLength(4)
    expect([body.next, headers['link']]).toEqual([undefined, undefined])
  })

  it('are about the same time, whenever the link is followed', async () => {
    const { ask, clock } = await aHistory(...numbered(3))
    const { headers } = await ask('?limit=1&since=3600s&until=10s')
    await clock.advance(3_000_000)
    const { body } = await ask(/<(.*)>/.exec(headers['link'] ?? '')?.[1] ?? '')
    expect(body.events).toMatchObject([{ to: 2 }])
    expect(body.next).toBeDefined()
  })

  it('are 100 events long, and 1,000 at the most', async () => {
    const { ask } = await aHistory(...numbered(1_100))
    expect((await ask('')).body.events).toHaveLength(100)
    const { body } = await ask('?limit=1000')
    expect(body.events).toHaveLength(1_000)
    expect((await ask(`?limit=1000&cursor=${body.next}`)).body.events).toHaveLength(100)
  })
})

describe('following events', () => {
  it('goes on from the newest one, the next ones first and none twice', async () => {
    const { ask, write } = await aHistory(...numbered(2))
    const { newest } = (await ask('?limit=1')).body
    expect((await ask(`?after=${newest}`)).body).toEqual({ events: [], newest })
    await write(events(...[3, 4, 5].map((to) => ({ to, atMs: noon + to * 10_000 }))))
    const seen: number[] = []
    let after = newest
    for (let asked = 0; asked < 2; asked++) {
      const { body } = await ask(`?after=${after}&limit=2`)
      seen.push(...body.events.map(({ to }: HistoryEvent) => to))
      expect(body).not.toHaveProperty('next')
      after = body.newest
    }
    expect(seen).toEqual([4, 3, 5])
  })

  it('can begin at the beginning of the history', async () => {
    const { tos } = await aHistory(...numbered(3))
    expect(await tos('?after=0&limit=2')).toEqual([2, 1])
  })
})

describe('events as CSV', () => {
  const inCsv = async (...overs: readonly Partial<HistoryEvent>[]) => {
    const { ask } = await aHistory(...overs)
    return ask('?limit=2').set('Accept', 'text/csv')
  }

  it('have a header row and a row each, all quoted as RFC 4180 has it, and the link to the next page', async () => {
    const alerts = [
      { name: 'Busy', fingerprint: 'f1', scale: 'up', value: '6.4', summary: 'web, "the shop",\r\nis busy' },
      { name: 'Odd', fingerprint: 'f2' },
    ] as const
    const { text, headers } = await inCsv({}, { alerts }, { kind: 'changed', actor: 'person' })
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(headers['link']).toMatch(/rel="next"$/)
    expect(text).toBe(
      [
        'id,at,service,kind,dryRun,reason,from,to,needed,limitedBy,actor,alerts,until,serviceVersion,autoscalerVersion,reactionSeconds,convergedSeconds,times,lastAt,errorCode,errorMessage',
        `019bc186e5d00000-0000000a,${at(2_000)},web,changed,false,alert,4,7,,,person,,,,1.2.3,,,,,,`,
        `019bc186e1e80000-0000000a,${at(1_000)},web,scaled,false,alert,4,7,,,autoscaler,"Busy up 6.4: web, ""the shop"",\r\nis busy; Odd",,,1.2.3,,,,,,`,
        '',
      ].join('\r\n'),
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'escape %j, so that a spreadsheet reads no formula, wherever it comes from',
    async (evil) => {
      const alerts = [{ name: evil, fingerprint: '' }]
      const { text } = await inCsv({ service: evil, alerts, error: { code: 'engine', message: evil } })
      const quoted = evil.includes('\r') ? `"'${evil}"` : `'${evil}`
      expect(text.split(quoted)).toHaveLength(4)
    },
  )

  it.each([
    ['\uff1d1+1', "'\uff1d1+1"],
    ['a;=1+1', "a;'=1+1"],
    ['a; @SUM(A1)', "a; '@SUM(A1)"],
    ['a|+1', "a|'+1"],
    ['a = 1', 'a = 1'],
    ['\u001b[31m\u202e', '\ufffd[31m\ufffd'],
  ])('escape for a spreadsheet with other separators, and for a terminal: %j', async (evil, escaped) => {
    const { text } = await inCsv({ error: { code: 'engine', message: evil } })
    expect(text).toContain(escaped.includes(';') ? `engine,"${escaped}"` : `engine,${escaped}`)
  })

  it.each([
    [undefined, 200, 'application/json'],
    ['*/*', 200, 'application/json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 200, 'application/json'],
    ['text/*', 200, 'text/csv'],
    ['application/json;q=0.5, text/csv', 200, 'text/csv'],
    ['application/json, text/csv;q=0.5', 200, 'application/json'],
    ['application/xml', 406, 'application/problem+json'],
    ['text/csv;q=0, application/json;q=0', 406, 'application/problem+json'],
  ])('are given to who accepts %j with %i as %s', async (accept, status, type) => {
    const { app } = await aHistory({})
    const ask = request(app).get('/api/v1/events')
    if (accept !== undefined) ask.set('Accept', accept)
    const response = await ask
    expect([response.status, response.type]).toEqual([status, type])
    if (status === 406)
      expect(response.body.detail).toMatch(/^the answer is available as application\/json or text\/csv/)
  })
})

describe('an invalid query of events', () => {
  const rows: [string, readonly (string | RegExp)[]][] = [
    ['limit=0', ['limit="0" must be a whole number from 1 to 1000']],
    ['limit=1001', [/^limit="1001" must/]],
    ['limit=1e2', [/^limit="1e2" must/]],
    ['limit=', [/^limit="" must/]],
    ['limit', [/^limit="" must/]],
    ['limit=5&limit=6', ['limit is given 2 times; give it once']],
    ['limit[]=5', [/^"limit\[\]" is not a parameter; did you mean limit\?$/]],
    [
      'since=yesterday',
      [/^since="yesterday" must be an RFC 3339 time such as .*, or a duration before now such as 24h/],
    ],
    ['since=2026-02-30T00:00:00Z', [/^since="2026-02-30T00:00:00Z" must/]],
    ['since=2026-01-15', [/^since="2026-01-15" must/]],
    ['since=-1h', [/^since="-1h" must/]],
    ['since=1h&until=2h', [`since="${at(0)}" must be before until (${at(-3_600_000)})`]],
    ['since=1h&until=1h', [/^since=.* must be before until/]],
    [
      'kind=scaled,flown',
      [/^kind="scaled,flown" must be one or more of scaled, failed, dry_run, held, rejected, changed/],
    ],
    ['kind=', [/^kind="" must/]],
    ['cursor=nowhere', [/^cursor="nowhere" must be `next` of an earlier answer; omit it/]],
    ['after=nothing', [/^after="nothing" must be the ID of an event, or 0/]],
    ['after=0&cursor=MDE5YmMxODZkZTAwMDAwMi0wMDAwMDAwMQ', [/^cursor and after exclude each other/]],
    ['service=', [/^service="" must be a service name of 1 to 255 characters/]],
    ['service=a%00b', [/^service="a\\u0000b" must/]],
    ['sinze=1h', ['"sinze" is not a parameter; did you mean since?']],
    [
      'colour=red',
      [/^"colour" is not a parameter; the parameters are service, kind, since, until, limit, cursor, after$/],
    ],
    ['__proto__=1', [/^"__proto__" is not a parameter/]],
    ['constructor=1&toString=2', [/^"constructor" is not a parameter/, /^"toString" is not a parameter/]],
    ['service=%E0%A4%A', ['"service=%E0%A4%A" has an invalid percent-encoding; write a percent sign as %25']],
    ['%=1', [/^"%=1" has an invalid percent-encoding/]],
    [
      'limit=0&since=x&kind=y&sinze=1&until=1h&until=2h',
      [/^"sinze"/, /^until is given 2 times/, /^kind=/, /^since=/, /^limit=/],
    ],
  ]
  it.each(rows)('%s is answered with all its faults at once', async (query, faults) => {
    const { app } = await anApp({ nowMs: noon + 3_600_000 })
    const { status, type, body } = await request(app).get(`/api/v1/events?${query}`)
    expect([status, type]).toEqual([400, 'application/problem+json'])
    expect(body.detail).toBe('the query is invalid')
    expect(body.faults).toHaveLength(faults.length)
    for (const fault of faults) {
      expect(body.faults).toContainEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault))
    }
  })

  it('is answered with a line for each fault that is not too long', async () => {
    const { app } = await anApp()
    const long = 'x'.repeat(2_000)
    const { status, body } = await request(app).get(`/api/v1/events?service=${long}&${long}=1&%${long}`)
    expect([status, body.faults]).toEqual([
      400,
      [
        expect.stringMatching(/^"%x{99}" has an invalid percent-encoding/),
        expect.stringMatching(/^"x{100}" is not a parameter/),
        expect.stringMatching(/^service="x{100}…" must/),
      ],
    ])
  })
})
