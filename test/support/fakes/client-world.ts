import { styleText } from 'node:util'
import type { ClientPorts } from '../../../src/cli/client/ports.ts'
import type { Event } from '../../../src/receiver/api/schemas.ts'
import { run } from './command-run.ts'
import { FakeClock } from './fake-clock.ts'

/** A receiver and a terminal; all of it is optional. */
export interface ClientWorld {
  readonly environment?: Record<string, string>
  /** Absent: nothing answers. */
  readonly fetch?: ClientPorts['fetch']
  /** Width of the terminal. Absent: there is none. */
  readonly columns?: () => number
  /** Whether colours are shown. Default false. */
  readonly isColoured?: boolean
  readonly timeZone?: string
  readonly clock?: FakeClock
  /** Resolves when the user presses Ctrl-C. Absent: never. */
  readonly stopped?: Promise<string>
  /** Called with each line as it is printed. */
  readonly onLine?: (line: string) => void
}

/** Runs a command that is a client of a receiver. */
export function runClient(args: readonly string[], world: ClientWorld = {}) {
  const { environment = {}, stopped = new Promise<string>(() => {}), onLine } = world
  return run(args, {
    environment,
    untilAskedToStop: () => stopped,
    client: portsOf(world),
    ...(onLine === undefined ? {} : { onLine }),
  })
}

function portsOf({ columns, isColoured = false, timeZone = 'UTC', ...world }: ClientWorld): ClientPorts {
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

/** The error of `fetch` if nothing listens. */
export function refused(): TypeError {
  return new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:9095') })
}

/** A receiver that gives every request the same answer, and the requests. */
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
