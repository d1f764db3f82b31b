import { describe, expect, it } from 'vitest'
import {
  all,
  type Chosen,
  interpolate,
  rateSeconds,
  stepSeconds,
  textOf,
} from '../../grafana/preview/interpolate.ts'

const several = { name: 'service', multi: true, includeAll: true, allValue: '.+' }
const single = { name: 'service', multi: false }
const hours = (count: number) => ({ fromMs: 0, toMs: count * 3_600_000 })

describe('a variable', () => {
  const rows: readonly (readonly [string, typeof several | typeof single, Chosen, string])[] = [
    ['of which all is chosen is what stands for all', several, all, '.+'],
    ['of which one is chosen is that one, its dot no wildcard', several, 'mail.worker', 'mail\\\\.worker'],
    ['of which several are chosen is one or the other', several, ['shop-api', 'a.b'], '(shop-api|a\\\\.b)'],
    ['of which several can be chosen, and one is, has no brackets', several, ['shop-api'], 'shop-api'],
    ['of a single value is that, its dot a dot', single, 'mail.worker', 'mail.worker'],
    ['of a single value stays within its quotes', single, 'a"b\\', 'a\\"b\\\\'],
  ]
  it.each(rows)('%s', (_, variable, chosen, text) => {
    expect(textOf(variable, chosen)).toBe(text)
  })
})

describe('points', () => {
  it.each([
    ['an hour on a narrow panel', hours(1), 360, 0, 10],
    ['an hour on a wide panel, where a scrape is the limit', hours(1), 1_600, 0, 5],
    ['a day', hours(24), 1_600, 0, 60],
    ['a week', hours(168), 1_600, 0, 300],
    ['a week of days', hours(168), 1_600, 86_400, 86_400],
  ])('lie as far apart as is round: %s', (_, span, points, atLeast, step) => {
    expect(stepSeconds(span, points, atLeast)).toBe(step)
  })

  it.each([
    [5, 20],
    [15, 20],
    [60, 65],
  ])('%i s apart have rates over %i s', (step, rate) => {
    expect(rateSeconds(step)).toBe(rate)
  })
})

describe('a query', () => {
  const situation = { span: hours(1), stepSeconds: 15, variables: [several], chosen: { service: 'web' } }
  const braced = `$\{service}`

  it('is sent with its windows and variables', () => {
    const query = `x{a="$service",b="${braced}"}[$__rate_interval] y[$__range] z[$__interval] $__range_s`
    expect(interpolate(query, situation)).toBe('x{a="web",b="web"}[20s] y[3600s] z[15s] 3600')
  })

  it('that names no variable there is is refused', () => {
    expect(() => interpolate('x{a="$services"}', situation)).toThrow('there is no variable services')
  })
})
