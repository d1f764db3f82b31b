import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Policy } from '../domain/policy.ts'
import type { Service, Tasks } from '../domain/service.ts'
import { decide } from './decide.ts'

const tasks = (over: Partial<Tasks> = {}): Tasks => ({
  running: 3,
  starting: 0,
  pending: 0,
  failing: 0,
  ...over,
})

function at(standing: Tasks | undefined, alert: ActiveAlert | undefined, over: Partial<Service> = {}) {
  const service = { ...aService(), ...over, ...(standing === undefined ? {} : { tasks: standing }) }
  return decide({ service, alerts: alert === undefined ? [] : [alert], nowMs: noon })
}

const toNine = anActiveAlert('up', 9)
const oneUp = anActiveAlert('up', aStep(1))
const policyUp = anActiveAlert('up', { kind: 'policy-step' })
const toTwo = anActiveAlert('down', 2)
const oneDown = anActiveAlert('down', aStep(1))
const belowMin = { desiredReplicas: 1, policy: aService({ policy: aPolicy({ min: 2 }) }).policy }
const aboveMax = { desiredReplicas: 12 }

const go = (to: number) => ({ kind: 'scale', to })
const held = (reason: string, wouldBe: number) => ({ kind: 'hold', replicas: 4, reason, wouldBe })

describe('pending tasks', () => {
  const pending = tasks({ pending: 1, pendingReason: 'no suitable node' })
  const rows: [string, ActiveAlert | undefined, Partial<Service>, object][] = [
    ['hold an up to a number', toNine, {}, held('tasks_pending', 9)],
    ['hold an up by a step', oneUp, {}, held('tasks_pending', 5)],
    ['hold an up by the step of the policy', policyUp, {}, held('tasks_pending', 5)],
    ['hold no down to a number', toTwo, {}, go(2)],
    ['hold no down by a step', oneDown, {}, go(3)],
    ['hold no correction up', undefined, belowMin, go(2)],
    ['hold no correction down', undefined, aboveMax, go(10)],
  ]
  it.each(rows)('%s', (_, alert, over, expected) => {
    expect(at(pending, alert, over)).toMatchObject(expected)
  })

  it('hold nothing where nothing is due', () => {
    expect(at(pending, anActiveAlert('up', 4))).toMatchObject({ kind: 'hold', reason: 'at_target' })
    expect(at(pending, undefined)).toEqual({ kind: 'hold', replicas: 4, reason: 'no_alert' })
  })

  it('tell what would have been, and the alert behind it', () => {
    expect(at(pending, toNine)).toEqual({
      kind: 'hold',
      replicas: 4,
      reason: 'tasks_pending',
      wouldBe: 9,
      needed: 9,
      cause: toNine,
    })
  })
})

describe('failing tasks', () => {
  const rows: [string, ActiveAlert | undefined, Partial<Service>, object][] = [
    ['hold an up by a step', oneUp, {}, held('tasks_pending', 5)],
    ['hold an up by the step of the policy', policyUp, {}, held('tasks_pending', 5)],
    ['hold no up to a number', toNine, {}, go(9)],
    ['hold no down to a number', toTwo, {}, go(2)],
    ['hold no down by a step', oneDown, {}, go(3)],
    ['hold no correction up', undefined, belowMin, go(2)],
    ['hold no correction down', undefined, aboveMax, go(10)],
  ]
  it.each(rows)('%s', (_, alert, over, expected) => {
    expect(at(tasks({ failing: 1 }), alert, over)).toMatchObject(expected)
  })
})

describe('starting tasks', () => {
  const rows: [string, ActiveAlert | undefined, Partial<Service>, object][] = [
    ['hold a down to a number', toTwo, {}, held('tasks_starting', 2)],
    ['hold a down by a step', oneDown, {}, held('tasks_starting', 3)],
    ['hold no up to a number', toNine, {}, go(9)],
    ['hold no up by a step', oneUp, {}, go(5)],
    ['hold no correction up', undefined, belowMin, go(2)],
    ['hold no correction down', undefined, aboveMax, go(10)],
  ]
  it.each(rows)('%s', (_, alert, over, expected) => {
    expect(at(tasks({ starting: 1 }), alert, over)).toMatchObject(expected)
  })

  it('beside pending ones hold both ups and downs', () => {
    const both = tasks({ running: 2, starting: 1, pending: 1 })
    expect(at(both, toNine)).toMatchObject(held('tasks_pending', 9))
    expect(at(both, toTwo)).toMatchObject(held('tasks_starting', 2))
  })
})

describe.each([
  ['tasks that all run', tasks({ running: 4 })],
  ['tasks that were not read', undefined],
])('%s', (_, standing) => {
  it.each([
    ['an up to a number', toNine, 9],
    ['an up by a step', oneUp, 5],
    ['a down', toTwo, 2],
  ])('hold nothing: %s', (_name, alert, to) => {
    expect(at(standing, alert)).toMatchObject(go(to))
  })
})

describe('of several gates', () => {
  const all: Partial<Policy> = { isDryRun: true, pause: { directions: ['up', 'down'] } }
  const rows: [string, Partial<Policy>, Partial<Service>, string][] = [
    ['a pause is told before a rollout, tasks and a dry run', all, { rollout: 'updating' }, 'paused'],
    ['a rollout is told before tasks and a dry run', { isDryRun: true }, { rollout: 'updating' }, 'rollout'],
    ['a rollout that is over is not told', { isDryRun: true }, { rollout: 'completed' }, 'tasks_pending'],
    ['tasks are told before a dry run', { isDryRun: true }, {}, 'tasks_pending'],
  ]
  it.each(rows)('%s', (_, policy, over, reason) => {
    const { policy: reading } = aService({ policy: aPolicy(policy) })
    expect(at(tasks({ pending: 1 }), toNine, { ...over, policy: reading })).toMatchObject(held(reason, 9))
  })

  it('a dry run is told last', () => {
    const { policy } = aService({ policy: aPolicy({ isDryRun: true }) })
    expect(at(tasks({ running: 4 }), toNine, { policy })).toMatchObject(held('dry_run', 9))
  })
})
