import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { ForecastLookAheadMs } from '../../src/domain/forecast.ts'
import { ForecastModel, type ForecastResult } from '../../src/simulator/forecast/forecast-model.ts'
import { normalFrom, randomFrom } from '../../src/simulator/load/random.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { FORECAST_RULES } from './shipped-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-forecast-model-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hour = 60
const day = 24 * hour
const minutes = 42 * hour
/** Minutes between two that are compared: no divisor of anything that the rules count by. */
const stride = 7

/** Replicas needed in each minute: a day, a second one that is unlike it for five hours, noise, and gaps on both days. */
function needs(): readonly (number | undefined)[] {
  const normal = normalFrom(randomFrom(7))
  return Array.from({ length: minutes }, (_, minute) => {
    const isGap = [12 * hour, 33 * hour].some((begin) => minute >= begin && minute < begin + 40)
    const isUnlike = minute >= 26 * hour && minute < 31 * hour
    const needed = 5 - 3 * Math.cos((2 * Math.PI * minute) / day) + 0.4 * normal()
    const factor = isUnlike ? 0.3 : minute < day ? 1 : 1.2
    return isGap ? undefined : Math.round(1_000 * factor * Math.max(0, needed)) / 1_000
  })
}

/** What the model finds in the minutes that are compared. */
function found(
  needed: readonly (number | undefined)[],
  lookAheadMs: ForecastLookAheadMs,
): readonly { readonly minute: number; readonly is: ForecastResult }[] {
  const model = new ForecastModel({ period: 'daily', lookAheadMs, isForecastOnly: false })
  return needed
    .map((value, minute) => ({ minute, is: model.evaluate(value) }))
    .filter(({ minute }) => minute > day && minute % stride === 0)
}

/** Asks for a sample of this value, but for what floating point leaves open; of none where it is absent. */
function expectValue(name: string, minute: number, value: number | undefined): object {
  const series = `swarm_autoscaler:${name}`
  const [expr, exp_samples] =
    value === undefined ? [series, []] : [`abs(${series} - ${value}) < bool 1e-9`, [{ value: 1 }]]
  const labels = name.includes('signal') ? '{service="web",signal="forecast"}' : '{service="web"}'
  return { expr, eval_time: `${minute}m`, exp_samples: exp_samples.map((sample) => ({ labels, ...sample })) }
}

await describeWithTools('the model of the forecast', ({ promtool }) => {
  it.each([300_000, 600_000, 3_600_000] as const)(
    'finds what the shipped rules find, looking ahead %i ms',
    async (lookAheadMs) => {
      const needed = needs()
      const compared = found(needed, lookAheadMs)
      // All that can be is there: without it, and off, and on again.
      expect(compared.some(({ is }) => is.replicas === undefined)).toBe(true)
      expect(compared.some(({ is }) => is.isSwitchedOff)).toBe(true)
      expect(compared.at(-1)?.is).toMatchObject({ isSwitchedOff: false, signal: expect.any(Number) })
      const policy = 'service="web",period="daily",mode="act"'
      const series = {
        [`swarm_autoscaler_service_forecast_look_ahead_seconds{${policy}}`]: `${lookAheadMs / 1_000}x${minutes}`,
        'swarm_autoscaler:replicas_needed:by_signal{service="web",signal="requests"}': valuesOf(needed),
      }
      const tests = {
        rule_files: [FORECAST_RULES],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
            promql_expr_test: compared.flatMap(({ minute, is }) => [
              expectValue('forecast_replicas', minute, is.replicas),
              expectValue('forecast_error_ratio', minute, is.errorRatio),
              expectValue('forecast_switched_off', minute, is.isSwitchedOff ? 1 : undefined),
              expectValue('replicas_needed{signal="forecast"}', minute, is.signal),
            ]),
          },
        ],
      }
      const file = join(folder, `${lookAheadMs}.yml`)
      writeFileSync(file, stringify(tests))
      const { exitCode, output } = await runTool(promtool, ['test', 'rules', file])
      expect(exitCode, output.slice(0, 3_000)).toBe(0)
    },
  )
})

/** Where nothing was measured the series has ended: without the mark of its end Prometheus would look back five minutes. */
function valuesOf(needed: readonly (number | undefined)[]): string {
  return needed.map((value) => value ?? 'stale').join(' ')
}
