import { z } from 'zod'
import { defined } from '../../domain/defined.ts'
import { type EventKind, eventKinds } from '../../domain/event.ts'

/** The periods that the form offers, in ms before now. */
export const spans = {
  '1h': { name: 'Last hour', ms: 3_600_000 },
  '24h': { name: 'Last 24 hours', ms: 86_400_000 },
  '7d': { name: 'Last 7 days', ms: 7 * 86_400_000 },
  '30d': { name: 'Last 30 days', ms: 30 * 86_400_000 },
} as const
type Span = keyof typeof spans

/** The query of the page. Times in ms since the epoch. */
export interface PageQuery {
  /** Only services whose name contains this, ignoring case. Absent: all. */
  readonly search?: string
  /** Page of the services, from 1. */
  readonly page: number
  /** Only events of this service. */
  readonly service?: string
  readonly kind?: EventKind
  readonly last?: Span
  readonly sinceMs?: number
  readonly untilMs?: number
  /** Only events before the one with this ID. */
  readonly beforeId?: string
}

/** An empty field of a form counts as absent. */
const field = <T>(schema: z.ZodType<T, string>) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const text = z.string('may be given once').max(200, 'must be at most 200 characters')

/** The format of a form's field, in UTC, or RFC 3339. */
const instant = text.transform((value, context): number => {
  const isPlain = /^[\d-]+T\d\d:\d\d(:\d\d)?$/.test(value)
  const full = isPlain ? `${value}${value.length === 16 ? ':00' : ''}Z` : value
  if (z.iso.datetime({ offset: true }).safeParse(full).success) return Date.parse(full)
  context.addIssue('must be a time such as 2026-01-15T12:00 (UTC) or 2026-01-15T12:00:00+01:00')
  return z.NEVER
})

const pageNumber = text.transform((value, context): number => {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value)
  context.addIssue('must be a whole number >= 1')
  return z.NEVER
})

const fields = z.object({
  q: field(text),
  page: field(pageNumber),
  service: field(text),
  kind: field(text.pipe(z.enum(eventKinds, `must be one of ${eventKinds.join(', ')}`))),
  last: field(
    text.pipe(z.enum(Object.keys(spans) as Span[], `must be one of ${Object.keys(spans).join(', ')}`)),
  ),
  since: field(instant),
  until: field(instant),
  before: field(text.regex(/^[\da-f]{16}-[\da-f]{8}$/, 'must be the ID of an event')),
})

/** The query, or all its faults. Unknown keys are ignored. */
export function readQuery(parameters: unknown): PageQuery | { readonly faults: readonly string[] } {
  const read = fields.safeParse(parameters)
  if (!read.success) {
    return { faults: read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`) }
  }
  const { q: search, page = 1, since: sinceMs, until: untilMs, before: beforeId, ...rest } = read.data
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs) {
    return { faults: ['since must be before until'] }
  }
  return { page, ...defined({ search, sinceMs, untilMs, beforeId, ...rest }) }
}

/** The URL of the page with this query, apart from `change`. */
export function addressOf(
  query: PageQuery,
  change: { readonly [K in keyof PageQuery]?: PageQuery[K] | undefined },
): string {
  const { search, page, service, kind, last, sinceMs, untilMs, beforeId } = { ...query, ...change }
  const parameters = defined({
    q: search,
    page: page === undefined || page === 1 ? undefined : String(page),
    service,
    kind,
    last,
    since: isoOf(sinceMs),
    until: isoOf(untilMs),
    before: beforeId,
  })
  const encoded = new URLSearchParams(parameters as Record<string, string>).toString()
  return encoded === '' ? './' : `./?${encoded}`
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString()
}
