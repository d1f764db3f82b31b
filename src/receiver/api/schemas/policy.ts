import { z } from 'zod'
import { directions } from '../../../domain/direction.ts'
import { count, duration, text, time } from './common.ts'

const DirectionPolicy = z
  .object({
    step: text('Step size for an alert without an amount: replicas (`2`) or a percentage (`50%`).'),
    maxStep: text(
      'Largest change at once: `4`, `100%`, or `4,100%` (the larger). Absent: no limit.',
    ).optional(),
    cooldown: duration(
      'Pause after an applied change. Absent (up only): none for alerts with `replicas`, `1m` for steps',
    ).optional(),
    stabilization: duration('How long an alert must have been active before it acts'),
  })
  .describe('The policy of one direction.')
  .meta({ id: 'DirectionPolicy' })

export const Policy = z
  .object({
    min: count('Minimum replicas, without schedule windows.'),
    max: count('Maximum replicas, without schedule windows.'),
    targets: z
      .record(z.string(), z.number().positive())
      .describe('Target of one replica, by signal, in base units: ratios, bytes per second, seconds, items.'),
    up: DirectionPolicy,
    down: DirectionPolicy,
    onRedeploy: z.enum(['restore', 'accept']).describe('What happens when a redeploy resets the replicas.'),
  })
  .describe('How the service is scaled: its labels and the policy file, with defaults.')
  .meta({ id: 'Policy' })
export type Policy = z.infer<typeof Policy>

export const Fault = z
  .object({
    key: text('The full label, such as `autoscaler.max`.'),
    value: text('Its value as written. Absent if the label is missing.').optional(),
    message: text('What is wrong, and what would be right.'),
  })
  .describe('One fault of a label.')
  .meta({ id: 'Fault' })

export const Window = z
  .object({
    name: text('The `<name>` of its labels.'),
    start: text('When it opens, as a cron pattern.'),
    end: text('When it closes, as a cron pattern. Absent if it has a duration.').optional(),
    duration: duration('How long it is open. Absent if it has an end').optional(),
    timezone: text('Time zone of the patterns (IANA name).'),
    min: count('Minimum replicas while it is open. Absent: none.').optional(),
    max: count("Maximum replicas while it is open. Absent: the policy's.").optional(),
    isOpen: z.boolean().describe('Whether it is open now.'),
    nextChange: time('When it opens or closes next. Absent: never again').optional(),
  })
  .describe('A schedule window: a time in which other bounds apply.')
  .meta({ id: 'Window' })
export type Window = z.infer<typeof Window>

export const Pause = z
  .object({
    directions: z.array(z.enum(directions)).min(1).describe('The paused directions.'),
    until: time('When the pause ends. Absent: when the label is removed').optional(),
  })
  .describe('A pause of automatic changes.')
  .meta({ id: 'Pause' })
