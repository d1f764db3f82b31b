import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineProcess } from '../../test/support/fake-engine/engine-process.ts'
import { madeUpServices } from './made-up.ts'
import { inMs, type Measurement, type Row } from './measurement.ts'
import { byTurns, compare } from './rounds.ts'
import { RunningReceiver } from './running-receiver.ts'

const rounds = 7

/** The measured times, in ms since the start of the process. */
interface Start {
  readonly readyMs: number
  /** Absent for what decides nothing. */
  readonly decidedMs?: number
}

/** How long it takes from the start of the process until it is ready, and until a service below its minimum is scaled. */
export const startup: Measurement = {
  name: 'startup',
  run: async (say) => {
    const measured = await byTurns(rounds, startReceiver, startNode)
    const ready = compare(measured, ({ readyMs }) => readyMs)
    const decided = compare(measured, ({ readyMs, decidedMs = readyMs }) => decidedMs)
    say(`ready after ${inMs(ready.own)}, first change after ${inMs(decided.own)}`)
    const row = (what: string, { own, yardstick, ratio }: typeof ready): Row => ({
      what,
      own: inMs(own),
      yardstick: `node -e 0 ${inMs(yardstick)}`,
      ratio,
    })
    return [row('from start to ready', ready), row('from start to the first change made', decided)]
  },
}

async function startReceiver(): Promise<Start> {
  const [made] = madeUpServices(1, { min: '5' })
  if (made === undefined) throw new Error('no service was made up')
  const engine = await EngineProcess.start([made])
  try {
    const startedMs = performance.now()
    const starting = RunningReceiver.start({ dockerHost: engine.dockerHost })
    while ((await engine.ask('replicas')).get(made.name) === made.replicas) await sleep(2)
    const decidedMs = performance.now() - startedMs
    const receiver = await starting
    await receiver.stop()
    return { readyMs: receiver.readyMs, decidedMs }
  } finally {
    await engine.stop()
  }
}

async function startNode(): Promise<Start> {
  const startedMs = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore', env: {} }), 'exit')
  return { readyMs: performance.now() - startedMs }
}
