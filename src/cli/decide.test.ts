import { describe, expect, it } from 'vitest'
import { runIn } from '../../test/support/fakes/simulator-world.ts'

const up = (replicas: number, startsAt = 0) => ({ scale: 'up', replicas, startsAt })
const down = (replicas: number, startsAt = 0) => ({ scale: 'down', replicas, startsAt })

async function answers(lines: readonly object[], ...labels: string[]) {
  const flags = ['max=20', ...labels].flatMap((label) => ['--label', label])
  const { status, out, err } = await runIn({ lines: lines.map((line) => JSON.stringify(line)) }, [
    'decide',
    '--stdin',
    ...flags,
  ])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return out.split('\n').map((line) => JSON.parse(line))
}

describe('decide --stdin', () => {
  it('answers a line with a line', async () => {
    expect(
      await answers([
        { t: 0, replicas: 2, running: 2, alerts: [up(5)] },
        { t: 5, replicas: 5, running: 2, alerts: [up(5)] },
        { t: 10, replicas: 5, running: 5, alerts: [] },
      ]),
    ).toEqual([
      { replicas: 5, decision: 'scale', reason: 'alert' },
      { replicas: 5, decision: 'hold', reason: 'at_target' },
      { replicas: 5, decision: 'hold', reason: 'no_alert' },
    ])
  })

  it('has a cooldown begin when its answer was done, and not before', async () => {
    const step = { scale: 'up', step: 1, startsAt: 0 }
    expect(
      await answers(
        [
          { t: 0, replicas: 2, alerts: [step] },
          // Nobody did it.
          { t: 5, replicas: 2, alerts: [step] },
          { t: 10, replicas: 3, alerts: [step] },
          { t: 64, replicas: 3, alerts: [step] },
          { t: 65, replicas: 3, alerts: [step] },
        ],
        'up.cooldown=60s',
      ),
    ).toMatchObject([
      { replicas: 3, decision: 'scale' },
      { replicas: 3, decision: 'scale' },
      { replicas: 3, decision: 'hold', reason: 'cooldown' },
      { replicas: 3, decision: 'hold', reason: 'cooldown' },
      { replicas: 4, decision: 'scale' },
    ])
  })

  it('has the replicas of somebody else start the cooldown, too', async () => {
    const step = { scale: 'up', step: 1, startsAt: 0 }
    const lines = [
      { t: 0, replicas: 2 },
      { t: 30, replicas: 4 },
      { t: 60, replicas: 4, alerts: [step] },
      { t: 90, replicas: 4, alerts: [step] },
    ]
    expect((await answers(lines)).map(({ reason }) => reason)).toEqual([
      'no_alert',
      'no_alert',
      'cooldown',
      'alert',
    ])
  })

  it('remembers what a signal asked for while it stood, and forgets it when it is gone', async () => {
    const lines = [
      { t: 1_000, replicas: 9, alerts: [down(7, 1_000)] },
      { t: 1_030, replicas: 9, alerts: [down(4, 1_000)] },
      { t: 1_150, replicas: 9, alerts: [down(4, 1_000)] },
      { t: 1_200, replicas: 9, alerts: [] },
      { t: 1_205, replicas: 9, alerts: [down(8, 1_205)] },
    ]
    expect(await answers(lines)).toMatchObject([
      { reason: 'stabilizing' },
      { reason: 'stabilizing' },
      { replicas: 7, decision: 'scale' },
      { reason: 'no_alert' },
      { reason: 'stabilizing' },
    ])
  })

  it('takes no replica away while others start', async () => {
    const lines = [{ t: 1_000, replicas: 9, running: 8, alerts: [down(4)] }]
    expect(await answers(lines)).toMatchObject([{ replicas: 9, decision: 'hold', reason: 'tasks_starting' }])
  })

  it.each([
    ['{', 'line 1 is not JSON'],
    ['{"t":0}', 'line 1: replicas:'],
    ['{"t":0,"replicas":-1}', 'line 1: replicas:'],
    ['{"t":0,"replicas":2,"alerts":[{"scale":"left","startsAt":0}]}', 'line 1: alerts.0.scale:'],
    [
      '{"t":0,"replicas":2,"alerts":[{"scale":"to","startsAt":0}]}',
      'an alert with scale "to" needs replicas',
    ],
    [
      '{"t":0,"replicas":2,"alerts":[{"scale":"up","step":"some","startsAt":0}]}',
      'step "some" must be such as 2 or "50%"',
    ],
    ['{"t":0,"replicas":2,"signal":[]}', 'line 1: Unrecognized key: "signal"'],
  ])('refuses %s', async (line, message) => {
    const { status, err } = await runIn({ lines: [line] }, ['decide', '--stdin', '--label', 'max=20'])
    expect(err).toContain(message)
    expect(status).toBe(2)
  })

  it('refuses time that goes back, and answers what came before', async () => {
    const lines = ['{"t":5,"replicas":2}', '{"t":4,"replicas":2}']
    const { status, out, err } = await runIn({ lines }, ['decide', '--stdin', '--label', 'max=20'])
    expect([status, out.split('\n').length]).toEqual([2, 1])
    expect(err).toContain('line 2: t=4 is less than in the line before')
  })

  it.each([
    [['decide', '--label', 'max=20'], 'decide needs --stdin'],
    [['decide', '--stdin'], 'there is no policy'],
    [['decide', '--stdin', '--label', 'min=3'], 'autoscaler.max is missing'],
  ])('%j is wrong usage', async (args, message) => {
    const { status, err } = await runIn({}, args)
    expect(err).toContain(message)
    expect(status).toBe(2)
  })
})
