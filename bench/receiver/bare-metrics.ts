/** The yardstick of /metrics, in a process of its own: prom-client alone, printing gauges with labels of the same sort. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Gauge, Registry } from 'prom-client'
import { answerParent } from '../../test/support/asked-process.ts'
import { serviceName } from '../made-up-exporter.ts'

const registry = new Registry()
const server = createServer(async (_request, response) => {
  const body = await registry.metrics()
  response.setHeader('Content-Type', registry.contentType)
  response.end(body)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const answers = {
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  /** The number of services, and so of series of each gauge. */
  show: ({ series, services }: { series: number; services: number }) => {
    registry.clear()
    for (let shown = 0; shown < series; shown += services) {
      const gauge = new Gauge({
        name: `made_up_gauge_${shown}_replicas`,
        help: 'Replicas of a service that is made up.',
        labelNames: ['service', 'signal'],
        registers: [registry],
      })
      for (let index = 0; index < Math.min(services, series - shown); index++) {
        gauge.set({ service: serviceName(index), signal: 'requests' }, index)
      }
    }
  },
}
export type BareMetricsAnswers = typeof answers

answerParent(answers)
