import { beforeEach, describe, expect, it } from 'vitest'
import { aService, noon } from '../../test/support/fakes/builders.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import { type RolloutState, rolloutStates, type Tasks } from '../domain/service.ts'
import { Convergence } from './convergence.ts'
import type { Scaling } from './events.ts'

const toSix: Scaling = { kind: 'scale', from: 4, to: 6, reason: 'alert' }
const hour = 3_600_000

let observer: RecordingObserver
let convergence: Convergence
let converging: number
beforeEach(() => {
  converging = 1
  observer = new RecordingObserver()
  convergence = new Convergence(observer.subscriber, () => converging)
})

const six = (over: Parameters<typeof aService>[0] = {}) => aService({ desiredReplicas: 6, ...over })
const withTasks = (over: Partial<Tasks>) =>
  six({ tasks: { running: 4, starting: 0, pending: 0, failing: 0, ...over } })
const onItsWay = withTasks({ starting: 2 })
const allRun = withTasks({ running: 6 })

describe('a change', () => {
  it('is told as converged when all tasks run, with the time since it was applied, once', () => {
    convergence.begin(toSix, noon)
    expect(convergence.follow(onItsWay, noon)).toBe(250)
    convergence.follow(allRun, noon + 1_234)
    convergence.follow(onItsWay, noon + 2_000)
    convergence.follow(allRun, noon + 3_000)
    expect(observer.told).toEqual(['converged web 6 1234'])
  })

  it('of very many is looked at less often, so that they do not keep the engine busy', () => {
    converging = 250
    convergence.begin(toSix, noon)
    expect(convergence.follow(onItsWay, noon)).toBe(2_500)
    expect(convergence.follow(onItsWay, noon + 1_800_000)).toBe(50_000)
  })

  it('may have been waited for before it was restarted: the last one counts', () => {
    convergence.begin({ ...toSix, to: 5 }, noon)
    convergence.begin(toSix, noon + 1_000)
    convergence.follow(allRun, noon + 1_500)
    expect(observer.told).toEqual(['converged web 6 500'])
  })

  it('is under way from its beginning until nothing is waited for', () => {
    expect(convergence.isUnderWay).toBe(false)
    convergence.begin(toSix, noon)
    expect(convergence.isUnderWay).toBe(true)
    convergence.follow(allRun, noon + 1)
    expect(convergence.isUnderWay).toBe(true)
    convergence.follow(allRun, noon + 2 * hour)
    expect(convergence.isUnderWay).toBe(false)
  })

  const rows: [string, ReturnType<typeof aService>, boolean][] = [
    ['one task is missing', withTasks({ running: 5 }), false],
    ['all tasks run', withTasks({ running: 6 }), true],
    ['one more runs than is asked for', withTasks({ running: 7 }), false],
    ['all of them run, as the engine counts them', six({ runningReplicas: 6 }), true],
    ['one is missing, as the engine counts them', six({ runningReplicas: 5 }), false],
    [
      'the engine counts old ones as well, and its tasks tell',
      { ...withTasks({ running: 5 }), runningReplicas: 6 },
      false,
    ],
  ]
  it.each(rows)('where %s', (_, service, hasConverged) => {
    convergence.begin(toSix, noon)
    convergence.follow(service, noon + 1)
    expect(observer.of('converged')).toHaveLength(hasConverged ? 1 : 0)
  })

  const underWay: readonly RolloutState[] = ['updating', 'paused', 'rollback_started', 'rollback_paused']
  it.each(rolloutStates)('whose tasks all run while the rollout is %s', (rollout) => {
    convergence.begin(toSix, noon)
    convergence.follow({ ...allRun, rollout }, noon + 1)
    expect(observer.of('converged')).toHaveLength(underWay.includes(rollout) ? 0 : 1)
  })

  it('to zero is converged when nothing runs any more', () => {
    convergence.begin({ ...toSix, to: 0 }, noon)
    const off = aService({ desiredReplicas: 0 })
    convergence.follow({ ...off, runningReplicas: 1 }, noon + 1)
    convergence.follow({ ...off, runningReplicas: 0 }, noon + 2)
    expect(observer.told).toEqual(['converged web 0 2'])
  })

  it('is no longer waited for when the replicas were changed since', () => {
    convergence.begin(toSix, noon)
    expect(convergence.follow(aService({ desiredReplicas: 5, runningReplicas: 5 }), noon + 1)).toBeUndefined()
    convergence.follow(allRun, noon + 2)
    expect(observer.told).toEqual([])
  })

  it.each([
    ['just within an hour', hour, ['converged web 6 3600000']],
    ['just after an hour', hour + 1, []],
  ])('is waited for no longer than an hour: %s', (_, sinceMs, told) => {
    convergence.begin(toSix, noon)
    convergence.follow(allRun, noon + sinceMs)
    expect(observer.told).toEqual(told)
  })
})

describe('a change that has converged', () => {
  const convergedMs = 1_000
  beforeEach(() => {
    convergence.begin(toSix, noon)
    convergence.follow(allRun, noon + convergedMs)
  })

  it.each([
    ['for two minutes', 120_000, 5_000],
    ['and no longer', 120_001, undefined],
  ])('is watched %s', (_, laterMs, delayMs) => {
    expect(convergence.follow(allRun, noon + convergedMs + laterMs)).toBe(delayMs)
  })

  it.each([
    ['within two minutes is told', 120_000, 1],
    ['after two minutes is none of it', 120_001, 0],
  ])('and whose tasks fail again and again %s', (_, laterMs, told) => {
    convergence.follow(withTasks({ failing: 1 }), noon + convergedMs + laterMs)
    expect(observer.of('crash-looped')).toHaveLength(told)
  })

  it('is watched no more once its tasks were told to fail', () => {
    convergence.follow(withTasks({ failing: 1 }), noon + convergedMs + 1)
    expect(convergence.follow(withTasks({ failing: 1 }), noon + convergedMs + 2)).toBeUndefined()
    expect(observer.told).toEqual(['converged web 6 1000', 'crash-looped web 6'])
  })

  it('is watched no more when somebody changes the replicas', () => {
    expect(convergence.follow({ ...allRun, desiredReplicas: 5 }, noon + convergedMs + 1)).toBeUndefined()
  })
})

it.each([
  [0, 250],
  [1_000, 250],
  [1_004, 251],
  [8_000, 2_000],
  [20_000, 5_000],
  [20_004, 5_000],
  [hour, 5_000],
])('looks again less and less often: after %i ms in %i ms', (sinceMs, delayMs) => {
  convergence.begin(toSix, noon)
  expect(convergence.follow(onItsWay, noon + sinceMs)).toBe(delayMs)
})

describe('a crash loop', () => {
  it('is told once for each change, and the change is still followed', () => {
    convergence.begin(toSix, noon)
    for (const sinceMs of [1, 2, 3]) convergence.follow(withTasks({ failing: 1 }), noon + sinceMs)
    expect(observer.told).toEqual(['crash-looped web 6'])
    convergence.begin(toSix, noon + 4)
    convergence.follow(withTasks({ failing: 2 }), noon + 5)
    convergence.follow(allRun, noon + 6)
    expect(observer.told).toEqual(['crash-looped web 6', 'crash-looped web 6', 'converged web 6 2'])
  })

  it('is not told of tasks that are pending or starting', () => {
    convergence.begin(toSix, noon)
    convergence.follow(withTasks({ pending: 1, starting: 1 }), noon + 1)
    expect(observer.told).toEqual([])
  })

  it('is not told of a service that nothing was changed of', () => {
    expect(convergence.follow(withTasks({ failing: 1 }), noon)).toBeUndefined()
    expect(observer.told).toEqual([])
  })

  it('is not told of another change, by somebody else', () => {
    convergence.begin({ ...toSix, to: 5 }, noon)
    convergence.follow(withTasks({ failing: 1 }), noon + 1)
    expect(observer.told).toEqual([])
  })
})
