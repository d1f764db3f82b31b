import { AskedProcess } from '../../test/support/asked-process.ts'
import { EngineProcess } from '../../test/support/fake-engine/engine-process.ts'
import { serviceName } from '../made-up-exporter.ts'
import type { BareExpressAnswers } from './bare-express.ts'
import type { Load, LoadAnswers } from './load.ts'
import { aMessage, anAlert, madeUpServices, wantedReplicas } from './made-up.ts'
import { atLeast, inMs, type Measurement, perSecond, type Row, type Say } from './measurement.ts'
import { byTurns, compare } from './rounds.ts'
import { cpuSecondsOf, RunningReceiver } from './running-receiver.ts'

const services = 100
const connections = 10
const rounds = 5
const seconds = 4

/** Posts of one sort. */
interface Posts {
  readonly what: string
  readonly bodies: readonly string[]
}

/** Need that moves from post to post, and always comes to the replicas that are there. */
const need = (post: number) => wantedReplicas - 0.05 * (post % 19)

function aPost(alerts: number, post: number): string {
  const named = Array.from({ length: alerts }, (_, index) => serviceName((post + index) % services))
  return JSON.stringify(aMessage(named.map((name) => anAlert(name, need(post)))))
}

const posts: readonly Posts[] = [
  { what: '1 alert', bodies: Array.from({ length: services }, (_, post) => aPost(1, post)) },
  { what: '20 alerts', bodies: Array.from({ length: services }, (_, post) => aPost(20, post)) },
  { what: '1 alert, the same delivery again', bodies: [aPost(1, 0)] },
]

/** How fast posts are answered that change nothing, against an Express route that parses as much and answers as much. */
export const webhook: Measurement = {
  name: 'webhook',
  run: async (say) => {
    const engine = await EngineProcess.start(madeUpServices(services))
    const receiver = await RunningReceiver.start({ dockerHost: engine.dockerHost })
    const bare = await AskedProcess.start<BareExpressAnswers>(new URL('bare-express.ts', import.meta.url))
    const load = await AskedProcess.start<LoadAnswers>(new URL('load.ts', import.meta.url))
    try {
      await receiver.knows(services)
      const rows: Row[] = []
      for (const one of posts) rows.push(...(await measure(one, receiver, bare, load, say)))
      return rows
    } finally {
      await Promise.all([load.stop(), bare.stop(), receiver.stop()])
      await engine.stop()
    }
  },
}

async function measure(
  { what, bodies }: Posts,
  receiver: RunningReceiver,
  bare: AskedProcess<BareExpressAnswers>,
  load: AskedProcess<LoadAnswers>,
  say: Say,
): Promise<readonly Row[]> {
  await bare.ask('answerWith', { results: await receiver.post(JSON.parse(bodies[0] ?? '')) })
  const bareUrl = await bare.ask('url')
  const run = async (target: string, pid: number, name: string) => {
    const order: Load = { url: target, bodies, connections, seconds }
    const cpuBefore = cpuSecondsOf(pid)
    const loaded = await load.ask('run', order)
    const cpuMs = (1_000 * (cpuSecondsOf(pid) - cpuBefore)) / loaded.posts
    if (loaded.bad > 0) throw new Error(`${loaded.bad} posts to ${name} were not answered with 200`)
    say(`${what}: ${name} answers ${perSecond(loaded.perSecond)}, p99 ${inMs(loaded.p99Ms)}`)
    return { ...loaded, cpuMs }
  }
  const measured = await byTurns(
    rounds,
    () => run(receiver.url, receiver.pid, 'the receiver'),
    () => run(bareUrl, bare.pid, 'bare Express'),
  )
  const speed = compare(measured, (loaded) => loaded.perSecond)
  const cpu = compare(measured, ({ cpuMs }) => cpuMs)
  const p99 = compare(measured, (loaded) => loaded.p99Ms)
  return [
    {
      what: `posts that change nothing, ${what}`,
      own: perSecond(speed.own),
      yardstick: `bare Express ${perSecond(speed.yardstick)}`,
      ratio: speed.ratio,
      goal: atLeast(0.6, speed.ratio),
    },
    {
      what: `their p99, ${connections} at once`,
      own: inMs(p99.own),
      yardstick: `bare Express ${inMs(p99.yardstick)}`,
      ratio: p99.ratio,
    },
    {
      what: 'their CPU time each',
      own: inMs(cpu.own),
      yardstick: `bare Express ${inMs(cpu.yardstick)}`,
      ratio: cpu.ratio,
    },
  ]
}
