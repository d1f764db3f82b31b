import { z } from 'zod'
import { parseDurationMs } from '../../domain/duration.ts'
import { makeMatcher, parseMatchers } from './matcher.ts'

/** A key without a value counts as absent. */
const given = <T>(schema: z.ZodType<T>) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const duration = (leastMs: number) =>
  z.string().transform((text, context): number => {
    const ms = parseDurationMs(text)
    if (ms === undefined || ms < leastMs) {
      context.addIssue(
        `is ${JSON.stringify(text)}, not a duration such as 30s${leastMs > 0 ? ' above 0' : ''}`,
      )
      return z.NEVER
    }
    return ms
  })

/** The boolean words of YAML 1.1, which Alertmanager accepts. */
const boolean = z.string().transform((text, context): boolean => {
  if (/^(?:true|yes|on|y)$/i.test(text)) return true
  if (/^(?:false|no|off|n)$/i.test(text)) return false
  context.addIssue(`is ${JSON.stringify(text)}, neither true nor false`)
  return z.NEVER
})

/** Runs a reader, and turns what it throws into an issue of this value. */
function reading<I, O>(read: (value: I) => O) {
  return (value: I, context: { addIssue: (message: string) => void }): O => {
    try {
      return read(value)
    } catch (error) {
      context.addIssue(`cannot be read: ${(error as Error).message}`)
      return z.NEVER
    }
  }
}

const matcherMap = (operator: '=' | '=~') =>
  z
    .record(z.string(), z.string())
    .transform(
      reading((map) => Object.entries(map).map(([label, value]) => makeMatcher(label, operator, value))),
    )

const RouteNode = z.object({
  receiver: given(z.string()),
  group_by: given(z.array(z.string())),
  group_wait: given(duration(0)),
  group_interval: given(duration(1)),
  repeat_interval: given(duration(1)),
  continue: given(boolean),
  matchers: given(z.array(z.string().transform(reading(parseMatchers)))),
  match: given(matcherMap('=')),
  match_re: given(matcherMap('=~')),
  get routes() {
    return given(z.array(RouteNode))
  },
})
/** A route as written, without what it inherits. */
export type RouteNode = z.infer<typeof RouteNode>

const Webhook = z.object({
  url: given(z.string()),
  send_resolved: given(boolean),
  max_alerts: given(z.string().regex(/^\d+$/, 'must be a whole number >= 0').transform(Number)),
})

/** The parts of Alertmanager's configuration that decide where a scaling alert goes, and when. */
export const AlertmanagerConfig = z.object({
  route: RouteNode.refine(({ receiver }) => receiver !== undefined, 'names no receiver'),
  receivers: z.array(z.object({ name: z.string(), webhook_configs: given(z.array(Webhook)) })),
})
export type AlertmanagerConfig = z.infer<typeof AlertmanagerConfig>
