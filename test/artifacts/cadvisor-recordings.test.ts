import { afterAll, beforeAll, expect, it } from 'vitest'
import { readRecordings } from '../support/cadvisor/recordings.ts'
import { type ScrapedRecordings, scrapeRecordings, targets } from '../support/cadvisor/scraped-recordings.ts'
import type { RecordedService } from '../support/cadvisor/truth.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { SCALING_RULES } from './shipped-files.ts'

const measurements = {
  cpu: 'swarm_autoscaler:replica_cpu_cores',
  memory: 'swarm_autoscaler:replica_memory_bytes',
  network: 'swarm_autoscaler:replica_network_bytes_per_second',
} as const
type Signal = keyof typeof measurements
const signals = Object.keys(measurements) as Signal[]

/** What a replica of the service can bear, in the unit of the measurement. */
function capacity({ cpuLimitCores, memoryLimitBytes = Number.NaN }: RecordedService, signal: Signal): number {
  const limits = { cpu: cpuLimitCores, memory: memoryLimitBytes, network: 1 }
  return targets[signal] * limits[signal]
}

await describeWithTools('a real Prometheus that scrapes what the real cAdvisor has printed', () => {
  let scraped: ScrapedRecordings
  beforeAll(async () => {
    scraped = await scrapeRecordings(readRecordings(), SCALING_RULES)
  }, 180_000)
  afterAll(async () => {
    await scraped.close()
  })

  it('finds every service of the stack that ran', () => {
    const names = scraped.services.map(({ name }) => name.replace('autoscaler_', ''))
    const parts = 'alertmanager cadvisor discovery-proxy load prometheus receiver socket-proxy web'
    expect(names.toSorted()).toEqual(parts.split(' '))
  })

  it.each(signals)(
    'gives the rules the %s of every replica, as recorded',
    async (signal) => {
      const found = await scraped.found(measurements[signal])
      const faults = found.filter(({ service, atMs, labels, value }) => {
        const use = service.use[signal](atMs).get(labels['replica'] ?? '')
        if (use === undefined) return true
        const tolerance = 1e-9 * use.value
        return value > use.value + tolerance || (use.isWhole && value < use.value - tolerance)
      })
      expect(faults).toEqual([])
    },
    90_000,
  )

  it.each(signals)(
    'loses no replica of any service, and finds none twice, by its %s',
    async (signal) => {
      const found = await scraped.found(measurements[signal])
      for (const [moment, together] of Map.groupBy(found, ({ service, atMs }) => `${service.name} ${atMs}`)) {
        const [first] = together
        const recorded = first?.service.use[signal](first.atMs).keys() ?? []
        const replicas = together.map(({ labels }) => labels['replica'])
        expect(replicas.toSorted(), moment).toEqual([...recorded].toSorted())
      }
      const names = new Set(found.map(({ service }) => service.name))
      const targeted = scraped.services.filter((service) => !Number.isNaN(capacity(service, signal)))
      expect([...names].toSorted()).toEqual(targeted.map(({ name }) => name).toSorted())
    },
    90_000,
  )

  it.each(signals)(
    'makes of the %s the replicas that bring it to its target',
    async (signal) => {
      const found = await scraped.found(`swarm_autoscaler:replicas_needed{signal="${signal}"}`)
      const compared = found.flatMap(({ service, atMs, value }) => {
        const uses = [...service.use[signal](atMs).values()]
        if (!uses.every(({ isWhole }) => isWhole)) return []
        const used = uses.reduce((sum, use) => sum + use.value, 0)
        return [{ service: service.name, atMs, value, expected: used / capacity(service, signal) }]
      })
      expect(compared.length).toBeGreaterThan(found.length / 4)
      const faults = compared.filter(({ value, expected }) => Math.abs(value - expected) > 1e-9 * expected)
      expect(faults).toEqual([])
    },
    90_000,
  )
})
