import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { aReceiver, aShop } from '../../test/support/fakes/asked-receiver.ts'
import { noon } from '../../test/support/fakes/builders.ts'
import { anEvent, answering, type ClientWorld, runClient } from '../../test/support/fakes/client-world.ts'
import { FakeClock } from '../../test/support/fakes/fake-clock.ts'
import type { EventKind, HistoryEvent } from '../domain/event.ts'
import { startOf } from '../history/event-ids.ts'
import { widthOf } from '../text/width.ts'

/** An event of the record, `number` seconds after noon. */
function recorded(number: number, over: Partial<HistoryEvent> = {}): HistoryEvent {
  const atMs = noon + number * 1_000
  const numbers = { from: number, to: number + 1 }
  return {
    id: `${startOf(atMs)}0000-00000001`,
    atMs,
    service: 'web',
    kind: 'scaled',
    reason: 'alert',
    ...numbers,
    actor: 'autoscaler',
    alerts: [],
    autoscalerVersion: '1.2.3',
    ...over,
  }
}

/** A receiver with so many events in its record, and how to run `events` against it. */
async function aHistory(count: number) {
  const receiver = await aReceiver({ nowMs: noon + 3_600_000 })
  const put = (...events: readonly HistoryEvent[]) =>
    receiver.store.write(events.map((event) => ({ kind: 'event', event })))
  await put(...Array.from({ length: count }, (_, number) => recorded(number)))
  const run = (args: readonly string[], world: ClientWorld = {}) =>
    runClient(['events', '--url', receiver.url, ...args], { fetch, ...world })
  return { ...receiver, put, run }
}

/** Runs `events` against a receiver that has these. */
const runWith = (events: readonly object[], args: readonly string[] = [], world: ClientWorld = {}) =>
  runClient(['events', ...args], { fetch: answering(200, { events }).fetch, ...world })

describe('events', () => {
  it('prints the newest, the last one at the bottom', async () => {
    const { run } = await aHistory(30)
    const { status, out, err } = await run(['--limit', '2'])
    expect({ status, err }).toEqual({ status: 0, err: [] })
    expect(out).toEqual([
      'TIME                  SERVICE  EVENT   REPLICAS  REASON  LIMITED BY  BY          DETAILS',
      '2026-01-15T12:00:28Z  web      scaled  28->29    alert   -           autoscaler  -',
      '2026-01-15T12:00:29Z  web      scaled  29->30    alert   -           autoscaler  -',
    ])
    expect((await run([])).out).toHaveLength(21)
  })

  it('goes through as many pages as it takes, and holds each event once', async () => {
    const { run } = await aHistory(2_500)
    const { out } = await run(['--limit', '2400', '--json'])
    const numbers = out.map((line) => (JSON.parse(line) as { from: number }).from)
    expect(numbers).toEqual(Array.from({ length: 2_400 }, (_, index) => index + 100))
    expect((await run(['--limit', '9999', '--json'])).out).toHaveLength(2_500)
  })

  it('hands its filters on, times that are so long ago as times', async () => {
    const { fetch: fetcher, asked } = answering(200, { events: [] })
    const args = [
      '--service',
      'a b',
      '--kind',
      'scaled',
      '--kind',
      'failed,changed',
      '--since',
      '2h',
      '--until',
      '2026-01-15T13:00:00+01:00',
    ]
    await runClient(['events', ...args], { fetch: fetcher, clock: new FakeClock(noon + 3_600_000) })
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      service: 'a b',
      kind: 'scaled,failed,changed',
      since: '2026-01-15T11:00:00.000Z',
      until: '2026-01-15T12:00:00.000Z',
      limit: '20',
    })
  })

  it('is filtered by the receiver', async () => {
    const { run, put } = await aHistory(3)
    await put(recorded(10, { service: 'api', kind: 'failed' }))
    const services = async (...args: string[]) =>
      (await run(['--json', ...args])).out.map((line) => (JSON.parse(line) as { service: string }).service)
    expect(await services('--service', 'api')).toEqual(['api'])
    expect(await services('--kind', 'failed')).toEqual(['api'])
    expect(await services('--since', '2026-01-15T12:00:02Z')).toEqual(['web', 'api'])
    expect(await services('--until', '2026-01-15T12:00:01Z')).toEqual(['web'])
  })

  it('as JSON is one object per line, as it came', async () => {
    const events = [{ ...anEvent({ service: 'b' }), ofANewerReceiver: 1 }, anEvent({ service: 'a' })]
    const { out } = await runWith(events, ['--json'], { columns: () => 40, isColoured: true })
    expect(out.map((line) => JSON.parse(line))).toEqual(events.toReversed())
  })

  it.each([
    [[], /no events yet; swarm-autoscaler services lists/],
    [
      ['--service', 'web', '--since', '1h'],
      /no such events; try without --service, --since; swarm-autoscaler services lists/,
    ],
    [['--json', '--kind', 'failed'], /no such events; try without --kind/],
  ])('that are none are told on the standard error: %j', async (args, message) => {
    const { status, out, err } = await runWith([], args)
    expect({ status, out }).toEqual({ status: 0, out: [] })
    expect(err).toEqual([expect.stringMatching(message)])
  })
})

describe('the table', () => {
  const kinds: [EventKind, object, RegExp][] = [
    [
      'scaled',
      { limitedBy: 'max_step' },
      /scaled +4->7 +alert +max_step +autoscaler +web needs 7 replicas\. \(SwarmServiceNeedsMoreReplicas 7\)$/,
    ],
    [
      'failed',
      { error: { code: 'engine', message: 'disk full' }, times: 3, lastAt: '2026-01-15T12:05:00.000Z' },
      /failed +4->7 .*engine: disk full; 3 times, last 12:05:00; web needs/,
    ],
    ['dry_run', { dryRun: true, reason: 'dry_run' }, /dry_run +4->7 +dry_run/],
    [
      'held',
      { to: 4, needed: 6.666, reason: 'cooldown', until: '2026-01-15T23:59:59.001Z' },
      /held +4 +cooldown +- +autoscaler +needs 6\.67; until 2026-01-16 00:00:00; web/,
    ],
    [
      'rejected',
      { from: undefined, to: undefined, needed: undefined, reason: 'invalid_alert' },
      /rejected +- +invalid_alert/,
    ],
    [
      'changed',
      { reason: undefined, actor: 'person', alerts: [], needed: undefined },
      /changed +4->7 +- +- +person +-$/,
    ],
  ]
  it.each(kinds)('tells of what was %s', async (kind, over, line) => {
    const { out } = await runWith([JSON.parse(JSON.stringify({ ...anEvent(), kind, ...over }))])
    expect(out[1]).toMatch(line)
  })

  it('tells how many other alerts stood, and of one that says nothing', async () => {
    const [alert] = anEvent().alerts
    const { summary: _, value: __, ...silent } = alert ?? { name: '', fingerprint: '' }
    const of = async (...alerts: object[]) => (await runWith([{ ...anEvent(), alerts }])).out[1]
    expect(await of(alert ?? {}, silent, silent)).toMatch(/ {2}web needs 7 replicas\. \(\w+ 7 and 2 more\)$/)
    expect(await of(silent)).toMatch(/ {2}SwarmServiceNeedsMoreReplicas$/)
  })

  it.each([200, 136, 135, 80, 60, 40, 10, 1])(
    'on %i columns has no line that is wider, and loses no event',
    async (width) => {
      const { url } = await aShop()
      const { out } = await runClient(['events', '--url', url], { fetch, columns: () => width })
      expect(out).toHaveLength(13)
      expect(Math.max(...out.map(widthOf))).toBeLessThanOrEqual(width)
    },
  )

  it('on a narrow terminal has who and what cut it in the details', async () => {
    const events = [anEvent({ actor: 'person', limitedBy: 'max_step', alerts: [] })]
    const { out } = await runWith(events, [], { columns: () => 80 })
    expect(out).toEqual([
      'TIME            SERVICE  EVENT   REPLICAS  REASON  DETAILS',
      '01-15 12:00:00  web      scaled  4->7      alert   by person; limit max_step',
    ])
  })

  it('has the time of the zone of the terminal, or UTC', async () => {
    const world: ClientWorld = { timeZone: 'America/New_York' }
    const timeOf = ({ out }: { out: string[] }) => out[1]?.split(/ {2,}/)[0]
    expect(timeOf(await runWith([anEvent()], [], world))).toBe('2026-01-15T07:00:00-05:00')
    expect(timeOf(await runWith([anEvent()], ['--utc'], world))).toBe('2026-01-15T12:00:00Z')
    const terminal = { ...world, columns: () => 150 }
    expect(timeOf(await runWith([anEvent()], [], terminal))).toBe('2026-01-15 07:00:00')
  })

  it('says with colours nothing that it does not say without', async () => {
    const events = [anEvent(), anEvent({ kind: 'failed' }), anEvent({ kind: 'held' })]
    const plain = await runWith(events, [], { columns: () => 100 })
    const coloured = await runWith(events, [], { columns: () => 100, isColoured: true })
    expect(coloured.out).not.toEqual(plain.out)
    expect(coloured.out.map((line) => stripVTControlCharacters(line))).toEqual(plain.out)
  })

  it.each([[undefined], [100]])(
    'lets nothing through that a terminal obeys (%s columns)',
    async (columns) => {
      const hostile = '\u001b[31m\u001b]0;owned\u0007we\u009bb\r\n\u202egnp'
      const alerts = [{ name: hostile, fingerprint: hostile, value: hostile, summary: hostile }]
      const error = { code: hostile, message: hostile }
      const events = [anEvent({ service: hostile, alerts, error })]
      const world = columns === undefined ? {} : { columns: () => columns }
      for (const args of [[], ['--json']]) {
        const { out } = await runWith(events, args, world)
        expect(out.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
      }
      expect((await runWith(events, [], world)).out).toHaveLength(2)
    },
  )
})

/** Lets what goes over the network go on. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 1))

describe('events --follow', () => {
  /** Follows a record of three events. */
  async function following(args: readonly string[]) {
    const record = await aHistory(3)
    const clock = new FakeClock()
    const stopped = Promise.withResolvers<string>()
    let lines = 0
    const onLine = () => {
      lines++
    }
    let hasEnded = false
    const running = record.run(['--follow', ...args], { clock, stopped: stopped.promise, onLine })
    running.finally(() => {
      hasEnded = true
    })
    return {
      ...record,
      /** Lets time pass until there are so many lines on the standard output. */
      printed: async (count: number) => {
        while (lines < count && !hasEnded) {
          await clock.advance(1_000)
          await breathe()
        }
      },
      /** Resolves when it has asked for what there is already. */
      begun: async () => {
        while (clock.pending === 0 && !hasEnded) await breathe()
      },
      end: () => {
        stopped.resolve('SIGINT')
        return running
      },
    }
  }
  const fromOf = (line: string) => (JSON.parse(line) as { from: number }).from

  it('prints the newest and then what comes, and ends well', async () => {
    const { put, begun, printed, end } = await following(['--limit', '2', '--json'])
    await begun()
    await put(recorded(50), recorded(51))
    await printed(4)
    const { status, out, err } = await end()
    expect({ status, err }).toEqual({ status: 0, err: [] })
    expect(out.map(fromOf)).toEqual([1, 2, 50, 51])
  })

  it('prints each of many that come at once', async () => {
    const { put, begun, printed, end } = await following(['--limit', '1', '--json'])
    await begun()
    await put(...Array.from({ length: 2_100 }, (_, index) => recorded(index + 3)))
    await printed(2_101)
    expect((await end()).out.map(fromOf)).toEqual(Array.from({ length: 2_101 }, (_, index) => index + 2))
  })

  it('prints what comes alone with --limit 0', async () => {
    const { put, begun, printed, end } = await following(['--limit', '0', '--json'])
    await begun()
    await put(recorded(50))
    await printed(1)
    expect((await end()).out.map(fromOf)).toEqual([50])
  })

  it('waits where nothing has happened yet, and prints no event from before --since', async () => {
    const { put, begun, printed, end } = await following(['--since', '2026-01-15T12:30:00Z', '--json'])
    await begun()
    await put(recorded(1_801))
    await printed(1)
    const { out, err } = await end()
    expect(out.map(fromOf)).toEqual([1_801])
    expect(err).toEqual(['swarm-autoscaler: no such events yet; waiting for new ones, Ctrl-C ends'])
  })

  it('keeps its columns, beneath one header', async () => {
    const { put, begun, printed, end } = await following(['--limit', '1'])
    await begun()
    await put(recorded(50, { service: 'a-longer-name' }))
    await printed(3)
    const { out } = await end()
    expect(out.map((line) => line.search(/EVENT|scaled/))).toEqual([40, 40, 40])
  })

  it('ends with 1 where the receiver asks for a token all of a sudden', async () => {
    let calls = 0
    const fetcher: typeof fetch = (...request) => {
      calls++
      return answering(calls === 1 ? 200 : 401, calls === 1 ? { events: [anEvent()] } : {}).fetch(...request)
    }
    const clock = new FakeClock()
    const running = runClient(['events', '-f'], { fetch: fetcher, clock })
    while (calls < 2) {
      await clock.advance(1_000)
      await breathe()
    }
    expect(await running).toMatchObject({ status: 1, err: [expect.stringMatching(/needs credentials/)] })
  })
})

describe('events that cannot be asked for', () => {
  it.each([
    ['--kind', ['--kind', 'scalde'], /--kind="scalde" must be one of scaled, failed/],
    [
      '--since',
      ['--since', 'yesterday'],
      /--since="yesterday" must be a time in RFC 3339 such as .* or a duration/,
    ],
    ['--until', ['--until', '2026-01-15'], /--until="2026-01-15" must be a time/],
    ['--since after --until', ['--since', '1h', '--until', '2h'], /--since \(.*\) must be before --until/],
    ['--limit', ['--limit', '-1'], /limit/],
    ['a large --limit', ['--limit', '100001'], /--limit="100001" must be a whole number from 0 to 100000/],
    ['--follow with --until', ['--follow', '--until', '1h'], /--follow .* leave one of them out/],
    ['--url', ['--url', 'manager'], /--url must be the address/],
    ['an empty --service', ['--service', ''], /--service must be the name/],
    ['an unknown flag', ['--sinse', '1h'], /--sinse/],
    ['a word too many', ['web'], /web/],
    ['a token on the command line', ['--read-token', 'x'], /--read-token/],
  ])('are wrong usage: %s', async (_, args, message) => {
    const { status, out, err } = await runWith([], args)
    expect({ status, out }).toEqual({ status: 2, out: [] })
    expect(err.join('\n')).toMatch(message)
  })

  it('are wrong usage with an environment that serve would refuse', async () => {
    const { status, err } = await runWith([], [], { environment: { AUTOSCALER_READ_TOKE: 'x' } })
    expect(status).toBe(2)
    expect(err[0]).toMatch(/AUTOSCALER_READ_TOKE: there is no such setting/)
  })

  it('are a failure where nobody answers', async () => {
    expect(await runClient(['events'])).toEqual({
      status: 1,
      out: [],
      err: [
        expect.stringMatching(
          /^swarm-autoscaler: cannot reach http:\/\/127\.0\.0\.1:9095: .*; is the receiver running/,
        ),
      ],
    })
  })

  it('are shown to whoever has the token', async () => {
    const { url } = await aReceiver({ readTokens: ['token-one'] })
    const run = (address: string, environment = {}) =>
      runClient(['events', '--url', address], { fetch, environment })
    expect((await run(url)).err[0]).toMatch(/needs credentials; set AUTOSCALER_READ_TOKEN/)
    expect((await run(url, { AUTOSCALER_READ_TOKEN: 'token-two' })).err[0]).toMatch(
      /does not accept the token of AUTOSCALER_READ_TOKEN/,
    )
    expect((await run(url, { AUTOSCALER_READ_TOKEN: 'token-one' })).status).toBe(0)
    expect((await run(url.replace('//', '//me:token-one@'))).status).toBe(0)
    expect((await run(url.replace('//', '//me:token-two@'))).err[0]).toMatch(
      /does not accept the user and password in --url/,
    )
  })

  it('--help says how', async () => {
    const { status, out } = await runWith([], ['--help'])
    expect(status).toBe(0)
    for (const flag of [
      '--service',
      '--kind',
      '--since',
      '--until',
      '--limit',
      '--follow',
      '--json',
      '--url',
      '--utc',
    ]) {
      expect(out[0]).toContain(flag)
    }
  })
})
