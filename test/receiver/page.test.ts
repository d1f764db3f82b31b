import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../../src/domain/event.ts'
import type { Service } from '../../src/domain/service.ts'
import { EventIds } from '../../src/history/event-ids.ts'
import { HistoryError } from '../../src/history/history-error.ts'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { aPolicy, aService, aWindow, noon } from '../support/fakes/builders.ts'
import { eventsOf, rowsOf, sectionOf, textOf } from '../support/page/read-page.ts'

const minutes = 60_000
const hours = 60 * minutes

type App = Awaited<ReturnType<typeof anApp>>

const pageOf = async ({ app }: Pick<App, 'app'>, query = '') => (await request(app).get(`/${query}`)).text
const rowOf = async (world: App, name = 'web') => textOf(rowsOf(await pageOf(world)).get(name) ?? '')

/** A world at noon. */
const atNoon = (services: readonly Service[], more: object = {}) =>
  anApp({ services: [...services], nowMs: noon, ...more })

describe('the answer', () => {
  it('is a page that nobody keeps, frames or reads anything else into', async () => {
    const { headers, status } = await request((await anApp()).app).get('/')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
    const policy = new Map(
      (headers['content-security-policy'] ?? '').split('; ').map((part) => {
        const [directive = '', ...sources] = part.split(' ')
        return [directive, sources.join(' ')]
      }),
    )
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'connect-src': "'self'",
      'form-action': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    })
  })

  it('reads the history once for all services: a day, a month and the events', async () => {
    const names = ['api', 'db', 'queue', 'web']
    const world = await anApp({ services: names.map((name) => aService({ name, id: name })) })
    await world.history.settled()
    expect([...rowsOf(await pageOf(world)).keys()]).toEqual(names)
    expect(world.store.reads.toSorted()).toEqual(['events', 'past', 'past'])
    await pageOf(world)
    expect(world.store.reads.toSorted()).toEqual(['events', 'events', 'past', 'past'])
  })

  it('to HEAD has the same head and no body', async () => {
    const { app } = await anApp()
    const [head, get] = [await request(app).head('/'), await request(app).get('/')]
    expect(head.status).toBe(200)
    expect(head.text).toBeUndefined()
    expect(head.headers['content-security-policy']).toBe(get.headers['content-security-policy'])
    expect(head.headers['cache-control']).toBe('no-store')
  })

  it('is compressed for who can read that', async () => {
    const { app } = await anApp()
    const ask = (encoding: string) => request(app).get('/').set('Accept-Encoding', encoding)
    const [gzip, plain] = [await ask('gzip, deflate, br'), await ask('identity')]
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(gzip.headers['vary']).toBe('Accept-Encoding')
    expect(Number(gzip.headers['content-length'])).toBeLessThan(Number(plain.headers['content-length']) / 2)
    expect(gzip.text).toContain('</html>')
    expect(plain.text).toContain('</html>')
  })

  it('has no script, style or handler within the page, and nothing from elsewhere', async () => {
    const page = await pageOf(await anApp())
    expect(page).not.toMatch(/ style=| on[a-z]+=|<style|<script(?! type="module" src="assets\/)/i)
    const addresses = [...page.matchAll(/ (?:src|href|action)="([^"]*)"/g)].map(([, address]) => address)
    expect(addresses.filter((address) => /^(?:[a-z]+:|\/)/i.test(address ?? ''))).toEqual([])
  })

  it('is counted under its route', async () => {
    const world = await anApp()
    await pageOf(world)
    expect(await world.metrics()).toContain(
      'http_request_duration_seconds_count{method="GET",route="/",code="200"} 1',
    )
  })
})

describe('the files of the page', () => {
  const addressesIn = (page: string) =>
    [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, address]) => `/${address}`)

  it('are served, never change under their address, and are of the right type', async () => {
    const { app } = await anApp()
    const addresses = addressesIn((await request(app).get('/')).text)
    expect(addresses.map((address) => address.replace(/\?.*/, ''))).toEqual([
      '/assets/icon.svg',
      '/assets/page.css',
      '/assets/page.js',
    ])
    const answers = await Promise.all(addresses.map((address) => request(app).get(address)))
    expect(answers.map(({ headers }) => headers['content-type'])).toEqual([
      'image/svg+xml',
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
    ])
    for (const { status, headers } of answers) {
      expect(status).toBe(200)
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('are asked for anew under another version, and not sent again where they are the same', async () => {
    const { app } = await anApp()
    const first = await request(app).get('/assets/times.js')
    expect(first.headers['cache-control']).toBe('no-cache')
    const again = await request(app)
      .get('/assets/times.js')
      .set('If-None-Match', first.headers['etag'] ?? '')
    expect(again.status).toBe(304)
    expect((await request(app).get('/assets/page.css?v=old')).headers['cache-control']).toBe('no-cache')
  })

  it.each(['/assets/page.ts', '/assets/..%2Fpage.ts', '/assets/css%2Fbase.css', '/assets/constructor'])(
    'are these alone: %s',
    async (path) => {
      expect((await request((await anApp()).app).get(path)).status).toBe(404)
    },
  )
})

describe('a service', () => {
  it('is shown with its desired, running and needed replicas, and its bounds', async () => {
    const world = await atNoon([aService({ runningReplicas: 3 })])
    await world.post(anAlert({ replicas: '4', startsAt: new Date(noon).toISOString() }))
    const row = await rowOf(world)
    for (const words of ['web', 'Desired 4', 'Running 3', 'Needed 4', 'Bounds 1\u201310'])
      expect(row).toContain(words)
    expect(row).toContain('\u2191 Alert up: SwarmServiceNeedsMoreReplicas asks for 4 replicas')
  })

  const tasks = { running: 2, starting: 0, pending: 0, failing: 0 }
  const rows: readonly (readonly [string, Service, readonly string[]])[] = [
    ['is steady', aService(), ['Steady', 'No alert is active.']],
    [
      'has tasks that no node takes',
      aService({
        tasks: { ...tasks, pending: 2, pendingReason: 'no suitable node (insufficient resources)' },
      }),
      ['Tasks pending', '2 pending', 'Pending 2: no suitable node (insufficient resources)'],
    ],
    [
      'has tasks that fail',
      aService({ tasks: { ...tasks, failing: 2, failingReason: 'non-zero exit (1)' } }),
      ['Tasks failing', '2 failing', 'Failing 2: non-zero exit (1)'],
    ],
    ['has tasks that start', aService({ tasks: { ...tasks, starting: 2 } }), ['Starting', '2 starting']],
    ['rolls out', aService({ rollout: 'updating' }), ['Rolling out', 'Rollout updating']],
    [
      'has a window open, and one that opens',
      aService({
        policy: aPolicy({
          schedules: [
            aWindow({ min: 3, max: 6 }),
            aWindow({ name: 'night', start: '30 22 * * *', max: 2, timezone: 'Europe/Berlin' }),
          ],
        }),
      }),
      [
        'Bounds 3\u20136',
        'Window day is open: 1 h left',
        'open, closes 15 Jan, 13:00:00 (in 1 h): min 3, max 6; UTC',
        'closed, opens 15 Jan, 21:30:00 (in 9 h 30 min): min 2, max 2; Europe/Berlin',
      ],
    ],
    [
      'is paused for a time',
      aService({ policy: aPolicy({ pause: { directions: ['down'], untilMs: noon + 90 * minutes } }) }),
      ['Paused', 'Paused down until 15 Jan, 13:30:00'],
    ],
    [
      'is paused for good',
      aService({ policy: aPolicy({ pause: { directions: ['up', 'down'] } }) }),
      ['Paused until the label is removed'],
    ],
    [
      'is no longer paused',
      aService({ policy: aPolicy({ pause: { directions: ['up'], untilMs: noon } }) }),
      ['Steady'],
    ],
    ['is a dry run', aService({ policy: aPolicy({ isDryRun: true }) }), ['Dry run: nothing is changed']],
    [
      'is switched off',
      aService({ desiredReplicas: 0, runningReplicas: 0 }),
      ['Switched off', 'stays off until it is scaled up from outside'],
    ],
    [
      'is global',
      aService({ mode: 'global' }),
      ['Not replicated', 'A service in global mode cannot be scaled'],
    ],
    [
      'cools down',
      aService({ state: { lastUpMs: noon - 17_000, replicas: 4 } }),
      ['Cooldown: 43 s', 'Last up 15 Jan, 11:59:43', 'Last down never'],
    ],
    [
      'has a price and targets',
      aService({
        policy: aPolicy({ costPerHour: 0.04, targets: { cpu: 0.7, latency: 0.5, network: 5e7, jobs: 3 } }),
      }),
      [
        'Price of a replica 0.04 per hour',
        'Target cpu 70 %',
        'Target latency 500ms',
        'Target network 50 MB/s',
        'Target jobs 3',
      ],
    ],
    [
      'has an invalid policy',
      {
        ...aService(),
        policy: {
          kind: 'invalid',
          faults: [
            { key: 'autoscaler.max', value: 'many', message: 'must be a whole number >= 1' },
            { key: 'autoscaler.min', message: 'is missing' },
          ],
        },
      },
      [
        'Invalid policy',
        'not scaled until its policy is fixed',
        'autoscaler.max="many" must be a whole number >= 1',
        'autoscaler.min is missing',
      ],
    ],
    [
      'has a policy that works, but probably not as intended',
      {
        ...aService(),
        policy: {
          kind: 'valid',
          policy: aPolicy(),
          warnings: [{ key: 'autoscaler.target.cpu', value: '7000%', message: 'is never reached' }],
        },
      },
      ['Steady', 'autoscaler.target.cpu="7000%" is never reached'],
    ],
    [
      'is not enabled',
      { ...aService(), policy: { kind: 'not_enabled' } },
      ['Not enabled', 'autoscaler.enable is not "true"'],
    ],
  ]
  it.each(rows)('%s', async (_, service, words) => {
    const row = await rowOf(await atNoon([service]))
    for (const word of words) expect(row).toContain(word)
  })

  it('that is held shows what holds the change, and for how much longer', async () => {
    const world = await atNoon([aService({ state: { lastDownMs: noon - 20_000, replicas: 4 } })])
    await world.post(
      anAlert({ scale: 'down', replicas: '3', startsAt: new Date(noon - 9 * minutes).toISOString() }),
    )
    expect(await rowOf(world)).toContain('A change to 3 waits for the cooldown to end: 40 s left.')
    await world.clock.advance(15_000)
    expect(await rowOf(world)).toContain('A change to 3 waits for the cooldown to end: 25 s left. For 15 s.')
  })

  it('no longer cools down at the very moment that the cooldown ends', async () => {
    const at = async (ms: number) =>
      rowOf(await atNoon([aService({ state: { lastUpMs: noon - ms, replicas: 4 } })]))
    expect(await at(59_999)).toContain('Cooldown')
    expect(await at(60_000)).not.toContain('Cooldown')
  })

  it('at its maximum shows what it needs', async () => {
    const world = await atNoon([aService({ desiredReplicas: 10, runningReplicas: 10 })])
    await world.post(anAlert({ replicas: '13.5' }))
    const row = await rowOf(world)
    expect(row).toContain('At maximum')
    expect(row).toContain('14 are needed. The current maximum allows no more.')
  })

  it('shows what the next alert would change', async () => {
    const world = await atNoon([aService({ state: { lastUpMs: noon - 20_000, replicas: 4 } })])
    expect(await rowOf(world)).toContain('Up to 5 in 40 s: cooldown')
  })

  it('shows its last 24 hours as a line, with the outage as a gap', async () => {
    const world = await atNoon([aService()])
    const watch = (fromMs: number, untilMs: number) =>
      ({
        kind: 'watch',
        watch: { receiver: 'aaaaaaaa', fromMs: noon - fromMs, untilMs: noon - untilMs },
      }) as const
    const count = (agoMs: number, desired: number) =>
      ({ kind: 'count', count: { service: 'web', atMs: noon - agoMs, desired } }) as const
    await world.store.write([
      count(30 * hours, 2),
      count(12 * hours, 9),
      watch(40 * hours, 18 * hours),
      watch(12 * hours, 0),
    ])
    const row = rowsOf(await pageOf(world)).get('web') ?? ''
    expect(row.match(/class="chart-line"/g)).toHaveLength(2)
    expect(row).toContain('<rect class="chart-gap" x="120" y="0" width="120"')
    expect(row.replaceAll('\u00a0', ' ')).toContain(
      'aria-label="web in the last 1 d: lowest 2, highest 9, now 4 replicas. No data for 6 h."',
    )
    expect(textOf(row)).toContain('2 to 9')
  })

  it('in need of attention is named at the top, with the way to it', async () => {
    const services = [
      ...Array.from({ length: 149 }, (_, n) => aService({ name: `s${1_000 + n}`, id: `id${n}` })),
      aService({ name: 'zoo', id: 'zoo', mode: 'global' }),
    ]
    const page = await pageOf(await atNoon(services))
    expect(textOf(page)).toContain('150 1 needs attention')
    expect(page).toContain('<a href="./?page=2#service-zoo"><bdi>zoo</bdi></a> Not replicated')
  })
})

describe('many services', () => {
  const services = Array.from({ length: 250 }, (_, n) => aService({ name: `s${1_000 + n}`, id: `id${n}` }))

  it('come a hundred at a time, by name', async () => {
    const world = await atNoon(services)
    const [first, second, last] = [
      await pageOf(world),
      await pageOf(world, '?page=2'),
      await pageOf(world, '?page=9'),
    ]
    expect([...rowsOf(first).keys()]).toEqual(services.slice(0, 100).map(({ name }) => name))
    expect([...rowsOf(second).keys()].at(0)).toBe('s1100')
    expect([...rowsOf(last).keys()].at(-1)).toBe('s1249')
    expect(second).toContain(
      '<a href="./#services">Previous 100</a><span>Page 2 of 3</span><a href="./?page=3#services">Next 100</a>',
    )
  })

  it('are found by a part of their name', async () => {
    const world = await atNoon(services)
    const page = await pageOf(world, '?q=S12&service=web&page=1')
    expect(rowsOf(page).size).toBe(50)
    expect(textOf(page)).toContain('50 of 250 services')
    // The other form's wishes go along.
    expect(page).toContain('<input type="hidden" name="service" value="web">')
    expect(textOf(await pageOf(world, '?q=nothing'))).toContain('No service matches. Show all')
  })

  it('are read once for all readers, however many services there are', async () => {
    const world = await atNoon(services)
    const pastReads = () => world.store.reads.filter((name) => name !== 'events')
    await Promise.all([pageOf(world), pageOf(world), pageOf(world)])
    expect(pastReads()).toEqual(['past', 'past'])
    await world.clock.advance(2_999)
    await pageOf(world)
    expect(pastReads()).toEqual(['past', 'past'])
    await world.clock.advance(1)
    await pageOf(world)
    expect(pastReads()).toEqual(['past', 'past', 'past'])
  })
})

describe('what happened', () => {
  const ids = new EventIds('aaaaaaaa')
  const anEvent = (over: Partial<HistoryEvent> & { atMs: number }): HistoryEvent => ({
    id: ids.next(over.atMs),
    service: 'web',
    kind: 'scaled',
    reason: 'alert',
    from: 4,
    to: 6,
    actor: 'autoscaler',
    autoscalerVersion: '1.2.3',
    alerts: [],
    ...over,
  })
  const withEvents = async (...events: readonly HistoryEvent[]) => {
    const world = await atNoon([aService()])
    await world.store.write(events.map((event) => ({ kind: 'event', event })))
    return world
  }

  const alert = { name: 'Busy', fingerprint: 'a', scale: 'up', value: '6.5', summary: 'web is busy' } as const
  it.each<[string, Partial<HistoryEvent>, string]>([
    [
      'a change, with its alert and how fast it was',
      { needed: 6.5, limitedBy: 'max_step', alerts: [alert], reactionMs: 2_140, convergedMs: 3_200 },
      'Scaled web 4 \u2192 to 6 Asked for by an alert, 6.5 needed, limited by the largest step 2.1 s after the start of the alert, all tasks running 3.2 s later Busy (up 6.5): web is busy',
    ],
    [
      'a change that failed, again and again',
      { kind: 'failed', error: { code: 'timeout', message: 'no answer' }, times: 3, lastAtMs: noon },
      'Failed web 4 \u2192 to 6 Asked for by an alert: no answer 3 times, last at 15 Jan, 12:00:00',
    ],
    ['a dry run', { kind: 'dry_run', reason: 'dry_run' }, 'Dry run web 4 \u2192 to 6 Dry run'],
    [
      'a hold with its end',
      { kind: 'held', reason: 'cooldown', to: 4, needed: 6, untilMs: noon + 1_000 },
      'Held web stays at 4 Cooldown, 6 needed, until 15 Jan, 12:00:01',
    ],
    ['an external change', { kind: 'changed', actor: 'person' }, 'Changed web 4 \u2192 to 6 External change'],
    ['a redeploy', { kind: 'changed', actor: 'redeploy', to: 1 }, 'Changed web 4 \u2192 to 1 By a redeploy'],
  ])('%s', async (_, over, words) => {
    const world = await withEvents(anEvent({ atMs: noon - 60_000, ...over }))
    const [event = ''] = eventsOf(await pageOf(world))
    expect(textOf(`<li${event}`)).toBe(`15 Jan, 11:59:00 ${words}`)
  })

  it('a rejected alert for an unknown service', async () => {
    const {
      from: _,
      to: __,
      ...refused
    } = anEvent({
      atMs: noon,
      kind: 'rejected',
      service: 'ghost',
      reason: 'unknown_service',
      error: { code: 'unknown_service', message: 'there is no service ghost' },
    })
    const [event = ''] = eventsOf(await pageOf(await withEvents(refused)))
    expect(textOf(event)).toContain('Rejected ghost No such service: there is no service ghost')
  })

  describe('is narrowed by', () => {
    const world = withEvents(
      anEvent({ atMs: noon - 40 * hours, service: 'old' }),
      anEvent({ atMs: noon - 2 * hours, service: 'api', kind: 'held', reason: 'cooldown' }),
      anEvent({ atMs: noon - 30 * minutes, service: 'web' }),
    )
    it.each([
      ['', ['web', 'api', 'old']],
      ['?service=api', ['api']],
      ['?kind=scaled', ['web', 'old']],
      ['?last=1h', ['web']],
      ['?last=24h', ['web', 'api']],
      ['?since=2026-01-15T09:00&until=2026-01-15T11:00', ['api']],
      ['?since=2026-01-15T11:30', ['web']],
      ['?until=2026-01-15T11:30', ['api', 'old']],
      ['?service=api&kind=scaled', []],
    ])('%j', async (query, names) => {
      const events = eventsOf(await pageOf(await world, query))
      expect(
        events.map((event) =>
          textOf(/event-service[\s\S]*?<\/a>/.exec(event)?.[0] ?? '').replace(/.*> ?/, ''),
        ),
      ).toEqual(names)
    })

    it('nothing that matches, and shows how to see all', async () => {
      expect(textOf(sectionOf(await pageOf(await world, '?service=nobody'), 'events'))).toContain(
        'No event matches. Show all',
      )
    })

    it('keeps what was asked in the form', async () => {
      const page = await pageOf(await world, '?service=api&kind=held&last=7d&since=2026-01-15T09:00&q=w')
      for (const field of [
        '<input name="service" value="api"',
        '<option value="held" selected>',
        '<option value="7d" selected>',
        'name="since" value="2026-01-15T09:00"',
        '<input type="hidden" name="q" value="w">',
      ]) {
        expect(page).toContain(field)
      }
    })

    it('an invalid query: it is explained, with key and remedy, beside the rest of the page', async () => {
      const { app } = await world
      const response = await request(app).get('/?kind=exploded&since=yesterday')
      expect(response.status).toBe(400)
      const text = textOf(sectionOf(response.text, 'events'))
      expect(text).toContain('kind must be one of scaled, failed')
      expect(text).toContain('since must be a time such as')
      expect(rowsOf(response.text).size).toBe(1)
    })
  })

  it('comes fifty at a time, the older ones behind a link, none twice and none left out', async () => {
    const events = Array.from({ length: 120 }, (_, n) =>
      anEvent({ atMs: noon - (120 - n) * minutes, to: n + 5 }),
    )
    const world = await withEvents(...events)
    const seen: string[] = []
    let page = await pageOf(world)
    for (let pages = 0; pages < 5; pages++) {
      seen.push(...[...page.matchAll(/ id="event-([^"]+)"/g)].map(([, id]) => id ?? ''))
      const older = /rel="next" href="\.\/([^"#]+)#events"/.exec(page)?.[1]
      if (older === undefined) break
      page = await pageOf(world, older.replaceAll('&amp;', '&'))
    }
    expect(seen).toEqual(events.map(({ id }) => id).reverse())
    expect(textOf(sectionOf(page, 'events'))).toContain('Newest No older events')
  })
})

describe('cost', () => {
  const withPast = async (costPerHour?: number, currency = 'EUR') => {
    const world = await atNoon([aService({ desiredReplicas: 2, runningReplicas: 2 })], { currency })
    const price = costPerHour === undefined ? {} : { costPerHour }
    await world.store.write([
      {
        kind: 'count',
        count: { service: 'web', atMs: noon - 10 * 24 * hours, desired: 4, running: 4, ...price },
      },
      { kind: 'count', count: { service: 'web', atMs: noon - 12 * hours, desired: 2, running: 2, ...price } },
      { kind: 'watch', watch: { receiver: 'aaaaaaaa', fromMs: noon - 10 * 24 * hours, untilMs: noon } },
    ])
    return textOf(sectionOf(await pageOf(world), 'cost'))
  }

  it('of a day and of a month: replica-hours, average, peak, money, saving, and what is known', async () => {
    const text = await withPast(0.5)
    expect(text).toContain(
      'Last 24 hours Cost 36.00 EUR Saved 12.00 EUR Replica-hours 72.0 Saved replica-hours 24.0',
    )
    expect(text).toContain(
      'Last 30 days Cost 468.00 EUR Saved 12.00 EUR Replica-hours 936.0 Saved replica-hours 24.0',
    )
    expect(text).toContain('Cost, EUR Saved, EUR')
    expect(text).toContain('web 72.0 3.00 4 36.00 12.00 100 % 936.0 3.90 4 468.00 12.00 33 %')
    expect(text).toContain('Gaps, not counted as zero: not yet recorded for up to 20 d.')
  })

  it('without a price is shown in hours, with the label for a price', async () => {
    const text = await withPast()
    expect(text).toContain('web 72.0 3.00 4 24.0 100 % 936.0 3.90 4 24.0 33 %')
    expect(text).toContain('autoscaler.cost: "0.04"')
    expect(text).not.toContain('EUR')
  })

  it('without a currency is a bare number', async () => {
    expect(await withPast(0.5, '')).toContain('Cost 36.00 Saved 12.00 Replica-hours')
  })
})

describe('the autoscaler itself', () => {
  it('is well, in few words', async () => {
    const text = textOf(await pageOf(await atNoon([aService()])))
    expect(text).toContain('swarm-autoscaler 1.2.3')
    expect(text).toContain('Services 1 none needs attention Replicas 4 4 running Docker Reachable')
    expect(text).toContain('History Written')
  })

  it('shows that no service is changed, if that is so', async () => {
    const world = await atNoon([aService()], { isDryRun: true })
    expect(textOf(await pageOf(world))).toContain('Dry run: nothing is changed Decisions for every service')
    expect(textOf(await pageOf(await atNoon([aService()])))).not.toContain('Dry run: nothing')
  })

  it('shows an alarm that Docker cannot be used, and why', async () => {
    const page = await pageOf(await atNoon([aService()], { isReady: false }))
    const alarms = /<div id="alarms"[\s\S]*?<section/.exec(page)?.[0] ?? ''
    expect(alarms).toContain('aria-live="polite"')
    expect(textOf(alarms)).toContain('Docker cannot be used, so nothing can be scaled this node is a worker.')
    expect(textOf(page)).toContain('Docker Not usable')
  })

  it('shows an alarm that the history cannot be written, since when, and what waits', async () => {
    const world = await atNoon([aService()])
    world.store.fault = new HistoryError('store', 'disk is full')
    await world.post(anAlert({ replicas: '7' }))
    await world.clock.advance(20_000)
    const text = textOf(await pageOf(world))
    expect(text).toContain('The history cannot be written disk is full. For 20 s, since 15 Jan, 12:00:00;')
    expect(text).toMatch(/\d+ entries wait in memory/)
    expect(text).toContain('History Not written')
    // What is in memory is shown all the same.
    expect(text).toContain('4 \u2192 to 7')
  })
})

describe('the last webhook', () => {
  const tileOf = (page: string) => /<dt>Last webhook<\/dt>.*/.exec(page)?.[0] ?? ''

  it('is shown with its alerts and its sender', async () => {
    const world = await atNoon([aService()])
    await world.post(anAlert({ replicas: '4' }), anAlert({ fingerprint: 'b', replicas: '4' }))
    await world.clock.advance(12_000)
    expect(textOf(tileOf(await pageOf(world)))).toBe('Last webhook 12 s ago 2 alerts from alertmanager:9093')
  })

  it('that was refused is shown with its status, and when the last one was accepted', async () => {
    const world = await atNoon([aService()])
    await request(world.app).post('/webhook').send({ version: '3' })
    expect(textOf(tileOf(await pageOf(world)))).toBe('Last webhook Answered 400 0 s ago; none accepted yet')
    await world.post(anAlert({ replicas: '4' }))
    await world.clock.advance(60_000)
    await request(world.app).post('/webhook').send({ version: '3' })
    expect(textOf(tileOf(await pageOf(world)))).toBe(
      'Last webhook Answered 400 0 s ago; last one accepted 1 min ago',
    )
  })

  it('that never came shows what to check', async () => {
    expect(textOf(tileOf(await pageOf(await atNoon([aService()]))))).toBe(
      'Last webhook None yet none since the start; run swarm-autoscaler check',
    )
  })
})

describe('a token to read with', () => {
  const tokens = { readTokens: ['read-token'] }

  it('is asked for in a way that a browser understands', async () => {
    const { app } = await anApp(tokens)
    const response = await request(app).get('/')
    expect(response.status).toBe(401)
    expect(response.headers['www-authenticate']).toContain('Basic realm=')
    expect(response.text).not.toContain('<html')
    expect((await request(app).head('/')).status).toBe(401)
  })

  it('opens the page as the password of any user, and as Bearer', async () => {
    const { app } = await anApp(tokens)
    expect((await request(app).get('/').auth('anybody', 'read-token')).text).toContain('<html')
    expect((await request(app).get('/').set('Authorization', 'Bearer read-token')).text).toContain('<html')
    expect((await request(app).get('/').auth('anybody', 'another-token')).status).toBe(401)
  })
})

it('can only be read', async () => {
  expect((await request((await anApp()).app).post('/')).status).toBe(405)
})

describe('an empty page shows what to do next', () => {
  it('where no service is enabled', async () => {
    const text = textOf(await pageOf(await atNoon([])))
    expect(text).toContain('No service is enabled yet.')
    expect(text).toContain('autoscaler.enable: "true"')
    expect(text).toContain('There are no events yet.')
    expect(text).toContain('There is no data yet.')
  })

  it('where Docker is away as well', async () => {
    expect(textOf(await pageOf(await atNoon([], { isReady: false })))).toContain(
      'No service could be read yet: Docker does not answer.',
    )
  })
})

describe('hostile text', () => {
  const evil = `</svg></title><script>alert("1")</script><img src=x onerror='alert(1)'>\u202e&lt;`
  const world = async () => {
    const alert = { name: evil, fingerprint: 'a', scale: 'up', value: evil, summary: evil } as const
    const service = {
      ...aService({
        name: evil,
        id: evil,
        tasks: { running: 1, starting: 0, pending: 1, failing: 1, pendingReason: evil, failingReason: evil },
        policy: aPolicy({ targets: { [evil]: 1 }, schedules: [aWindow({ name: evil })] }),
      }),
    }
    const invalid: Service = {
      ...aService({ name: `b${evil}`, id: 'b' }),
      policy: { kind: 'invalid', faults: [{ key: evil, value: evil, message: evil }] },
    }
    const made = await atNoon([service, invalid], { currency: '<script>"' })
    const event = {
      id: new EventIds('aaaaaaaa').next(noon),
      atMs: noon,
      service: evil,
      kind: 'failed',
      reason: 'alert',
      from: 1,
      to: 2,
      actor: 'autoscaler',
      autoscalerVersion: '1',
      alerts: [alert],
      error: { code: evil, message: evil },
    } as const
    await made.store.write([{ kind: 'event', event }])
    const posted = anAlert({ service: evil, replicas: '3' }) as { labels: object; annotations: object }
    await made.post({
      ...posted,
      labels: { ...posted.labels, alertname: evil },
      annotations: { ...posted.annotations, summary: evil },
    })
    return made
  }

  it('stays text, wherever it comes from', async () => {
    const made = await world()
    const query = `?${new URLSearchParams({ service: evil, q: '<script>' })}`
    for (const page of [
      await pageOf(made),
      await pageOf(made, query),
      await pageOf(made, `?kind=${encodeURIComponent(evil)}`),
    ]) {
      expect(page).not.toMatch(/<script(?! type="module" src="assets\/)|<img|\u202e/)
      expect(page).toContain('&lt;script&gt;')
      // Every drawing ends once, where it ends.
      expect(page.match(/<svg/g)?.length).toBe(page.match(/<\/svg>/g)?.length)
    }
  })

  it('that is very long is cut', async () => {
    const long = 'x'.repeat(100_000)
    const made = await atNoon([
      aService({ tasks: { running: 0, starting: 0, pending: 4, failing: 0, pendingReason: long } }),
    ])
    const posted = anAlert({ replicas: '8' }) as { annotations: object }
    await made.post({ ...posted, annotations: { ...posted.annotations, summary: long } })
    expect((await pageOf(made)).length).toBeLessThan(50_000)
  })
})
