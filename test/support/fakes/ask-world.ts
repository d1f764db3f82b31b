import { styleText } from 'node:util'
import type { AskPorts } from '../../../src/cli/ask/ports.ts'
import { runCommand } from '../../../src/cli/command.ts'
import type { Event } from '../../../src/receiver/api/schemas.ts'
import { FakeClock } from './fake-clock.ts'
import { checksNothing, noBacktestPorts } from './unused-ports.ts'

/** A receiver, and the terminal of whoever asks it; all of it is optional. */
export interface AskWorld {
  readonly environment?: Record<string, string>
  /** Absent: nobody answers. */
  readonly fetch?: AskPorts['fetch']
  /** How wide the terminal is. Absent: there is none. */
  readonly columns?: () => number
  /** Whether colours are shown. Default false. */
  readonly isColoured?: boolean
  readonly timeZone?: string
  readonly clock?: FakeClock
  /** Resolves when the user presses Ctrl-C. Absent: never. */
  readonly stopped?: Promise<string>
  /** Is told of each line as it is printed. */
  readonly onLine?: (line: string) => void
}

/** Runs a command that asks a receiver. */
export async function runAsking(args: readonly string[], world: AskWorld = {}) {
  const out: string[] = []
  const err: string[] = []
  const status = await runCommand(args, {
    version: '1.2.3',
    environment: world.environment ?? {},
    streams: {
      out: (line) => {
        out.push(line)
        world.onLine?.(line)
      },
      err: (line) => void err.push(line),
    },
    start: () => Promise.reject(new Error('nothing is started')),
    untilAskedToStop: () => world.stopped ?? new Promise(() => {}),
    backtest: noBacktestPorts,
    check: checksNothing,
    ask: anAsk(world),
  })
  return { status, out, err }
}

function anAsk({ columns, isColoured = false, timeZone = 'UTC', ...world }: AskWorld): AskPorts {
  return {
    fetch: world.fetch ?? (() => Promise.reject(refused())),
    clock: world.clock ?? new FakeClock(),
    screen: {
      columns: () => columns?.(),
      paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
      timeZone,
    },
  }
}

/** As `fetch` fails where nobody listens. */
export function refused(): TypeError {
  return new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:9095') })
}

/** A receiver that answers every question the same, and what it was asked. */
export function answering(status: number, body: unknown) {
  const asked: { url: URL; headers: Headers }[] = []
  const fetcher: typeof fetch = async (input, init) => {
    asked.push({ url: new URL(String(input)), headers: new Headers(init?.headers) })
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
  }
  return { fetch: fetcher, asked }
}

/** An event of the API: the first of `web`, scaled from 4 to 7 at noon. */
export function anEvent(over: Partial<Event> = {}): Event {
  return {
    id: '0199b0f0a4000000-00000001',
    at: '2026-01-15T12:00:00.000Z',
    service: 'web',
    kind: 'scaled',
    dryRun: false,
    reason: 'alert',
    from: 4,
    to: 7,
    needed: 7,
    actor: 'autoscaler',
    alerts: [
      {
        name: 'SwarmServiceNeedsMoreReplicas',
        fingerprint: 'c2f1',
        scale: 'up',
        value: '7',
        startsAt: '2026-01-15T11:59:57.800Z',
        summary: 'web needs 7 replicas.',
      },
    ],
    serviceVersion: 17,
    autoscalerVersion: '1.2.3',
    ...over,
  }
}
