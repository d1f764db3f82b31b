import { z } from 'zod'
import type { Demand } from '../../domain/active-alert.ts'
import { parseAmount } from '../../domain/amount.ts'
import { scales } from '../../domain/direction.ts'
import { UsageError } from '../usage-error.ts'

const count = z.int().min(0)

/** An alert of a line. Times are in seconds. */
export const AlertLine = z.strictObject({
  scale: z.enum(scales),
  replicas: z.number().min(0).optional(),
  step: z.union([z.number().min(0), z.string()]).optional(),
  startsAt: z.number(),
})
export type AlertLine = z.infer<typeof AlertLine>

/** A line of the input: the service and its alerts at second `t`. */
export const Line = z.strictObject({
  t: z.number(),
  replicas: count,
  running: count.optional(),
  alerts: z.array(AlertLine).default([]),
})
export type Line = z.infer<typeof Line>

/** `number` counts from 1, for messages. Throws `UsageError`. */
export function readLine(text: string, number: number): Line {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new UsageError(`line ${number} is not JSON; decide --help shows a line`)
  }
  const line = Line.safeParse(json)
  if (line.success) return line.data
  const faults = line.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
  )
  throw new UsageError(`line ${number}: ${faults.join('; ')}; decide --help shows a line`)
}

/** Throws `UsageError`. */
export function demandOf({ scale, replicas, step }: AlertLine, number: number): Demand {
  if (replicas !== undefined) return { kind: 'replicas', replicas }
  if (scale === 'to') throw new UsageError(`line ${number}: an alert with scale "to" needs replicas`)
  if (step === undefined) return { kind: 'policy-step' }
  const amount = parseAmount(`${step}`)
  if (amount === undefined)
    throw new UsageError(`line ${number}: step ${JSON.stringify(step)} must be such as 2 or "50%"`)
  return { kind: 'step', step: amount }
}
