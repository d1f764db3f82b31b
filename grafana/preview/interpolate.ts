/** What is chosen in a variable: one value, several, or all of them. */
export type Chosen = string | readonly string[] | typeof all

export const all: unique symbol = Symbol('All')

/** A time range, in ms since the epoch. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** A variable as far as its value in a query goes. */
export interface VariableShape {
  readonly name: string
  readonly multi?: boolean | undefined
  readonly includeAll?: boolean | undefined
  readonly allValue?: string | undefined
}

/** Between scrapes, in s: `timeInterval` of grafana/provisioning/datasources/prometheus.yaml. */
const scrapeSeconds = 5

/** Round distances of points, in s. */
const rounds = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
]
const day = 86_400

/** The distance of points that Grafana asks for, in s: about one for each pixel, and none smaller than a scrape or `atLeast`. */
export function stepSeconds({ fromMs, toMs }: Span, points: number, atLeast = 0): number {
  const exact = (toMs - fromMs) / 1_000 / points
  const upper = rounds.find((round, index) => exact < (round + (rounds[index + 1] ?? day)) / 2)
  return Math.max(upper ?? day, scrapeSeconds, atLeast)
}

/** Window of a rate: it holds four scrapes, and reaches back to the point before. */
export function rateSeconds(step: number): number {
  return Math.max(step + scrapeSeconds, 4 * scrapeSeconds)
}

/** In a regular expression within a string of PromQL. */
function escapedForRegex(value: string): string {
  return value.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&')
}

/** In a string of PromQL. */
function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"')
}

/** The text that Grafana's Prometheus data source puts in the place of a variable. */
export function textOf(variable: VariableShape, chosen: Chosen): string {
  if (chosen === all) return variable.allValue ?? '.*'
  if (typeof chosen === 'string') {
    return variable.multi || variable.includeAll ? escapedForRegex(chosen) : escaped(chosen)
  }
  const values = chosen.map(escapedForRegex)
  return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`
}

export interface Situation {
  readonly span: Span
  readonly stepSeconds: number
  readonly variables: readonly VariableShape[]
  readonly chosen: Readonly<Record<string, Chosen>>
}

/** A query as Grafana sends it. Throws where it names a variable that is not there. */
export function interpolate(expr: string, { span, stepSeconds: step, variables, chosen }: Situation): string {
  const range = Math.round((span.toMs - span.fromMs) / 1_000)
  const builtIn: Readonly<Record<string, string>> = {
    __interval: `${step}s`,
    __rate_interval: `${rateSeconds(step)}s`,
    __range: `${range}s`,
    __range_s: `${range}`,
  }
  return expr.replace(/\$(?:(\w+)|\{(\w+)\})/g, (_, bare?: string, braced?: string) => {
    const name = bare ?? braced ?? ''
    const variable = variables.find((each) => each.name === name)
    const text = variable === undefined ? builtIn[name] : textOf(variable, chosen[name] ?? all)
    if (text === undefined) throw new Error(`there is no variable ${name}: ${expr}`)
    return text
  })
}
