/**
 * What becomes of the receiver where far more is posted than a slow engine can do: a thousand posts a second for a minute, each with
 * a newer number, while each call of Docker takes 300 ms and none is answered for 10 s in the midst. Ends with status 1 where the newest number of
 * any service was lost, memory went over its bound, or posts are not answered with 200 again. README.md explains the output.
 */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { AskedProcess } from '../test/support/asked-process.ts'
import { EngineProcess } from '../test/support/fake-engine/engine-process.ts'
import { serviceName } from './made-up-exporter.ts'
import { aMessage, anAlert, madeUpServices, wantedReplicas } from './receiver/made-up.ts'
import { inMb, inMs } from './receiver/measurement.ts'
import type { Posted, Schedule, ScheduleAnswers } from './receiver/posts-on-schedule.ts'
import { percentile } from './receiver/rounds.ts'
import { memoryOf, RunningReceiver } from './receiver/running-receiver.ts'
import { table } from './table.ts'

const services = 500
const perSecond = 1_000
const seconds = 60
const callMs = 300
const hangMs = 10_000
const mostBytes = 256e6
/** All that is due has been done by then, after the last post. */
const dueWithinMs = 90_000
/** Posts are answered with 200 again by then. */
const recoveredWithinMs = 30_000
/** Seconds between two rows of the table. */
const stepSeconds = 5

/** No rule of the policy delays a change. */
const atOnce = {
  min: '1',
  'up.cooldown': '0s',
  'down.cooldown': '0s',
  'down.stabilization': '0s',
  'down.max-step': '100%',
}

/** What was seen of the receiver from outside. */
interface Seen {
  /** In bytes, each second. */
  readonly memory: readonly number[]
  readonly posted: Posted
  /** How long after the last post the first one was answered with 200, and every service was as asked last, in ms. Absent: never. */
  readonly recoveredMs?: number
  readonly reachedMs?: number
  /** The services that are not as asked last. */
  readonly wrong: readonly string[]
}

async function overload(receiver: RunningReceiver, engine: EngineProcess): Promise<Seen> {
  const sender = await AskedProcess.start<ScheduleAnswers>(
    new URL('receiver/posts-on-schedule.ts', import.meta.url),
  )
  const memory: number[] = []
  const watching = setInterval(() => memory.push(memoryOf(receiver.pid)), 1_000)
  try {
    await engine.ask('delay', callMs)
    setTimeout(() => void engine.ask('hang', hangMs), 500 * seconds)
    const schedule: Schedule = { url: receiver.url, perSecond, seconds, services, replicas: [2, 20] }
    const posting = sender.ask('run', schedule)
    await sleep(1_000 * seconds)
    const endedMs = performance.now()
    const recovered = untilAnswered(receiver.url, endedMs)
    const posted = await posting
    const reached = await untilReached(engine, posted.newest, endedMs)
    return { memory, posted, ...(await recovered), ...reached }
  } finally {
    clearInterval(watching)
    await sender.stop()
  }
}

/** Posts about a service of which nobody else does, until that is answered with 200. */
async function untilAnswered(url: string, endedMs: number): Promise<{ recoveredMs?: number }> {
  const body = JSON.stringify(aMessage([anAlert(serviceName(services), wantedReplicas)]))
  const headers = { 'Content-Type': 'application/json' }
  while (performance.now() - endedMs < recoveredWithinMs) {
    const answered = await fetch(`${url}/webhook`, { method: 'POST', headers, body })
    await answered.text()
    if (answered.status === 200) return { recoveredMs: performance.now() - endedMs }
    await sleep(100)
  }
  return {}
}

async function untilReached(
  engine: EngineProcess,
  newest: ReadonlyMap<string, number>,
  endedMs: number,
): Promise<Pick<Seen, 'reachedMs' | 'wrong'>> {
  for (;;) {
    const replicas = await engine.ask('replicas')
    const wrong = [...newest].filter(([name, wanted]) => replicas.get(name) !== wanted).map(([name]) => name)
    const sinceMs = performance.now() - endedMs
    if (wrong.length === 0) return { reachedMs: sinceMs, wrong }
    if (sinceMs > dueWithinMs) return { wrong }
    await sleep(200)
  }
}

function printTimes({ posted, memory }: Seen): void {
  const { cameAt, bySecond } = posted
  const statuses = [...cameAt.keys()].toSorted()
  const rows = Array.from({ length: Math.ceil(memory.length / stepSeconds) }, (_, step) => {
    const [from, to] = [step * stepSeconds, (step + 1) * stepSeconds]
    const came = statuses.map((status) => cameAt.get(status)?.filter((at) => at >= from && at < to).length)
    const open = bySecond[to - 1]?.open ?? 0
    return [`${to} s`, ...came.map(String), `${open}`, inMb(Math.max(...memory.slice(from, to)))]
  })
  console.log(
    `\n${table([['until', ...statuses.map((status) => `answered ${status}`), 'open', 'memory'], ...rows])}`,
  )
}

function printAnswers({ answered, mostOpen, again }: Posted): void {
  const rows = [...answered].map(([status, times]) => [
    `${status}`,
    `${times.length}`,
    ...[0.5, 0.99, 1].map((share) => inMs(percentile(times, share))),
  ])
  console.log(`\n${table([['answer', 'posts', 'p50', 'p99', 'longest'], ...rows])}`)
  console.log(
    `\nMost posts open at once: ${mostOpen}. Newest ones without an answer, posted again: ${again}.`,
  )
}

/** What is not as it should be. */
function faultsOf({ memory, recoveredMs, reachedMs, wrong }: Seen): readonly string[] {
  const most = Math.max(...memory)
  return [
    ...(most > mostBytes ? [`memory went to ${inMb(most)}, above ${inMb(mostBytes)}`] : []),
    ...(recoveredMs === undefined ? [`no post was answered with 200 within ${inMs(recoveredWithinMs)}`] : []),
    ...(reachedMs === undefined
      ? [`${wrong.length} services have not the newest number that was posted, such as ${wrong[0]}`]
      : []),
  ]
}

console.log(
  `${perSecond} posts/s for ${seconds} s about ${services} services; a call takes ${callMs} ms, and hangs for ${hangMs / 1_000} s in the midst; load average ${loadavg()[0]?.toFixed(1)}`,
)
const engine = await EngineProcess.start(madeUpServices(services + 1, atOnce))
// The shipped stack gives it 256 MB: V8 needs the limit here, which it learns from the container there.
const receiver = await RunningReceiver.start({
  dockerHost: engine.dockerHost,
  settings: { MALLOC_ARENA_MAX: '1' },
  execArgv: ['--max-semi-space-size=1', '--max-old-space-size=128'],
})
try {
  await receiver.knows(services + 1)
  const seen = await overload(receiver, engine)
  printTimes(seen)
  printAnswers(seen.posted)
  const { recoveredMs = Number.NaN, reachedMs = Number.NaN, memory } = seen
  console.log(
    `200 again ${inMs(recoveredMs)} after the last post; every service as asked last ${inMs(reachedMs)} after it.`,
  )
  console.log(`Most memory: ${inMb(Math.max(...memory))}.`)
  const calls = Object.entries(await engine.ask('calls'))
  console.log(`Calls of Docker: ${calls.map(([operation, count]) => `${operation} ${count}`).join(', ')}.`)
  const faults = faultsOf(seen)
  for (const fault of faults) console.error(`FAULT: ${fault}`)
  process.exitCode = faults.length > 0 ? 1 : 0
} finally {
  await receiver.stop()
  await engine.stop()
}
