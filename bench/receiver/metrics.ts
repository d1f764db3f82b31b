import { AskedProcess } from '../../test/support/asked-process.ts'
import { EngineProcess } from '../../test/support/fake-engine/engine-process.ts'
import type { BareMetricsAnswers } from './bare-metrics.ts'
import { madeUpServices } from './made-up.ts'
import { atMost, inMb, inMs, type Measurement, type Row, type Say } from './measurement.ts'
import { byTurns, compare } from './rounds.ts'
import { RunningReceiver } from './running-receiver.ts'

const sizes = [10, 1_000] as const
const rounds = 30

interface Scrape {
  readonly ms: number
  readonly bytes: number
  readonly series: number
}

/** How long a scrape takes, and what it weighs, against prom-client alone with as many series. */
export const metrics: Measurement = {
  name: 'metrics',
  run: async (say) => {
    const rows: Row[] = []
    for (const services of sizes) rows.push(await measure(services, say))
    return rows
  },
}

async function measure(services: number, say: Say): Promise<Row> {
  const engine = await EngineProcess.start(madeUpServices(services))
  const receiver = await RunningReceiver.start({ dockerHost: engine.dockerHost })
  const bare = await AskedProcess.start<BareMetricsAnswers>(new URL('bare-metrics.ts', import.meta.url))
  try {
    await receiver.knows(services)
    const { series } = await scrape(receiver.url)
    await bare.ask('show', { series, services })
    const bareUrl = await bare.ask('url')
    const measured = await byTurns(
      rounds,
      () => scrape(receiver.url),
      () => scrape(bareUrl),
    )
    const time = compare(measured, ({ ms }) => ms)
    const bytes = compare(measured, (one) => one.bytes)
    say(`${services} services: ${series} series in ${inMs(time.own)}, ${inMb(bytes.own)}`)
    return {
      what: `GET /metrics, ${services} services, ${series} series`,
      own: `${inMs(time.own)}, ${inMb(bytes.own)}`,
      yardstick: `prom-client ${inMs(time.yardstick)}, ${inMb(bytes.yardstick)}`,
      ratio: time.ratio,
      ...(services === 1_000 ? { goal: atMost(1.5, time.ratio) } : {}),
    }
  } finally {
    await Promise.all([bare.stop(), receiver.stop()])
    await engine.stop()
  }
}

async function scrape(url: string): Promise<Scrape> {
  const startedMs = performance.now()
  const body = await (await fetch(`${url}/metrics`)).text()
  const ms = performance.now() - startedMs
  const series = body.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
  return { ms, bytes: Buffer.byteLength(body), series }
}
