import { setTimeout as sleep } from 'node:timers/promises'
import { AskedProcess } from '../../test/support/asked-process.ts'
import { EngineProcess } from '../../test/support/fake-engine/engine-process.ts'
import type { BareExpressAnswers } from './bare-express.ts'
import { madeUpServices } from './made-up.ts'
import { atMost, inMb, type Measurement, type Row, type Say } from './measurement.ts'
import { cpuSecondsOf, memoryOf, RunningReceiver } from './running-receiver.ts'

const sizes = [10, 100, 1_000] as const
/** What a start does, and what the first resyncs do that the later ones need not. */
const settlingMs = 20_000
/** Four resyncs. */
const measuredMs = 60_000
/** As the shipped Prometheus scrapes. */
const scrapeEveryMs = 5_000

/** What a process used meanwhile. */
interface Used {
  /** Share of a core, in percent. */
  readonly cpu: number
  /** Most memory that it held at once, in bytes. */
  readonly memory: number
}

/** What the receiver costs while nothing happens: memory and CPU, with its resync every 15 s, with and without scrapes. */
export const footprint: Measurement = {
  name: 'footprint',
  run: async (say) => {
    const bare = await AskedProcess.start<BareExpressAnswers>(new URL('bare-express.ts', import.meta.url))
    try {
      // All at once: each is measured by its own time, and hardly does anything.
      const measured = await Promise.all([
        watch(bare.pid, measuredMs),
        ...sizes.map((services) => measure(services, say)),
      ])
      const [yardstick, ...own] = measured as [Used, ...Measured[]]
      return sizes.flatMap((services, index) => rowsOf(services, own[index] as Measured, yardstick))
    } finally {
      await bare.stop()
    }
  },
}

interface Measured {
  readonly idle: Used
  readonly scraped: Used
}

async function measure(services: number, say: Say): Promise<Measured> {
  const engine = await EngineProcess.start(madeUpServices(services))
  const receiver = await RunningReceiver.start({ dockerHost: engine.dockerHost })
  try {
    await receiver.knows(services)
    await sleep(settlingMs)
    const idle = await watch(receiver.pid, measuredMs)
    say(`${services} services: ${percent(idle.cpu)} of a core, ${inMb(idle.memory)}`)
    const scrapes = setInterval(() => void receiver.scrape(), scrapeEveryMs)
    const scraped = await watch(receiver.pid, measuredMs)
    clearInterval(scrapes)
    say(`${services} services, scraped: ${percent(scraped.cpu)} of a core, ${inMb(scraped.memory)}`)
    return { idle, scraped }
  } finally {
    await receiver.stop()
    await engine.stop()
  }
}

/** Watches a process for this time. */
async function watch(pid: number, ms: number): Promise<Used> {
  const [startedMs, before] = [performance.now(), cpuSecondsOf(pid)]
  let memory = 0
  while (performance.now() - startedMs < ms) {
    await sleep(500)
    memory = Math.max(memory, memoryOf(pid))
  }
  const seconds = (performance.now() - startedMs) / 1_000
  return { cpu: (100 * (cpuSecondsOf(pid) - before)) / seconds, memory }
}

function rowsOf(services: number, { idle, scraped }: Measured, bare: Used): readonly Row[] {
  const cpu = (what: string, used: Used): Row => ({
    what: `CPU, ${services} services, ${what}`,
    own: percent(used.cpu),
    yardstick: 'a whole core',
    ratio: used.cpu / 100,
    goal: atMost(2, used.cpu, ' %'),
  })
  const memory = Math.max(idle.memory, scraped.memory)
  return [
    {
      what: `memory, ${services} services`,
      own: inMb(memory),
      yardstick: `bare Express ${inMb(bare.memory)}`,
      ratio: memory / bare.memory,
      goal: atMost(120, memory / 1e6, ' MB'),
    },
    cpu('nothing scraped', idle),
    cpu('/metrics every 5 s', scraped),
  ]
}

const percent = (value: number) => `${value.toFixed(2)} %`
