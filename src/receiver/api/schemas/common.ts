import { z } from 'zod'
import { scales } from '../../../domain/direction.ts'
import { holdReasons, limits, rejectReasons, scaleReasons } from '../../../domain/reason.ts'

export const time = (description: string) =>
  z.iso.datetime({ precision: 3 }).describe(`${description} (RFC 3339, UTC)`)
export const count = (description: string) => z.int().nonnegative().describe(description)
export const amount = (description: string) => z.number().nonnegative().describe(description)
export const text = (description: string) => z.string().describe(description)

/** A duration in Prometheus' syntax. */
export const duration = (description: string) =>
  z.string().describe(`${description} (a duration as in Prometheus, such as \`1m30s\`)`)

export const Reason = z
  .enum([...scaleReasons, ...holdReasons, ...rejectReasons])
  .describe('The reason, from a closed list. docs/reasons.md explains each.')
  .meta({ id: 'Reason' })

export const Limit = z.enum(limits).describe('What limited the needed replicas.').meta({ id: 'Limit' })

export const Alert = z
  .object({
    name: text('Its `alertname`.'),
    fingerprint: text("Alertmanager's fingerprint. Empty if the alert had none."),
    scale: z.enum(scales).optional().describe('Its `scale` label. Absent if invalid.'),
    value: text(
      "What it asks for: replicas (`7.5`) or a step (`+2`, `-50%`). Absent for the policy's step, and if invalid.",
    ).optional(),
    startsAt: time('When it began to fire. Absent if invalid').optional(),
    summary: text('The `summary` annotation of the alert.').optional(),
  })
  .describe('An alert at the time of the event.')
  .meta({ id: 'Alert' })
export type Alert = z.infer<typeof Alert>

export const Problem = z
  .object({
    type: text('Always `about:blank`.'),
    title: text('The name of the HTTP status.'),
    status: z.int().min(400).max(599).describe('The HTTP status.'),
    detail: text('What is wrong, and how to fix it.'),
    faults: z
      .array(z.string())
      .optional()
      .describe('All faults, each with the name of its parameter. Absent if there can be only one.'),
  })
  .describe('Why the request failed (RFC 9457, `application/problem+json`).')
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
