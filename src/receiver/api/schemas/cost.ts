import { z } from 'zod'
import { gapReasons } from '../../../domain/cost.ts'
import { amount, text, time } from './common.ts'

const saved = {
  replicaSeconds: z.number().describe('Replica-seconds saved. Below 0: used in addition.'),
  replicaHours: z.number().describe('The same in hours.'),
  cost: z.number().optional().describe('The same in money. Absent if no price is set.'),
}

const Saving = z
  .object({ replicas: amount('The number of replicas that it is compared with.'), ...saved })
  .describe('Savings compared with a constant number of replicas over all of the known time.')
  .meta({ id: 'Saving' })

const used = {
  replicaSeconds: amount('Replicas multiplied by the seconds that they existed.'),
  replicaHours: amount('The same in hours.'),
  cost: amount('Cost by `autoscaler.cost` at each time. Absent if no price was set.').optional(),
}

const Usage = z
  .object({
    since: time('Start of the period'),
    until: time('End of the period, exclusive'),
    knownSeconds: amount('How much of the period is known. All other numbers are about this time.'),
    ...used,
    average: amount('Time-weighted mean of the replicas. Absent if nothing is known.').optional(),
    peak: amount('Most replicas at any time. Absent if nothing is known.').optional(),
    savedAgainstPeak: Saving.optional().describe(
      'Compared with the peak all the time. Absent if nothing is known.',
    ),
    savedAgainstFixed: Saving.optional().describe(
      'Compared with `fixed` replicas. Absent without `fixed`, and if nothing is known.',
    ),
  })
  .describe(
    'Replicas in a period, and their cost. Gaps are left out of every number and never count as zero.',
  )
  .meta({ id: 'Usage' })
export type Usage = z.infer<typeof Usage>

const CostGap = z
  .object({
    since: time('Start of the gap'),
    until: time('End of the gap, exclusive'),
    reason: z
      .enum(gapReasons)
      .describe(
        '`before_first_count`: the service did not exist or was not enabled, or the history does not reach back that far. `not_watched`: no receiver watched Swarm. `gone`: the service was removed or no longer enabled. `not_yet`: in the future.',
      ),
  })
  .describe('A part of the period of which nothing is known.')
  .meta({ id: 'CostGap' })

export const ServiceCost = Usage.extend({
  service: text('Name of the service.'),
  gaps: z.array(CostGap).describe('By time. Empty if all of the period is known.'),
  days: z.array(Usage).optional().describe('The same by day. Absent without `by=day`.'),
})
  .describe('What one service cost.')
  .meta({ id: 'ServiceCost' })
export type ServiceCost = z.infer<typeof ServiceCost>

const SumSaving = z.object(saved).describe('Savings of all services together.').meta({ id: 'SumSaving' })

const sum = {
  ...used,
  savedAgainstPeak: SumSaving.optional().describe(
    'Compared with the peak of each service all the time. Absent if nothing is known.',
  ),
  savedAgainstFixed: SumSaving.optional().describe(
    'Compared with `fixed` replicas of each service. Absent without `fixed`, and if nothing is known.',
  ),
}

const SumOfDay = z
  .object({ since: time('Start of the day'), until: time('End of the day, exclusive'), ...sum })
  .describe('All services together on one day.')
  .meta({ id: 'SumOfDay' })

const CostSum = z
  .object({
    ...sum,
    unpriced: z
      .array(z.string())
      .describe('Services without a price: counted in the replica-hours, not in the cost.'),
    days: z.array(SumOfDay).optional().describe('The same by day. Absent without `by=day`.'),
  })
  .describe('All services together.')
  .meta({ id: 'CostSum' })
export type CostSum = z.infer<typeof CostSum>

export const CostAnswer = z
  .object({
    since: time('Start of the period'),
    until: time('End of the period, exclusive'),
    currency: text('Currency of all prices. Absent if AUTOSCALER_CURRENCY is not set.').optional(),
    timezone: text('Time zone of the days. Absent without `by=day`.').optional(),
    services: z
      .array(ServiceCost)
      .describe('Every service with a count in the history before the end of the period, by name.'),
    sum: CostSum,
  })
  .meta({ id: 'CostAnswer' })
export type CostAnswer = z.infer<typeof CostAnswer>
