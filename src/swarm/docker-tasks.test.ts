import { describe, expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import type { Tasks } from '../domain/service.ts'
import { type DockerTask, readTasks } from './docker-tasks.ts'

const minute = 60_000
const ago = (ms: number) => new Date(noon - ms).toISOString()

interface TaskOptions {
  readonly desired?: string
  readonly err?: string
  /** How long ago it was made, in ms. Default an hour. */
  readonly madeMs?: number
  /** How long it has been in its state, in ms. Default as long as it was made. */
  readonly sinceMs?: number
}

/** A task of this slot, in this state, wanted unless it has ended. */
function aTask(slot: number, state: string, options: TaskOptions = {}): DockerTask {
  const hasEnded = ['failed', 'rejected', 'complete', 'shutdown'].includes(state)
  const { desired = hasEnded ? 'shutdown' : 'running', err, madeMs = 60 * minute, sinceMs = madeMs } = options
  return {
    ServiceID: 'id-of-web',
    Slot: slot,
    CreatedAt: ago(madeMs),
    DesiredState: desired,
    Status: { State: state, Timestamp: ago(sinceMs), ...(err === undefined ? {} : { Err: err }) },
  }
}

const running = (...slots: number[]) => slots.map((slot) => aTask(slot, 'running'))

/** Failures of this slot, made so many ms ago. */
const failures = (slot: number, ...madeMs: number[]) =>
  madeMs.map((ms) => aTask(slot, 'failed', { madeMs: ms, err: `task: non-zero exit (${ms})` }))

const noNode = 'no suitable node (insufficient resources on 1 node)'
const read = (replicas: number, ...tasks: DockerTask[]) => readTasks(tasks, replicas, noon)
const count = (over: Partial<Tasks>): Tasks => ({ running: 0, starting: 0, pending: 0, failing: 0, ...over })

describe('how far the tasks are', () => {
  const rows: [string, number, DockerTask[], Tasks][] = [
    ['all of them run', 3, running(1, 2, 3), count({ running: 3 })],
    ['none is asked for', 0, [], count({})],
    [
      'a moment after a scale-up the tasks are not made yet',
      3,
      running(1),
      count({ running: 1, starting: 2 }),
    ],
    ['a moment after a scale-down one more is there', 1, running(1, 2), count({ running: 2 })],
    [
      'the scheduler has found no node',
      2,
      [...running(1), aTask(2, 'pending', { err: noNode })],
      count({ running: 1, pending: 1, pendingReason: noNode }),
    ],
    [
      'the scheduler has not looked yet',
      2,
      [...running(1), aTask(2, 'pending', { madeMs: 9_999 })],
      count({ running: 1, starting: 1 }),
    ],
    [
      'the scheduler has nothing to say against it',
      2,
      [...running(1), aTask(2, 'pending', { err: '', madeMs: 9_999 })],
      count({ running: 1, starting: 1 }),
    ],
    [
      'a task that has waited for a node for ten seconds gets none, even where nobody says why',
      2,
      [...running(1), aTask(2, 'pending', { madeMs: 10_000 })],
      count({ running: 1, pending: 1 }),
    ],
    [
      'a task that was shut down is not wanted, whatever its state',
      1,
      [
        ...running(1),
        aTask(2, 'running', { desired: 'shutdown' }),
        aTask(3, 'running', { desired: 'remove' }),
      ],
      count({ running: 1 }),
    ],
  ]
  it.each(rows)('%s', (_, replicas, tasks, expected) => {
    expect(read(replicas, ...tasks)).toStrictEqual(expected)
  })

  it.each(['new', 'allocated', 'assigned', 'accepted', 'preparing', 'ready', 'starting'])(
    'one that is %s is on its way',
    (state) => {
      const task = aTask(2, state, { sinceMs: 5 * minute - 1 })
      expect(read(2, ...running(1), task)).toStrictEqual(count({ running: 1, starting: 1 }))
    },
  )

  it.each(['ready', 'starting'])('one that is %s may wait for its turn or its health, for ever', (state) => {
    expect(read(2, ...running(1), aTask(2, state))).toStrictEqual(count({ running: 1, starting: 1 }))
  })

  it('one that waits for its turn after a failure is on its way', () => {
    const waiting = aTask(1, 'ready', { desired: 'ready', madeMs: 1_000 })
    expect(read(1, ...failures(1, 5_000), waiting)).toStrictEqual(count({ starting: 1 }))
  })

  it('one that has just failed and is still wanted has not been given up', () => {
    expect(read(2, aTask(1, 'failed', { desired: 'running' }))).toStrictEqual(count({ starting: 2 }))
  })

  it('one that is shut down in favour of the next does not run, though it still does', () => {
    const tasks = [aTask(1, 'running', { desired: 'shutdown' }), aTask(1, 'starting', { madeMs: 100 })]
    expect(read(1, ...tasks)).toStrictEqual(count({ starting: 1 }))
  })

  it('one that is not wanted, and of which the engine tells no status, counts for nothing', () => {
    const { Status: _, ...bare } = aTask(1, 'shutdown')
    expect(read(1, bare)).toStrictEqual(count({ starting: 1 }))
  })

  it('one of which the engine tells no status is on its way', () => {
    const { Status: _, ...bare } = aTask(1, 'running')
    expect(read(1, bare)).toStrictEqual(count({ starting: 1 }))
  })
})

describe('a task that hangs', () => {
  const hung = (state: string, words: Partial<DockerTask['Status']> = {}): DockerTask => {
    const task = aTask(2, state, { sinceMs: 5 * minute })
    return { ...task, Status: { ...task.Status, ...words } }
  }

  it.each(['new', 'allocated', 'assigned', 'accepted', 'preparing'])(
    'counts as pending once it has been %s for five minutes, and is told',
    (state) => {
      const pendingReason = `${state} for more than 5m`
      expect(read(2, ...running(1), hung(state))).toStrictEqual(
        count({ running: 1, pending: 1, pendingReason }),
      )
    },
  )

  it.each([
    ["Docker's error", { Err: 'no address', Message: 'created' }, 'new for more than 5m: no address'],
    ["Docker's message", { Err: '', Message: 'created' }, 'new for more than 5m: created'],
    ['the state alone if the message says no more', { Message: 'new' }, 'new for more than 5m'],
  ])('is told with %s', (_, words, pendingReason) => {
    expect(read(1, hung('new', words))).toStrictEqual(count({ pending: 1, pendingReason }))
  })

  it('is told after what the scheduler says of another', () => {
    const other = aTask(3, 'pending', { err: noNode })
    expect(read(2, hung('new'), other)).toStrictEqual(count({ pending: 2, pendingReason: noNode }))
  })

  it('counts from its last state, however long ago it was made', () => {
    const moved = aTask(1, 'preparing', { madeMs: 60 * minute, sinceMs: 1_000 })
    expect(read(1, moved)).toStrictEqual(count({ starting: 1 }))
  })
})

describe('a crash loop', () => {
  const next = aTask(1, 'starting', { madeMs: 100 })
  const rows: [string, DockerTask[], Partial<Tasks>][] = [
    ['is no single failure', [...failures(1, 5_000), next], { starting: 1 }],
    ['is not two failures', [...failures(1, 9_000, 5_000), next], { starting: 1 }],
    ['is three failures', [...failures(1, 13_000, 9_000, 5_000), next], { failing: 1 }],
    ['is four failures', [...failures(1, 17_000, 13_000, 9_000, 5_000), next], { failing: 1 }],
    [
      'is three failures just within ten minutes',
      [...failures(1, 10 * minute - 1, 9_000, 5_000), next],
      { failing: 1 },
    ],
    [
      'is not three failures over ten minutes',
      [...failures(1, 10 * minute, 9_000, 5_000), next],
      { starting: 1 },
    ],
    [
      'is three of any kind: failed or rejected',
      [...failures(1, 13_000, 9_000), aTask(1, 'rejected', { madeMs: 5_000, err: 'No such image' }), next],
      { failing: 1 },
    ],
    [
      'is not three that have ended well or were shut down',
      [...['complete', 'shutdown', 'complete'].map((state) => aTask(1, state, { madeMs: 5_000 })), next],
      { starting: 1 },
    ],
    [
      'goes on while the next task runs, but not yet for a minute',
      [
        ...failures(1, 130_000, 120_000, 110_000),
        aTask(1, 'running', { madeMs: 100_000, sinceMs: minute - 1 }),
      ],
      { failing: 1 },
    ],
    [
      'is over when a task has run for a minute',
      [...failures(1, 130_000, 120_000, 110_000), aTask(1, 'running', { madeMs: 100_000, sinceMs: minute })],
      { running: 1 },
    ],
    [
      'is not two failures and one that runs',
      [...failures(1, 9_000, 5_000), aTask(1, 'running', { madeMs: 100 })],
      { running: 1 },
    ],
    [
      'goes on while the next task waits for its turn',
      [...failures(1, 13_000, 9_000, 5_000), aTask(1, 'ready', { desired: 'ready', madeMs: 100 })],
      { failing: 1 },
    ],
  ]
  it.each(rows)('%s', (_, tasks, expected) => {
    expect(read(1, ...tasks)).toMatchObject(count(expected))
  })

  it('is of one slot: failures of several slots do not add up', () => {
    const tasks = [1, 2, 3].flatMap((slot) => [
      ...failures(slot, 5_000),
      aTask(slot, 'running', { madeMs: 100 }),
    ])
    expect(read(3, ...tasks)).toStrictEqual(count({ running: 3 }))
  })

  it("tells the newest failure in Docker's own words", () => {
    expect(read(2, ...running(2), ...failures(1, 13_000, 5_000, 9_000), next)).toStrictEqual(
      count({ running: 1, failing: 1, failingReason: 'task: non-zero exit (5000)' }),
    )
  })

  it('of which Docker tells no words is still one', () => {
    const mute = [13_000, 9_000, 5_000].map((madeMs) => aTask(1, 'failed', { madeMs }))
    expect(read(1, ...mute, next)).toStrictEqual(count({ failing: 1 }))
  })

  it('that is over says nothing of the failures before it', () => {
    const proven = aTask(1, 'running', { madeMs: 2 * minute })
    expect(read(1, ...failures(1, 150_000, 140_000, 130_000), proven)).toStrictEqual(count({ running: 1 }))
  })
})

describe('a slot that has given up', () => {
  it('is failing: no task is wanted, and the last one has failed', () => {
    expect(read(2, ...running(1), ...failures(2, 5_000))).toStrictEqual(
      count({ running: 1, failing: 1, failingReason: 'task: non-zero exit (5000)' }),
    )
  })

  it('is failing, however long ago it was', () => {
    expect(read(1, ...failures(1, 24 * 60 * minute))).toMatchObject({ failing: 1, starting: 0 })
  })

  it('is not failing where its last task has ended well', () => {
    const tasks = [...failures(1, 9_000), aTask(1, 'complete', { madeMs: 5_000 })]
    expect(read(1, ...tasks)).toStrictEqual(count({}))
  })

  it('is not failing where the next task of its slot still runs', () => {
    expect(read(2, aTask(1, 'running'), ...failures(1, 5_000))).toStrictEqual(
      count({ running: 1, starting: 1 }),
    )
  })

  it('counts before one that has ended well, and no more of both than replicas are missing', () => {
    expect(read(1, ...failures(1, 5_000), aTask(2, 'complete'))).toMatchObject({ failing: 1, starting: 0 })
  })

  it('is failing where its last task has failed, though one before has ended well', () => {
    expect(read(1, ...failures(1, 5_000), aTask(1, 'complete', { madeMs: 9_000 }))).toMatchObject({
      failing: 1,
    })
  })

  const history = [2, 3].flatMap((slot) => failures(slot, 5_000))
  it.each([
    ['none of it where no replica is missing', 1, count({ running: 1 })],
    ['so many as replicas are missing', 2, { running: 1, failing: 1, starting: 0 }],
    ['all of it where they are all missing', 3, { running: 1, failing: 2, starting: 0 }],
    ['and the others are on their way', 4, { running: 1, failing: 2, starting: 1 }],
  ])('may be the history of one that a scale-down has removed, and counts: %s', (_, replicas, expected) => {
    expect(read(replicas, ...running(1), ...history)).toMatchObject(expected)
  })
})

describe('a start-first rollout, with two wanted tasks in one slot,', () => {
  const old = aTask(1, 'running')

  it('has one that runs where the old one runs', () => {
    expect(read(1, old, aTask(1, 'starting', { madeMs: 100 }))).toStrictEqual(count({ running: 1 }))
  })

  it('has one that runs where both run', () => {
    expect(read(1, old, aTask(1, 'running', { madeMs: 100 }))).toStrictEqual(count({ running: 1 }))
  })

  it('has one that runs where the new ones fail: the old one bears the load', () => {
    const tasks = [old, ...failures(1, 13_000, 9_000, 5_000), aTask(1, 'starting', { madeMs: 100 })]
    expect(read(1, ...tasks)).toStrictEqual(count({ running: 1 }))
  })

  it('has none pending, and no reason for it, where the new one finds no node', () => {
    const tasks = [old, aTask(1, 'pending', { madeMs: 100, err: noNode })]
    expect(read(1, ...tasks)).toStrictEqual(count({ running: 1 }))
  })
})

describe('a reason', () => {
  it('why tasks are pending is that of one which is', () => {
    const tasks = [...running(1), aTask(2, 'pending', { err: noNode }), aTask(3, 'pending', { err: noNode })]
    expect(read(3, ...tasks)).toStrictEqual(count({ running: 1, pending: 2, pendingReason: noNode }))
  })

  it('why tasks are pending is told where only one of them says so', () => {
    const tasks = [aTask(1, 'pending', { madeMs: 10_000 }), aTask(2, 'pending', { err: noNode })]
    expect(read(2, ...tasks)).toStrictEqual(count({ pending: 2, pendingReason: noNode }))
  })

  it('why tasks are pending is not how one before it failed', () => {
    expect(read(1, ...failures(1, 5_000), aTask(1, 'pending', { err: noNode }))).toStrictEqual(
      count({ pending: 1, pendingReason: noNode }),
    )
  })

  it('why tasks are pending is no word about one beside it that is not', () => {
    const { Status: _, ...bare } = aTask(1, 'new')
    const tasks = [bare, aTask(1, 'starting', { err: 'slow' }), aTask(1, 'pending', { err: noNode })]
    expect(read(1, ...tasks)).toStrictEqual(count({ pending: 1, pendingReason: noNode }))
  })

  it('why tasks were pending once is not told', () => {
    const tasks = [...running(1), aTask(1, 'pending', { desired: 'shutdown', err: noNode })]
    expect(read(1, ...tasks)).toStrictEqual(count({ running: 1 }))
  })

  it('why tasks are pending is not told where the slot counts as failing', () => {
    const tasks = [...failures(1, 13_000, 9_000, 5_000), aTask(1, 'pending', { madeMs: 100, err: noNode })]
    const { pending, pendingReason } = read(1, ...tasks)
    expect({ pending, pendingReason }).toEqual({ pending: 0, pendingReason: undefined })
  })

  it('of each kind is told where there is one of each', () => {
    const tasks = [
      ...failures(1, 13_000, 9_000, 5_000),
      aTask(1, 'starting'),
      aTask(2, 'pending', { err: noNode }),
    ]
    expect(read(2, ...tasks)).toStrictEqual(
      count({ pending: 1, failing: 1, pendingReason: noNode, failingReason: 'task: non-zero exit (5000)' }),
    )
  })
})
