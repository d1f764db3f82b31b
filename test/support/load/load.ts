/**
 * Steady HTTP load on every task of a Swarm service, from inside the overlay network. It is mounted into a container as this
 * one file, so it imports nothing but Node.
 *
 * It is a client that balances by DNS: it asks for the addresses again and again, takes them in turn, keeps connections alive, and
 * sends nothing more to an address that has left DNS. It never repeats a request: each one counts as `sent` and ends as `ok`
 * (200, with its whole body) or as `failed`. A request that was due and had nowhere to go counts as `skipped`.
 *
 * Its rate is what was asked for, or what the machine can do: where it was late itself it does not catch up, and where answers take
 * more than a second too long it waits for them. What was not sent for that reason counts as `withheld`, and `lagMs` is the longest that it was late.
 *
 * Settings (environment): `TARGET` (DNS name of the tasks, `tasks.web`), `TARGET_PORT` (8080), `CONTROL_PORT` (8090),
 * `RESOLVE_MS` (1000: how old a DNS answer gets), `SLOW_MS` (4000: how long a slow request asks the service to wait),
 * `TIMEOUT_MS` (2000: most that a request may take beyond the wait that it asks for),
 * `MAX_SECONDS` (900: load stops by itself so long after a rate was last asked for).
 *
 * Control: `PUT /rate` with requests per second as the body, `PUT /slow-rate` the same for slow requests, which come on top;
 * `GET /` tells the state, with the totals since the start. One JSON line a second goes to stdout.
 */
import { Resolver } from 'node:dns/promises'
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

const target = process.env['TARGET'] ?? 'tasks.web'
const targetPort = Number(process.env['TARGET_PORT'] ?? 8080)
const controlPort = Number(process.env['CONTROL_PORT'] ?? 8090)
const resolveMs = Number(process.env['RESOLVE_MS'] ?? 1_000)
const slowMs = Number(process.env['SLOW_MS'] ?? 4_000)
const maxSeconds = Number(process.env['MAX_SECONDS'] ?? 900)

const requestTimeoutMs = Number(process.env['TIMEOUT_MS'] ?? 2_000)
const maxInFlight = 2_000
const maxRate = 5_000
/** Requests leave in small batches: a timer per request would be too coarse above 1000 a second. */
const batchMs = 20
/** What was due longer ago is not sent any more. */
const mostBurstMs = 250
/** Answers that take longer than they were asked to, by more than this, are waited for. */
const tolerableMs = 1_000
/** However low the rate, so many requests may be under way. */
const leastInFlight = 16

const resolver = new Resolver({ timeout: 1_000, tries: 1 })
/** Idle connections end sooner than the service ends them (5 s), or a request could meet the end of its connection. */
const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 3_000 })
let endsAtMs = Date.now() + maxSeconds * 1_000

/** Requests of one sort. */
class Flow {
  readonly waitMs: number
  /** Requests per second. */
  rate = 0
  sent = 0
  ok = 0
  failed = 0
  skipped = 0
  withheld = 0
  #owed = 0
  #paidAtMs = performance.now()

  constructor(waitMs: number) {
    this.waitMs = waitMs
  }

  /** How many are to be sent now. */
  takeDue(): number {
    const nowMs = performance.now()
    this.#owed += (this.rate * (nowMs - this.#paidAtMs)) / 1_000
    this.#paidAtMs = nowMs
    const due = Math.floor(this.#owed)
    this.#owed -= due
    const burst = Math.max(1, (this.rate * mostBurstMs) / 1_000)
    const sent = Math.floor(Math.min(due, burst, this.#room()))
    this.withheld += due - sent
    return sent
  }

  /** How many more may be under way: at the rate, with answers that are as late as is tolerable. */
  #room(): number {
    const most = Math.max(leastInFlight, (this.rate * (this.waitMs + tolerableMs)) / 1_000)
    return Math.max(0, most - (this.sent - this.ok - this.failed))
  }

  counts() {
    const { sent, ok, failed, skipped, withheld } = this
    return { sent, ok, failed, skipped, withheld }
  }
}

const quick = new Flow(0)
const slow = new Flow(slowMs)
const flows = [quick, slow]

let addresses: readonly string[] = []
let turn = 0
let inFlight = 0
/** How often requests failed for which reason: a status, `timeout`, `cut off` (in the midst of an answer), or Node's code. */
const failures: Record<string, number> = {}
/** The longest that a batch was late since a rate was last asked for. */
let lagMs = 0
let batchDueAtMs = performance.now() + batchMs
/** Answers of tasks that had their stop signal already, by when the request had come (`examples/web` tells). */
const ofStopping = { cameBefore: 0, cameAfter: 0 }

const total = () => ({
  sent: quick.sent + slow.sent,
  ok: quick.ok + slow.ok,
  failed: quick.failed + slow.failed,
  skipped: quick.skipped + slow.skipped,
  withheld: quick.withheld + slow.withheld,
})
let reported = total()
let lastSecond = { t: new Date().toISOString(), rate: 0, slowRate: 0, addresses: 0, ...reported }

/** `undefined`: the answer was good. */
type Settle = (failure: string | undefined) => void

/** Counts the outcome that it is first told. */
function awaitOutcome(flow: Flow): Settle {
  flow.sent++
  inFlight++
  let settled = false
  return (failure) => {
    if (settled) return
    settled = true
    inFlight--
    if (failure === undefined) flow.ok++
    else {
      flow.failed++
      failures[failure] = (failures[failure] ?? 0) + 1
    }
  }
}

function finish({ statusCode, headers }: IncomingMessage, settle: Settle): void {
  settle(statusCode === 200 ? undefined : `status ${statusCode}`)
  if (headers['came'] === 'before-stop-signal') ofStopping.cameBefore++
  if (headers['came'] === 'after-stop-signal') ofStopping.cameAfter++
}

function request(address: string, flow: Flow): void {
  const settle = awaitOutcome(flow)
  const path = flow.waitMs === 0 ? '/' : `/?ms=${flow.waitMs}`
  const timeout = flow.waitMs + requestTimeoutMs
  const outgoing = get({ host: address, port: targetPort, path, agent, timeout }, (response) => {
    response.resume()
    response.once('end', () => finish(response, settle))
    response.once('error', () => settle('cut off'))
    response.once('close', () => settle('cut off'))
  })
  outgoing.once('error', ({ code, message }: NodeJS.ErrnoException) => settle(code ?? message))
  outgoing.once('timeout', () => {
    settle('timeout')
    outgoing.destroy()
  })
}

function sendBatch(): void {
  lagMs = Math.max(lagMs, performance.now() - batchDueAtMs)
  batchDueAtMs = performance.now() + batchMs
  for (const flow of flows) {
    for (let due = flow.takeDue(); due > 0; due--) {
      const address = addresses[turn++ % Math.max(addresses.length, 1)]
      if (address === undefined || inFlight >= maxInFlight) flow.skipped++
      else request(address, flow)
    }
  }
}

async function resolve(): Promise<void> {
  // A failed look-up keeps the old addresses: DNS inside Docker stumbles while tasks come and go.
  const found = await resolver.resolve4(target).catch(() => undefined)
  if (found !== undefined) addresses = found.toSorted()
}

function report(): void {
  if (Date.now() >= endsAtMs) for (const flow of flows) flow.rate = 0
  const now = total()
  lastSecond = {
    t: new Date().toISOString(),
    rate: quick.rate,
    slowRate: slow.rate,
    addresses: addresses.length,
    sent: now.sent - reported.sent,
    ok: now.ok - reported.ok,
    failed: now.failed - reported.failed,
    skipped: now.skipped - reported.skipped,
    withheld: now.withheld - reported.withheld,
  }
  reported = now
  process.stdout.write(`${JSON.stringify(lastSecond)}\n`)
}

function state() {
  const totals = { ...total(), slow: slow.counts(), failures, ofStopping }
  const rates = { rate: quick.rate, slowRate: slow.rate }
  return {
    ...lastSecond,
    ...rates,
    addresses,
    inFlight,
    lagMs,
    totals,
    endsAt: new Date(endsAtMs).toISOString(),
  }
}

type Answer = (code: number, body: unknown) => void

function setRate(flow: Flow, body: string, answer: Answer): void {
  const wanted = body.trim() === '' ? Number.NaN : Number(body)
  if (!(wanted >= 0 && wanted <= maxRate)) {
    answer(400, { error: `a number from 0 to ${maxRate}` })
  } else {
    endsAtMs = Date.now() + maxSeconds * 1_000
    lagMs = 0
    flow.rate = wanted
    answer(200, { rate: quick.rate, slowRate: slow.rate })
  }
}

const flowOfPath: Readonly<Record<string, Flow>> = { '/rate': quick, '/slow-rate': slow }

const control = createServer(async (incoming, response) => {
  const answer: Answer = (code, body) => {
    response.writeHead(code, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
  }
  const flow = flowOfPath[incoming.url ?? '']
  if (incoming.method === 'GET') answer(200, state())
  else if (incoming.method === 'PUT' && flow !== undefined) setRate(flow, await text(incoming), answer)
  else answer(404, { error: 'PUT /rate, PUT /slow-rate or GET /' })
})

await resolve()
control.listen(controlPort)
const timers = [setInterval(sendBatch, batchMs), setInterval(resolve, resolveMs), setInterval(report, 1_000)]

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    for (const timer of timers) clearInterval(timer)
    control.close()
    control.closeAllConnections()
    agent.destroy()
  })
}
