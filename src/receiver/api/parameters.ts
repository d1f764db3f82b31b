import { z } from 'zod'
import { parseDurationMs } from '../../domain/duration.ts'
import { type EventKind, eventKinds } from '../../domain/event.ts'
import { isTimezone } from '../../domain/schedule.ts'

/** A moment as the caller wrote it: a time, or a duration before now. */
export type Moment =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'ago'; readonly ms: number }

/** In ms since the epoch; never before it. */
export function momentMs(moment: Moment, nowMs: number): number {
  return Math.max(0, moment.kind === 'at' ? moment.atMs : nowMs - moment.ms)
}

const rfc3339 = z.iso.datetime({ offset: true })

/** A plus sign of an offset that was not written as %2B arrives as a space. */
function parseMoment(text: string): Moment | undefined {
  const ms = parseDurationMs(text)
  if (ms !== undefined) return { kind: 'ago', ms }
  const time = rfc3339.safeParse(text.replace(/ (\d\d:\d\d)$/, '+$1'))
  return time.success ? { kind: 'at', atMs: Date.parse(time.data) } : undefined
}

/** A parameter that `parse` reads; `undefined` is a fault. `meta` goes into the API's description. */
function parsed<T>(parse: (text: string) => T | undefined, message: string, meta: object = {}) {
  return z
    .string()
    .transform((text, context): T => {
      const value = parse(text)
      if (value !== undefined) return value
      context.addIssue(message)
      return z.NEVER
    })
    .meta({ type: 'string', ...meta })
}

const moment = (description: string) =>
  parsed(
    parseMoment,
    'must be an RFC 3339 time such as 2026-01-31T08:00:00Z, or a duration before now such as 24h',
    { examples: ['2026-01-31T08:00:00Z', '24h'] },
  )
    .optional()
    .describe(
      `${description} An RFC 3339 time with any offset, or a duration before now as in Prometheus (\`24h\`).`,
    )

const numberBetween = (least: number, most: number, isWhole: boolean) =>
  parsed(
    (text) => {
      const value = (isWhole ? /^\d{1,9}$/ : /^\d{1,9}(?:\.\d{1,9})?$/).test(text) ? Number(text) : Number.NaN
      return value >= least && value <= most ? value : undefined
    },
    `must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`,
    { type: isWhole ? 'integer' : 'number', minimum: least, maximum: most },
  )

const service = parsed(
  (text) => (/^[^\p{Cc}]{1,255}$/u.test(text) ? text : undefined),
  'must be a service name of 1 to 255 characters without control characters',
  { minLength: 1, maxLength: 255 },
)
  .optional()
  .describe('Only this service: its exact name, or its exact ID.')

const kinds = parsed(
  (text): readonly EventKind[] | undefined => {
    const asked = text.split(',').map((part) => eventKinds.find((kind) => kind === part))
    return asked.every((kind) => kind !== undefined) ? [...new Set(asked)] : undefined
  },
  `must be one or more of ${eventKinds.join(', ')}, separated by commas`,
  { type: 'array', items: { type: 'string', enum: [...eventKinds] } },
)
  .optional()
  .describe('Only events of these kinds. Repeat the parameter, or separate kinds with commas.')

const idGrammar = /^[0-9a-f]{16}-[0-9a-f]{8}$/

const after = parsed(
  (text) => (text === '0' || idGrammar.test(text) ? text : undefined),
  'must be the ID of an event, or 0 for the start of the history',
)
  .optional()
  .describe(
    'The next `limit` events after the event with this ID, newest first. `0`: from the start of the history.',
  )

/** Where a page ends, as an opaque string. */
export function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url')
}

const cursor = parsed((text) => {
  const id = Buffer.from(text, 'base64url').toString()
  return idGrammar.test(id) ? id : undefined
}, 'must be `next` of an earlier answer; omit it to start with the newest event')
  .optional()
  .describe('`next` of the previous page.')

/** Most events in one answer. */
const mostEvents = 1_000

export const EventsQuery = z.object({
  service,
  kind: kinds,
  since: moment('Only events at this moment or later.'),
  until: moment('Only events before this moment.'),
  limit: numberBetween(1, mostEvents, true).default(100).describe('Most events in the answer.'),
  cursor,
  after,
})
export type EventsQuery = z.output<typeof EventsQuery>

const mostReplicas = 1_000_000

export const CostQuery = z.object({
  service,
  since: moment('Start of the period. Default: 24 h before its end.'),
  until: moment('End of the period. Default: now.'),
  fixed: numberBetween(0, mostReplicas, false)
    .optional()
    .describe('Also compare with this constant number of replicas.'),
  by: z.literal('day', 'must be day').optional().describe('Also break the result down by day.'),
  timezone: parsed(
    (text) => (isTimezone(text) ? text : undefined),
    'must be an IANA time zone name such as Europe/Berlin',
    { examples: ['Europe/Berlin'] },
  )
    .optional()
    .describe('Time zone of the days (IANA name), with `by=day`. Default: UTC.'),
})
export type CostQuery = z.output<typeof CostQuery>

export const NoQuery = z.object({})
