import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aWindow, noon } from '../../test/support/fakes/builders.ts'
import type { Direction } from '../domain/direction.ts'
import type { Service, Tasks } from '../domain/service.ts'
import type { Situation } from './decide.ts'
import { nextChanges } from './next-change.ts'

const minute = 60_000
const manyNumbers = Array.from({ length: 20 }, (_, one) => ({
  atMs: noon - 20_000 + one * 1_000,
  replicas: 4,
}))
const pending: Tasks = { running: 3, starting: 0, pending: 1, failing: 0 }

function outlookOf(service: Service, over: Partial<Situation> = {}, direction: Direction = 'up') {
  const { decision, earliest } = nextChanges({ service, alerts: [], nowMs: noon, ...over })[direction]
  const after = earliest && `${earliest.to} after ${(earliest.atMs - noon) / 1_000} s`
  return `${decision.kind} ${decision.reason}, ${after ?? 'never by itself'}`
}

describe('the next up', () => {
  const rows: [string, Service, Partial<Situation>, string][] = [
    ['acts at once', aService(), {}, 'scale alert, 5 after 0 s'],
    [
      'goes by the step of the policy',
      aService({ policy: aPolicy({ up: { step: { unit: 'percent', value: 100 }, stabilizationMs: 0 } }) }),
      {},
      'scale alert, 8 after 0 s',
    ],
    [
      'waits for the cooldown of a step',
      aService({ state: { lastUpMs: noon - 10_000 } }),
      {},
      'hold cooldown, 5 after 50 s',
    ],
    [
      'waits for stabilization from now on, and for a cooldown that is longer',
      aService({
        policy: aPolicy({
          up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 30_000, cooldownMs: 50_000 },
        }),
        state: { lastUpMs: noon - 10_000 },
      }),
      {},
      'hold stabilizing, 5 after 40 s',
    ],
    [
      'follows an active up that asks for more',
      aService(),
      { alerts: [anActiveAlert('up', 7)] },
      'scale alert, 7 after 0 s',
    ],
    [
      'is more than an active down',
      aService(),
      { alerts: [anActiveAlert('down', 1)] },
      'scale alert, 5 after 0 s',
    ],
    [
      'comes to nothing at the maximum',
      aService({ desiredReplicas: 10 }),
      {},
      'hold at_max, never by itself',
    ],
    [
      'comes when a window that lowers the maximum closes',
      aService({ policy: aPolicy({ schedules: [aWindow({ max: 4 })] }) }),
      {},
      'hold at_max, 5 after 3600 s',
    ],
    [
      'comes to nothing while it is paused for good',
      aService({ policy: aPolicy({ pause: { directions: ['up'] } }) }),
      {},
      'hold paused, never by itself',
    ],
    [
      'comes when the pause ends',
      aService({ policy: aPolicy({ pause: { directions: ['up', 'down'], untilMs: noon + minute } }) }),
      {},
      'hold paused, 5 after 60 s',
    ],
    [
      'comes when a pause of a week ends, with windows that open and close every day',
      aService({
        policy: aPolicy({
          pause: { directions: ['up'], untilMs: noon + 7 * 86_400_000 + 2 * 3_600_000 },
          schedules: [aWindow(), aWindow({ name: 'night', start: '0 22 * * *' })],
        }),
      }),
      {},
      `hold paused, 5 after ${7 * 86_400 + 7_200} s`,
    ],
    ['waits for a rollout', aService({ rollout: 'updating' }), {}, 'hold rollout, never by itself'],
    ['waits for pending tasks', aService({ tasks: pending }), {}, 'hold tasks_pending, never by itself'],
    [
      'is only told in a dry run of the policy',
      aService({ policy: aPolicy({ isDryRun: true }) }),
      {},
      'hold dry_run, never by itself',
    ],
    ['is only told in a dry run', aService(), { isDryRun: true }, 'hold dry_run, never by itself'],
    [
      'comes after a correction upwards, which is the first change',
      aService({ policy: aPolicy({ min: 6 }) }),
      {},
      'scale below_min, 6 after 0 s',
    ],
    ['is no correction downwards', aService({ desiredReplicas: 12 }), {}, 'scale above_max, never by itself'],
    ['is refused where labels are wrong', invalid(), {}, 'reject invalid_policy, never by itself'],
    [
      'is refused in another mode',
      aService({ mode: 'global' }),
      {},
      'reject not_replicated, never by itself',
    ],
    [
      'comes to nothing where a person has switched it off',
      aService({ desiredReplicas: 0 }),
      {},
      'hold switched_off, never by itself',
    ],
  ]
  it.each(rows)('%s', (_, service, over, words) => {
    expect(outlookOf(service, over)).toBe(words)
  })
})

describe('the next down', () => {
  const rows: [string, Service, Partial<Situation>, string][] = [
    ['must have stood from now on', aService(), {}, 'hold stabilizing, 3 after 150 s'],
    [
      'waits for the cooldown after either direction',
      aService({
        policy: aPolicy({
          down: { step: { unit: 'replicas', value: 1 }, cooldownMs: 60_000, stabilizationMs: 0 },
        }),
        state: { lastUpMs: noon - 40_000, lastDownMs: noon - 50_000 },
      }),
      {},
      'hold cooldown, 3 after 20 s',
    ],
    [
      'waits for as long as an up is active',
      aService(),
      { alerts: [anActiveAlert('up', 4)] },
      'hold scale_up_active, never by itself',
    ],
    [
      'waits for as long as an up is active that acts at once',
      aService(),
      { alerts: [anActiveAlert('up', 7)] },
      'hold scale_up_active, never by itself',
    ],
    [
      'gives way to an active down that asks for less of a change',
      aService(),
      { alerts: [anActiveAlert('down', 4)] },
      'hold at_target, never by itself',
    ],
    [
      'comes to nothing at the minimum',
      aService({ desiredReplicas: 1 }),
      {},
      'hold stabilizing, never by itself',
    ],
    [
      'waits for tasks that are starting',
      aService({
        tasks: { ...pending, pending: 0, starting: 1 },
        policy: aPolicy({ down: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0 } }),
      }),
      {},
      'hold tasks_starting, never by itself',
    ],
    [
      'is there at once where there are too many',
      aService({ desiredReplicas: 12 }),
      {},
      'scale above_max, 10 after 0 s',
    ],
    [
      'is no correction upwards',
      aService({ policy: aPolicy({ min: 6 }) }),
      {},
      'scale below_min, never by itself',
    ],
    [
      'waits for the end of a window that raises the minimum meanwhile',
      aService({
        policy: aPolicy({ schedules: [aWindow({ start: '2 12 * * *', min: 4 })] }),
        desiredReplicas: 4,
      }),
      {},
      // Stabilized after 150 s, when the window has been open for 30 s; it closes after an hour.
      'hold stabilizing, 3 after 3720 s',
    ],
    [
      'comes, though an up is active, when a window opens that lowers the maximum',
      aService({ policy: aPolicy({ schedules: [aWindow({ start: '0 13 * * *', max: 3 })] }) }),
      { alerts: [anActiveAlert('up', 4)] },
      'hold scale_up_active, 3 after 3600 s',
    ],
    [
      'waits until each of many numbers has left the window of another down',
      aService(),
      { alerts: [anActiveAlert('down', 1, { received: [...manyNumbers, { atMs: noon, replicas: 1 }] })] },
      'hold stabilizing, 3 after 150 s',
    ],
  ]
  it.each(rows)('%s', (_, service, over, words) => {
    expect(outlookOf(service, over, 'down')).toBe(words)
  })
})

function invalid(): Service {
  const fault = { key: 'autoscaler.max', message: 'is required' }
  return { ...aService(), policy: { kind: 'invalid', faults: [fault] } }
}
