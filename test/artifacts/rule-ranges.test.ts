import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { RULE_FILES, readRuleFile } from './shipped-files.ts'

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `1h30m` in seconds. */
function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([smhd])/g)]
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS],
    0,
  )
}

/** Every series with a range in `expr`: its name and the range in seconds. */
function rangesIn(expr: string): readonly { readonly name: string; readonly seconds: number }[] {
  const matches = expr.matchAll(/([a-zA-Z_:][\w:]*)(?:\{[^}]*\})?\[([\dsmhd]+)\]/g)
  return [...matches].map(([, name = '', range = '']) => ({ name, seconds: secondsOf(range) }))
}

/** Ranges over what the same group records, whose samples lie exactly as far apart as its evaluations. */
function rangesOverOwnSeries(file: string) {
  return readRuleFile(file).flatMap(({ interval, rules }) => {
    const recorded = new Set(rules.map(({ record }) => record))
    const ranges = rules.flatMap(({ expr }) => rangesIn(expr))
    return ranges.filter(({ name }) => recorded.has(name)).map((range) => ({ ...range, interval }))
  })
}

it.each(RULE_FILES.map((file) => [basename(file), file] as const))(
  'no range of %s begins at a sample that the rules record, which Prometheus 2 counts and Prometheus 3 does not',
  (_, file) => {
    const ranges = rangesOverOwnSeries(file)
    expect(ranges.filter(({ seconds, interval }) => seconds % interval === 0)).toEqual([])
  },
)

it('there are such ranges', () => {
  const ranges = RULE_FILES.flatMap(rangesOverOwnSeries)
  expect(ranges.length).toBeGreaterThan(20)
})
