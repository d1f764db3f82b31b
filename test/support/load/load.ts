/**
 * Steady HTTP load on every task of a Swarm service, from inside the overlay network. It is mounted into a container as this
 * one file, so it imports nothing but Node.
 *
 * Settings (environment): `TARGET` (DNS name of the tasks, `tasks.web`), `TARGET_PORT` (8080), `CONTROL_PORT` (8090),
 * `MAX_SECONDS` (900: load stops after it by itself, whatever was asked for last).
 *
 * Control: `PUT /rate` with requests per second as the body; `GET /` tells the state. One JSON line a second goes to stdout.
 */
import { Resolver } from 'node:dns/promises'
import { Agent, createServer, get } from 'node:http'
import { text } from 'node:stream/consumers'

const target = process.env['TARGET'] ?? 'tasks.web'
const targetPort = Number(process.env['TARGET_PORT'] ?? 8080)
const controlPort = Number(process.env['CONTROL_PORT'] ?? 8090)
const maxSeconds = Number(process.env['MAX_SECONDS'] ?? 900)

const requestTimeoutMs = 2_000
const maxInFlight = 2_000
const maxRate = 5_000
/** Requests leave in small batches: a timer per request would be too coarse above 1000 a second. */
const batchMs = 20

const resolver = new Resolver({ timeout: 1_000, tries: 1 })
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const endsAtMs = Date.now() + maxSeconds * 1_000

let rate = 0
let addresses: readonly string[] = []
let turn = 0
let inFlight = 0
let counts = { sent: 0, ok: 0, failed: 0, skipped: 0 }
let lastSecond = { t: new Date().toISOString(), rate, addresses: 0, ...counts }

function request(address: string): void {
  counts.sent++
  inFlight++
  let settled = false
  const settle = (outcome: 'ok' | 'failed') => {
    if (settled) return
    settled = true
    inFlight--
    counts[outcome]++
  }
  const outgoing = get(
    { host: address, port: targetPort, path: '/', agent, timeout: requestTimeoutMs },
    (response) => {
      response.resume()
      response.once('end', () => settle(response.statusCode === 200 ? 'ok' : 'failed'))
      response.once('error', () => settle('failed'))
      response.once('close', () => settle('failed'))
    },
  )
  outgoing.once('error', () => settle('failed'))
  outgoing.once('timeout', () => {
    outgoing.destroy()
    settle('failed')
  })
}

let owed = 0
let previousMs = performance.now()

function sendBatch(): void {
  const nowMs = performance.now()
  owed = Math.min(owed + (rate * (nowMs - previousMs)) / 1_000, rate)
  previousMs = nowMs
  while (owed >= 1) {
    owed--
    const address = addresses[turn++ % Math.max(addresses.length, 1)]
    if (address === undefined || inFlight >= maxInFlight) counts.skipped++
    else request(address)
  }
}

async function resolve(): Promise<void> {
  // A failed look-up keeps the old addresses: DNS inside Docker stumbles while tasks come and go.
  const found = await resolver.resolve4(target).catch(() => undefined)
  if (found !== undefined) addresses = found.toSorted()
}

function report(): void {
  if (Date.now() >= endsAtMs) rate = 0
  lastSecond = { t: new Date().toISOString(), rate, addresses: addresses.length, ...counts }
  counts = { sent: 0, ok: 0, failed: 0, skipped: 0 }
  process.stdout.write(`${JSON.stringify(lastSecond)}\n`)
}

type Answer = (code: number, body: unknown) => void

function setRate(body: string, answer: Answer): void {
  const wanted = body.trim() === '' ? Number.NaN : Number(body)
  if (!(wanted >= 0 && wanted <= maxRate)) {
    answer(400, { error: `a number from 0 to ${maxRate}` })
  } else if (Date.now() >= endsAtMs) {
    answer(409, { error: `load ended after ${maxSeconds} s` })
  } else {
    rate = wanted
    answer(200, { rate })
  }
}

const control = createServer(async (incoming, response) => {
  const answer: Answer = (code, body) => {
    response.writeHead(code, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
  }
  if (incoming.method === 'GET') {
    answer(200, { ...lastSecond, rate, addresses, inFlight, endsAt: new Date(endsAtMs).toISOString() })
  } else if (incoming.method === 'PUT' && incoming.url === '/rate') {
    setRate(await text(incoming), answer)
  } else {
    answer(404, { error: 'PUT /rate or GET /' })
  }
})

await resolve()
control.listen(controlPort)
const timers = [setInterval(sendBatch, batchMs), setInterval(resolve, 1_000), setInterval(report, 1_000)]

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    for (const timer of timers) clearInterval(timer)
    control.close()
    control.closeAllConnections()
    agent.destroy()
  })
}
