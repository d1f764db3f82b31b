import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { FakeClock } from '../../test/support/fakes/fake-clock.ts'
import { CertificateWatch } from './certificate-watch.ts'
import { createLogger } from './logger.ts'
import { Metrics } from './metrics.ts'

const dayMs = 86_400_000

function aWatch() {
  const lines: { level: string; msg: string; expires?: string }[] = []
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
  const registry = new Registry()
  const clock = new FakeClock()
  const watch = new CertificateWatch(new Metrics(registry, '1.2.3'), log, clock)
  const said = () => lines.map(({ level, msg }) => `${level} ${/expires soon|has expired/.exec(msg)?.[0]}`)
  return { watch, clock, lines, said, exposed: () => registry.metrics() }
}

it.each([
  ['more than 14 days before its end', 14 * dayMs + 1, []],
  ['14 days before its end', 14 * dayMs, ['warn expires soon']],
  ['1 ms before its end', 1, ['warn expires soon']],
  ['at its end', 0, ['warn has expired']],
  ['after its end', -dayMs, ['warn has expired']],
])('a certificate %s is told of', (_, leftMs, expected) => {
  const { watch, clock, said } = aWatch()
  watch.use(clock.nowMs() + leftMs)
  expect(said()).toEqual(expected)
})

it('is told of each day, until another one is in force', async () => {
  const { watch, clock, lines, said } = aWatch()
  const expiresAtMs = clock.nowMs() + 15.5 * dayMs
  watch.use(expiresAtMs)
  await clock.advance(dayMs)
  expect(said()).toEqual([])
  await clock.advance(dayMs)
  await clock.advance(dayMs)
  expect(said()).toEqual(['warn expires soon', 'warn expires soon'])
  expect(lines[0]?.expires).toBe(new Date(expiresAtMs).toISOString())
  watch.use(clock.nowMs() + 90 * dayMs)
  await clock.advance(30 * dayMs)
  expect(said()).toHaveLength(2)
  watch.stop()
  await clock.advance(90 * dayMs)
  expect(said()).toHaveLength(2)
})

it('is a metric, which is not there without TLS', async () => {
  const { watch, clock, exposed } = aWatch()
  const sample = /^swarm_autoscaler_tls_certificate_expiry_timestamp_seconds (\S+)$/m
  expect(await exposed()).not.toMatch(sample)
  watch.use(clock.nowMs() + dayMs)
  expect(sample.exec(await exposed())?.[1]).toBe(String((clock.nowMs() + dayMs) / 1_000))
})
