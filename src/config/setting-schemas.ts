import { z } from 'zod'
import type { Allowed, Allowlist } from '../domain/allowlist.ts'
import { formatDuration, parseDurationMs } from '../domain/duration.ts'

/** An address to listen on: `host:port`, `:port` for all addresses, `[::1]:port`. */
interface ListenAddress {
  readonly host: string
  readonly port: number
}

export const listenAddress = z.string().transform((text, context): ListenAddress => {
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    context.addIssue('must be host:port, such as 0.0.0.0:9095')
    return z.NEVER
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
})

/** In ms. */
export const durationBetween = (minMs: number, maxMs: number) =>
  z.string().transform((text, context): number => {
    const ms = parseDurationMs(text)
    if (ms === undefined || ms < minMs || ms > maxMs) {
      const range = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`
      context.addIssue(`must be a duration ${range}, such as 30s or 1m30s`)
      return z.NEVER
    }
    return ms
  })

/** Tokens; none if it is empty. */
export const tokens = z.string().transform((text, context): readonly string[] => {
  if (text === '') return []
  const all = text
    .split(/[,\n]/)
    .map((token) => token.trim())
    .filter((token) => token !== '')
  if (all.length === 0 || all.some((token) => !/^\S{8,}$/.test(token))) {
    context.addIssue(
      'must be one token, or several separated by commas or line breaks, of at least 8 characters without spaces',
    )
    return z.NEVER
  }
  return all
})

export const wholeNumberBetween = (min: number, max: number) =>
  z.string().transform((text, context): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) {
      context.addIssue(`must be a whole number from ${min} to ${max}`)
      return z.NEVER
    }
    return value
  })

/** The services that may be scaled; empty: all. */
export const allowlist = z.string().transform((text, context): Allowlist => {
  const items = text === '' ? [] : text.split(',').map(readAllowed)
  const allowed = items.filter((item) => item !== undefined)
  if (allowed.length < items.length) {
    context.addIssue(
      'must be exact service names and label=value, separated by commas, without spaces, such as shop_web,team=shop',
    )
    return z.NEVER
  }
  return allowed
})

/** Absent: it is neither the name of a service nor a label with its value. */
function readAllowed(item: string): Allowed | undefined {
  if (/^[\w.-]+$/.test(item)) return { kind: 'name', name: item }
  const [, key, value] = /^([\w./-]+)=(\S+)$/.exec(item) ?? []
  return key === undefined || value === undefined ? undefined : { kind: 'label', key, value }
}

export const postgresUrl = z
  .string()
  .refine(
    (text) => text === '' || ['postgres:', 'postgresql:'].includes(URL.parse(text)?.protocol ?? ''),
    'must be the address of a PostgreSQL database, such as postgres://user:password@host/database',
  )

export const httpUrl = z
  .string()
  .refine(
    (text) => text === '' || ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''),
    'must be the address of Alertmanager, such as http://alertmanager:9093',
  )
