import { z } from 'zod'
import { directions } from '../../../domain/direction.ts'
import { count, duration, text, time } from './common.ts'

const DirectionPolicy = z
  .object({
    step: text('Size of a step for an alert that names no amount: replicas (`2`) or a percentage (`50%`).'),
    maxStep: text(
      'Most that one change may add or remove: `4`, `100%`, or `4,100%`, of which the larger counts. Absent: no limit.',
    ).optional(),
    cooldown: duration(
      'Pause after an applied change. Absent (up only): none for alerts that name replicas, `1m` for steps',
    ).optional(),
    stabilization: duration('How long an alert must have stood before it acts'),
  })
  .describe('How one direction behaves.')
  .meta({ id: 'DirectionPolicy' })

export const Policy = z
  .object({
    min: count('Fewest replicas, before any window.'),
    max: count('Most replicas, before any window.'),
    targets: z
      .record(z.string(), z.number().positive())
      .describe(
        'What one replica should bear, by signal, in base units: ratios, bytes per second, seconds, items.',
      ),
    up: DirectionPolicy,
    down: DirectionPolicy,
    onRedeploy: z.enum(['restore', 'accept']).describe('What is done when a deploy has reset the replicas.'),
  })
  .describe('How the service may be scaled, by its labels and the policy file, defaults filled in.')
  .meta({ id: 'Policy' })
export type Policy = z.infer<typeof Policy>

export const Fault = z
  .object({
    key: text('The full label, such as `autoscaler.max`.'),
    value: text('Its value as written. Absent where it is missing.').optional(),
    message: text('What is wrong, and what would be right.'),
  })
  .describe('One thing wrong with a label.')
  .meta({ id: 'Fault' })

export const Window = z
  .object({
    name: text('The `<name>` of its labels.'),
    start: text('When it opens, as a cron pattern.'),
    end: text('When it closes, as a cron pattern. Absent where it has a duration.').optional(),
    duration: duration('How long it is open. Absent where it has an end').optional(),
    timezone: text('Time zone of the patterns (IANA name).'),
    min: count('Floor while it is open. Absent: none.').optional(),
    max: count("Most replicas while it is open. Absent: the policy's.").optional(),
    isOpen: z.boolean().describe('Whether it is open now.'),
    nextChange: time('When it opens or closes next. Absent: never again').optional(),
  })
  .describe('A window of time in which other bounds hold.')
  .meta({ id: 'Window' })
export type Window = z.infer<typeof Window>

export const Pause = z
  .object({
    directions: z.array(z.enum(directions)).min(1).describe('Changes of these directions are held.'),
    until: time('When it ends by itself. Absent: when the label goes').optional(),
  })
  .describe('A hold that somebody put on automatic changes.')
  .meta({ id: 'Pause' })
