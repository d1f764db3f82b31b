import { z } from 'zod'
import { gapReasons } from '../../../domain/cost.ts'
import { amount, text, time } from './common.ts'

const saved = {
  replicaSeconds: z.number().describe('Replica-seconds not spent; below 0: spent on top.'),
  replicaHours: z.number().describe('The same in hours.'),
  cost: z.number().optional().describe('The same in money. Absent where no price was told.'),
}

const Saving = z
  .object({ replicas: amount('The replicas compared with.'), ...saved })
  .describe('Against running so many replicas all of the known time.')
  .meta({ id: 'Saving' })

const used = {
  replicaSeconds: amount('Replicas times the seconds for which they were there.'),
  replicaHours: amount('The same in hours.'),
  cost: amount('By `autoscaler.cost` as it was at each time. Absent where no price was told.').optional(),
}

const Usage = z
  .object({
    since: time('Where the time begins'),
    until: time('Where it ends; this moment is not in it'),
    knownSeconds: amount('How much of that time is known: what all else is reckoned over.'),
    ...used,
    average: amount('Time-weighted mean of the replicas. Absent where nothing is known.').optional(),
    peak: amount('Most replicas at any time. Absent where nothing is known.').optional(),
    savedAgainstPeak: Saving.optional().describe('Against running the peak. Absent where nothing is known.'),
    savedAgainstFixed: Saving.optional().describe(
      'Against running `fixed` replicas. Absent where it was not asked for, and where nothing is known.',
    ),
  })
  .describe(
    'Replicas over one time, and their price. Gaps are left out of every number, and never counted as zero.',
  )
  .meta({ id: 'Usage' })
export type Usage = z.infer<typeof Usage>

const CostGap = z
  .object({
    since: time('Where it begins'),
    until: time('Where it ends'),
    reason: z
      .enum(gapReasons)
      .describe(
        '`before_first_count`: the service was not there, had not opted in, or the history does not reach back so far. `not_watched`: no receiver saw Swarm. `gone`: the service was gone, or no longer opted in. `not_yet`: it lies in the future.',
      ),
  })
  .describe('A part of the time of which nothing is known.')
  .meta({ id: 'CostGap' })

export const ServiceCost = Usage.extend({
  service: text('Name of the service.'),
  gaps: z.array(CostGap).describe('The first one first. Empty where all of the time is known.'),
  days: z
    .array(Usage)
    .optional()
    .describe('The same by day, the first one first. Absent where it was not asked for.'),
})
  .describe('What one service cost.')
  .meta({ id: 'ServiceCost' })
export type ServiceCost = z.infer<typeof ServiceCost>

const SumSaving = z.object(saved).describe('The savings of all services together.').meta({ id: 'SumSaving' })

const sum = {
  ...used,
  savedAgainstPeak: SumSaving.optional().describe(
    'Against each service running its own peak. Absent where nothing is known.',
  ),
  savedAgainstFixed: SumSaving.optional().describe(
    'Against each service running `fixed` replicas. Absent where it was not asked for, and where nothing is known.',
  ),
}

const SumOfDay = z
  .object({ since: time('Where the day begins'), until: time('Where it ends'), ...sum })
  .describe('All services together on one day.')
  .meta({ id: 'SumOfDay' })

const CostSum = z
  .object({
    ...sum,
    unpriced: z
      .array(z.string())
      .describe('The services without a price: they are in the replica-hours, and not in the cost.'),
    days: z.array(SumOfDay).optional().describe('The same by day. Absent where it was not asked for.'),
  })
  .describe('All services together.')
  .meta({ id: 'CostSum' })
export type CostSum = z.infer<typeof CostSum>

export const CostAnswer = z
  .object({
    since: time('Where the time begins'),
    until: time('Where it ends; this moment is not in it'),
    currency: text('Currency of all prices. Absent where the installation names none.').optional(),
    timezone: text('Time zone of the days. Absent where they were not asked for.').optional(),
    services: z
      .array(ServiceCost)
      .describe('Every service that the history has counted before the end of that time, by name.'),
    sum: CostSum,
  })
  .meta({ id: 'CostAnswer' })
export type CostAnswer = z.infer<typeof CostAnswer>
