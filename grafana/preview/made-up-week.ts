import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningPrometheus } from '../../test/support/tools/running-prometheus.ts'
import type { Span } from './interpolate.ts'
import { type Batch, remoteWrite } from './remote-write.ts'
import { serveData } from './serve-data.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** It ends in the afternoon of a Thursday. */
const toMs = Date.parse('2026-01-15T16:00:00Z')
const week: Span = { fromMs: toMs - 7 * dayMs, toMs }

type ReplicasAt = (hour: number, day: number, minute: number) => number

/** Up in the day and down in the night; less on the two days that are a weekend. */
const daily =
  (night: number, noon: number): ReplicasAt =>
  (hour, day, minute) => {
    const height = Math.max(0, Math.sin(((hour + minute / 60 - 6) / 16) * Math.PI))
    const isWeekend = day === 6 || day === 0
    return Math.round(night + (noon - night) * height * (isWeekend ? 0.5 : 1))
  }

const services: Readonly<Record<string, { readonly price?: number; readonly replicas: ReplicasAt }>> = {
  shop_web: {
    price: 0.05,
    replicas: (hour, day, minute) => (day === 2 && hour === 20 ? 14 : daily(2, 10)(hour, day, minute)),
  },
  'shop-api': { price: 0.08, replicas: daily(2, 6) },
  shop_worker: { price: 0.02, replicas: (hour) => (hour >= 1 && hour < 5 ? 8 : 0) },
  shop_search: { price: 0.11, replicas: () => 3 },
  shop_mailer: { replicas: () => 1 },
}

/** A week as a receiver and the rules would have told it, of services that are made up: a demo does not last as long. */
export async function openMadeUpWeek(): Promise<RunningPrometheus & { readonly span: Span }> {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-week-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const { url, close } = await serveData(folder, ['--web.enable-remote-write-receiver'])
    const served = { url, span: week, close: () => close().finally(remove) }
    for (let fromMs = week.fromMs; fromMs < week.toMs; fromMs += dayMs / 8) {
      await remoteWrite(
        url,
        Object.keys(services).flatMap((service) => told(service, fromMs, fromMs + dayMs / 8)),
      )
    }
    return served
  } catch (error) {
    remove()
    throw error
  }
}

function told(service: string, fromMs: number, untilMs: number): readonly Batch[] {
  const { price, replicas } = services[service] ?? { replicas: () => 0 }
  const at = (ms: number) => {
    const date = new Date(ms)
    return replicas(date.getUTCHours(), date.getUTCDay(), date.getUTCMinutes())
  }
  const times = Array.from({ length: (untilMs - fromMs) / minuteMs }, (_, index) => fromMs + index * minuteMs)
  const batch = (
    name: string,
    valueAt: (ms: number) => number,
    receiver: Readonly<Record<string, string>> = {},
  ): Batch => ({
    labels: { __name__: name, service, ...receiver },
    samples: times.map((ms) => [ms, valueAt(ms)] as const),
  })
  const receiver = { job: 'swarm-autoscaler', instance: '10.0.1.5:9095' }
  return [
    batch('swarm_autoscaler_service_running_replicas', at, receiver),
    batch('swarm_autoscaler_service_desired_replicas', at, receiver),
    batch('swarm_autoscaler:replica_seconds:increase1m', (ms) => 60 * at(ms)),
    batch('swarm_autoscaler:running_replicas:max1m', at),
    ...(price === undefined
      ? []
      : [
          batch('swarm_autoscaler_service_cost_per_hour', () => price, receiver),
          batch('swarm_autoscaler:cost:increase1m', (ms) => (at(ms) * price) / 60),
        ]),
  ]
}
