/**
 * A small service to scale. It ends as a service on Swarm should: after the stop signal it loses no request.
 *
 * `GET /` answers after about a millisecond of work, `GET /?ms=2000` after 2 s of waiting as well (at most 5 s).
 *
 * Settings (environment): `PORT` (8080), and `DRAIN_DELAY_MS` (5000), how long it goes on taking requests after the stop signal.
 * With what it then still takes, 8 s at most, the delay has to fit into the service's `stop_grace_period`.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Histogram, register } from 'prom-client'

/** Rounds of hashing per request: about a millisecond of one core. */
const roundsPerRequest = 400
const longestWaitMs = 5_000
/** Most that requests under way may take once no new ones are taken. Longer than the longest one. */
const finishWithinMs = 8_000
const port = readNumber('PORT', 8080)
const drainDelayMs = readNumber('DRAIN_DELAY_MS', 5_000)

let stopping = false

function readNumber(name: string, whenAbsent: number): number {
  // biome-ignore lint/style/noProcessEnv: the settings of a service that is one file
  const text = process.env[name] ?? `${whenAbsent}`
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new Error(`${name} is "${text}", and should be a number from 0 to 99999`)
}

const requestDuration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from a request to its answer. Scrapes and health checks are not counted.',
  labelNames: ['method', 'route', 'code'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
})

// Born with the process: a series that appears with its first request would hide that request from rate().
requestDuration.zero({ method: 'GET', route: '/', code: '200' })

function work(): string {
  let digest = Buffer.alloc(32)
  for (let round = 0; round < roundsPerRequest; round++) {
    digest = createHash('sha256').update(digest).digest()
  }
  return digest.toString('hex')
}

/** How long a request asks to wait, in ms. Default: 0. What is no number counts as 0, what is too long as the longest. */
function waitOf(url: string): number {
  const wanted = Number(new URLSearchParams(url.split('?')[1]).get('ms'))
  return wanted > 0 ? Math.min(wanted, longestWaitMs) : 0
}

function answer(
  response: ServerResponse,
  code: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  // The client then keeps no connection that it would send its next request on.
  if (stopping) response.setHeader('Connection', 'close')
  response.writeHead(code, { 'Content-Type': type }).end(body)
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/'
  const path = url.split('?')[0]
  if (path === '/-/healthy') return answer(response, 200, 'ok\n')
  if (path === '/metrics') return answer(response, 200, await register.metrics(), register.contentType)

  const route = path === '/' ? '/' : 'unknown'
  const stop = requestDuration.startTimer({ method: request.method ?? 'GET', route })
  response.once('close', () => stop({ code: String(response.statusCode) }))
  if (route === 'unknown') return answer(response, 404, 'not found\n')
  const cameWhileStopping = stopping
  await sleep(waitOf(url))
  // So that a test can tell which answers a stop would have cost.
  if (stopping) response.setHeader('Came', cameWhileStopping ? 'after-stop-signal' : 'before-stop-signal')
  answer(response, 200, `${work()}\n`)
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) =>
    response.destroy(error instanceof Error ? error : undefined),
  )
})

server.listen(port)

/** Goes on for a while, for clients that have not yet seen this task leave DNS, then finishes what it has, and so ends. */
async function stop(): Promise<void> {
  stopping = true
  await sleep(drainDelayMs)
  server.close()
  // A client that sends half a request, or reads no answer, must not hold the process until it is killed.
  setTimeout(() => server.closeAllConnections(), finishWithinMs).unref()
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // The second one ends it at once. As a container's first process it would outlive the signal's own effect.
  process.on(signal, () => (stopping ? process.exit(1) : stop()))
}
