import { z } from 'zod'
import { scales } from '../../../domain/direction.ts'
import { holdReasons, limits, rejectReasons, scaleReasons } from '../../../domain/reason.ts'

export const time = (description: string) =>
  z.iso.datetime({ precision: 3 }).describe(`${description} (RFC 3339, UTC)`)
export const count = (description: string) => z.int().nonnegative().describe(description)
export const amount = (description: string) => z.number().nonnegative().describe(description)
export const text = (description: string) => z.string().describe(description)

/** A duration of a policy, in Prometheus' grammar. */
export const duration = (description: string) =>
  z.string().describe(`${description} (a duration as in Prometheus, such as \`1m30s\`)`)

export const Reason = z
  .enum([...scaleReasons, ...holdReasons, ...rejectReasons])
  .describe('Why, from a closed list: docs/reasons.md has a paragraph on each.')
  .meta({ id: 'Reason' })

export const Limit = z.enum(limits).describe('What cut the number that was asked for.').meta({ id: 'Limit' })

export const Alert = z
  .object({
    name: text('Its `alertname`.'),
    fingerprint: text('What Alertmanager knows it by. Empty where it named none.'),
    scale: z.enum(scales).optional().describe('Its `scale` label. Absent where it says nothing valid.'),
    value: text(
      'What it asks for: replicas (`7.5`) or a step (`+2`, `-50%`). Absent for the step of the policy, and where it says nothing valid.',
    ).optional(),
    startsAt: time('When it began to fire. Absent where it says nothing valid').optional(),
    summary: text('Why, in the words of the alert.').optional(),
  })
  .describe('An alert, as it stood then.')
  .meta({ id: 'Alert' })
export type Alert = z.infer<typeof Alert>

export const Problem = z
  .object({
    type: text('Always `about:blank`: the status says it all.'),
    title: text('The name of the status.'),
    status: z.int().min(400).max(599).describe('The HTTP status.'),
    detail: text('What is wrong, and what would be right.'),
    faults: z
      .array(z.string())
      .optional()
      .describe('Everything that is wrong at once, each with its name, where it can be more than one thing.'),
  })
  .describe('Why there is no answer (RFC 9457, `application/problem+json`).')
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
