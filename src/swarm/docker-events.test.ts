import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { eventually } from '../../test/support/testbed/wait.ts'
import type { SwarmListener } from '../reconcile/ports.ts'
import { connectDocker } from './docker-client.ts'
import { watchServices } from './docker-events.ts'

/** How a stream that was opened is answered; the first of them for the first one, the last for all that follow. */
type Answer = (response: ServerResponse) => void

/** Opens a stream as the engine does: the head is sent before anything has happened. */
const open: Answer = (response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()

const refuse: Answer = (response) =>
  response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"forbidden by rule"}')

const event = (id: string, type = 'service') =>
  JSON.stringify({ Type: type, Action: 'update', Actor: { ID: id } })

/** An engine that answers as the test says, and whoever listens to it. */
async function anEngine(
  answers: readonly [Answer, ...Answer[]],
  { silenceMs = 60_000, timeoutMs = 60_000 } = {},
) {
  const streams: ServerResponse[] = []
  const urls: string[] = []
  const server = createServer((request, response) => {
    urls.push(request.url ?? '')
    streams.push(response)
    answers[Math.min(streams.length, answers.length) - 1]?.(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  const told: string[] = []
  const words: string[] = []
  const listener: SwarmListener = {
    connected: () => told.push('connected'),
    changed: (id) => told.push(`changed ${id}`),
    lost: ({ code, message }) => {
      told.push(`lost ${code}`)
      words.push(message)
    },
  }
  const stop = watchServices(
    {
      docker: connectDocker({ host, tlsVerify: false }),
      host,
      timeoutMs,
      silenceMs,
      retryMs: 5,
    },
    listener,
  )
  return {
    told,
    /** In which words the streams were lost. */
    words,
    urls,
    streams,
    stop,
    /** Waits until so much was told. */
    received: (count: number) => eventually(() => expect(told.length).toBeGreaterThanOrEqual(count)),
    opened: (count: number) => eventually(() => expect(streams.length).toBeGreaterThanOrEqual(count)),
    /** The stream that was opened last. */
    last: () => streams.at(-1) as ServerResponse,
    [Symbol.asyncDispose]: async () => {
      stop()
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('what happens to services', () => {
  it('is asked for, and nothing else', async () => {
    await using engine = await anEngine([open])
    await engine.received(1)
    const { pathname, searchParams } = new URL(engine.urls[0] ?? '', 'http://engine')
    expect(pathname).toBe('/events')
    expect(JSON.parse(searchParams.get('filters') ?? '')).toEqual({ type: ['service'] })
  })

  it('is told by the ID of the service, in order, however often', async () => {
    await using engine = await anEngine([open])
    await engine.received(1)
    for (const id of ['a', 'b', 'a']) engine.last().write(`${event(id)}\n`)
    await engine.received(4)
    expect(engine.told).toEqual(['connected', 'changed a', 'changed b', 'changed a'])
  })

  it('is told where several events come in one chunk', async () => {
    await using engine = await anEngine([open])
    await engine.received(1)
    engine.last().write(`${event('a')}\n${event('b')}\n${event('c')}\n`)
    await engine.received(4)
    expect(engine.told).toEqual(['connected', 'changed a', 'changed b', 'changed c'])
  })

  it('is told once where an event comes in two chunks, and not before its end', async () => {
    await using engine = await anEngine([open])
    await engine.received(1)
    const line = event('split')
    engine.last().write(`${event('a')}\n${line.slice(0, 20)}`)
    await engine.received(2)
    expect(engine.told).toEqual(['connected', 'changed a'])
    engine.last().write(`${line.slice(20)}\n`)
    await engine.received(3)
    expect(engine.told).toEqual(['connected', 'changed a', 'changed split'])
  })

  it.each([
    ['of another type', event('node', 'node')],
    ['without an actor', '{"Type":"service","Action":"update"}'],
    ['that is no JSON', '{"Type":"service",'],
    ['that is no object', '"service"'],
    ['that is null', 'null'],
    ['that is empty', ''],
  ])('is not told of a line %s, and the next one is', async (_, line) => {
    await using engine = await anEngine([open])
    await engine.received(1)
    engine.last().write(`${line}\n${event('next')}\n`)
    await engine.received(2)
    expect(engine.told).toEqual(['connected', 'changed next'])
  })
})

describe('a stream', () => {
  const cuts: [string, Answer][] = [
    ['ends', (response) => void response.end()],
    ['breaks', (response) => void response.destroy()],
    ['breaks in the middle of an event', (response) => response.write('{"Type":', () => response.destroy())],
  ]
  it.each(cuts)('that %s is told as lost once, and opened again', async (_, cut) => {
    await using engine = await anEngine([open])
    await engine.received(1)
    cut(engine.last())
    await engine.received(3)
    expect(engine.told).toEqual(['connected', expect.stringMatching(/^lost /), 'connected'])
    engine.last().write(`${event('a')}\n`)
    await engine.received(4)
    expect(engine.told.at(-1)).toBe('changed a')
    expect(engine.streams).toHaveLength(2)
  })

  it('that ends is reported', async () => {
    await using engine = await anEngine([open])
    await engine.received(1)
    engine.last().end()
    await engine.received(2)
    expect(engine.words).toEqual([expect.stringMatching(/: the event stream ended$/)])
  })

  it('that falls silent is opened again, and not told as lost', async () => {
    await using engine = await anEngine([open], { silenceMs: 30 })
    await engine.received(3)
    expect(new Set(engine.told)).toEqual(new Set(['connected']))
  })

  it('that falls silent is closed before the next one is opened', async () => {
    const closed: number[] = []
    await using engine = await anEngine(
      [
        (response) => {
          open(response)
          response.on('close', () => closed.push(1))
        },
      ],
      { silenceMs: 30 },
    )
    await engine.opened(3)
    await eventually(() => expect(closed.length).toBeGreaterThanOrEqual(2))
  })

  it('that speaks is not silent', async () => {
    // A hundred times as long as between two words: a busy machine may hold this process up.
    const [silenceMs, wordEveryMs] = [2_000, 20]
    await using engine = await anEngine([open], { silenceMs })
    await engine.received(1)
    const speak = () => engine.last().write(`${event('a', 'node')}\n${event('a')}\n`)
    const speaking = setInterval(speak, wordEveryMs)
    await pause(1.2 * silenceMs).finally(() => clearInterval(speaking))
    expect(engine.told.length).toBeGreaterThan(2)
    expect(engine.told.filter((word) => word === 'connected')).toHaveLength(1)
  })

  it('that the engine refuses is told as denied, and tried again', async () => {
    await using engine = await anEngine([refuse, refuse, open])
    await engine.received(3)
    expect(engine.told).toEqual(['lost denied', 'lost denied', 'connected'])
  })

  it('that never opens is told as lost in time, and tried again', async () => {
    await using engine = await anEngine([() => {}, open], { timeoutMs: 50 })
    await eventually(() => expect(engine.told).toContain('connected'))
    // On a busy machine one that opens may do so too late.
    expect(engine.told[0]).toBe('lost timeout')
    expect(new Set(engine.told)).toEqual(new Set(['lost timeout', 'connected']))
  })
})

describe('stopping', () => {
  it('ends the stream, and nothing is told or opened any more', async () => {
    await using engine = await anEngine([open])
    await engine.received(1)
    const closed = once(engine.last(), 'close')
    engine.stop()
    await closed
    await pause(50)
    expect(engine.told).toEqual(['connected'])
    expect(engine.streams).toHaveLength(1)
  })

  it('while a stream is being opened ends it, and nothing is told', async () => {
    await using engine = await anEngine([() => {}])
    await engine.opened(1)
    engine.stop()
    open(engine.last())
    await eventually(() => expect(engine.last().closed).toBe(true))
    expect(engine.told).toEqual([])
    expect(engine.streams).toHaveLength(1)
  })

  it('while a stream is being opened leaves nothing that the process would wait for', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await using engine = await anEngine([() => {}], { silenceMs: 54_321 })
    await engine.opened(1)
    engine.stop()
    open(engine.last())
    await eventually(() => expect(engine.last().closed).toBe(true))
    expect(timers.mock.calls.filter(([, ms]) => ms === 54_321)).toEqual([])
    timers.mockRestore()
  })

  it('between two attempts opens nothing any more', async () => {
    await using engine = await anEngine([refuse])
    await engine.received(1)
    engine.stop()
    const opened = engine.streams.length
    await pause(50)
    expect(engine.streams.length).toBeLessThanOrEqual(opened)
    expect(engine.told).toHaveLength(opened)
  })

  it('twice does no harm', async () => {
    await using engine = await anEngine([open])
    await engine.received(1)
    engine.stop()
    engine.stop()
    await eventually(() => expect(engine.last().closed).toBe(true))
  })
})

/** Long enough for what must not happen: a retry comes after 5 ms. Longer than asked for is no harm. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
