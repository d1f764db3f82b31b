import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aFolder } from '../../../test/support/fakes/check-world.ts'
import { runIn } from '../../../test/support/fakes/simulator-world.ts'
import { shapeNames } from '../../simulator/load/shapes.ts'

const simulate = (...args: string[]) => runIn({}, ['simulate', ...args])
const json = async (...args: string[]) => JSON.parse((await simulate(...args, '--json')).out)
const shortStep = ['--shape', 'step', '--duration', '1h']

describe('simulate', () => {
  it.each(shapeNames)('knows the shape %s', async (shape) => {
    const { load, results } = await json('--shape', shape, '--duration', '1h')
    expect(load).toMatchObject({ title: shape, signal: 'requests' })
    expect(results[0]).toMatchObject({ name: 'autoscaler' })
  })

  it('compares with a fixed number, a fixed peak, the best possible, Kubernetes and a script', async () => {
    const { results } = await json(...shortStep, '--fixed', '7', '--cost', '0.5')
    expect(results.map(({ name }: { name: string }) => name)).toEqual([
      'autoscaler',
      'fixed 7',
      expect.stringMatching(/^fixed 1[34]$/),
      'best possible',
      'Kubernetes HPA',
      'cron script',
    ])
    expect(results[1]).toMatchObject({
      replicaHours: 7,
      cost: 3.5,
      minutesAbove: expect.closeTo(45, 1),
      changes: 0,
    })
    expect(results[2].minutesAbove).toBe(0)
    expect(results[3].minutesAbove).toBe(0)
    expect(results[3].replicaHours).toBeLessThan(results[2].replicaHours)
  })

  it('tells the replicas over time, in seconds since the epoch', async () => {
    const { results } = await json(...shortStep)
    const [[at, replicas], next] = results[0].replicas
    expect([at, replicas]).toEqual([Date.UTC(2026, 10, 23) / 1_000, 5])
    expect(next[0] - at).toBeGreaterThan(900)
    expect(next[0] - at).toBeLessThan(930)
  })

  it('prints a table, what was assumed, and how Kubernetes does beside it', async () => {
    const { status, out } = await simulate(...shortStep)
    expect(status).toBe(0)
    expect(out).toContain('step: requests, 1h from 2026-11-23T00:00:00.000Z')
    expect(out).toMatch(/replica: capacity 100 \(assumed; set it with --capacity\), target 70, start-up 8s/)
    expect(out).toMatch(/^autoscaler +\d+\.\d min/m)
    expect(out).toMatch(/Compared with Kubernetes' HPA: \d+(\.\d+)? % of its minutes above capacity/)
  })

  it('puts policies beside each other', async () => {
    const { results } = await json(
      '--shape',
      'flapping',
      '--duration',
      '2h',
      '--compare',
      'down.stabilization=60s',
      'down.stabilization=10m',
    )
    const [quick, slow] = results
    expect([quick.name, slow.name]).toEqual(['down.stabilization=60s', 'down.stabilization=10m'])
    expect(quick.reversals).toBeGreaterThan(slow.reversals)
  })

  it('takes windows by the date that it begins at', async () => {
    const args = ['--shape', 'step', '--duration', '1h', '--start', '2026-11-27T08:00:00Z']
    const window = ['start=0 8 27 11 *', 'duration=1h', 'min=20'].flatMap((rest) => [
      '--label',
      `schedule.sale.${rest}`,
    ])
    const { results } = await json(...args, ...window)
    expect(results[0]).toMatchObject({ minutesAbove: 0, peak: 20 })
  })

  it('writes a page that needs nothing but itself', async () => {
    const page = join(aFolder({}), 'report.html')
    const { status } = await simulate('--shape', 'step', '--duration', '2h', '--html', page)
    const text = readFileSync(page, 'utf8')
    expect(status).toBe(0)
    expect(text).toContain('<h1>Backtest of step</h1>')
    expect(text.match(/<svg viewBox="0 0 1060 300" role="img"/g)).toHaveLength(2)
    expect(text).not.toMatch(/<script|https?:\/\/|url\(|@import|NaN|undefined/)
  })

  it('keeps the load for backtest', async () => {
    const csv = join(aFolder({}), 'load.csv')
    await simulate(...shortStep, '--save', csv)
    const args = ['--csv', csv, '--label', 'max=200', '--label', 'target.requests=70', '--json']
    const { load } = JSON.parse((await runIn({}, ['backtest', ...args])).out)
    expect(load).toMatchObject({ from: '2026-11-23T00:00:00.000Z', stepSeconds: 15, gaps: { count: 0 } })
    expect(load.mean).toBeCloseTo((await json(...shortStep)).load.mean, -1)
  })

  it.each([
    [['--shape', 'wave'], '--shape "wave" is unknown; it must be one of day, spike'],
    [[], '--shape is missing; it must be one of'],
    [['--shape', 'day', '--factor', '0.5'], '--factor "0.5" must be 1 or more'],
    [['--shape', 'day', '--duration', '1m'], '--duration "1m" must be from 10m to 400d'],
    [['--shape', 'day', '--start', 'soon'], '--start "soon" must be a time such as'],
    [
      ['--shape', 'day', '--capacity', '50'],
      '--capacity 50 is below the target of one replica (70, by autoscaler.target.requests)',
    ],
    [['--shape', 'day', '--label', 'max'], '--label "max" must be key=value'],
    [
      ['--shape', 'day', '--label', 'up.coldown=5s'],
      'autoscaler.up.coldown="5s" is not a label; did you mean autoscaler.up.cooldown?',
    ],
    [['--shape', 'day', '--label', 'target.latency=1s'], 'the policy has no target to scale by'],
    [
      ['--shape', 'day', '--label', 'target.latency=1s', '--signal', 'latency'],
      '--signal latency is not modelled',
    ],
    [['--shape', 'day', '--signal', 'queue'], 'the policy has no autoscaler.target.queue'],
    [['--shape', 'day', '--compare', 'min=2'], '--compare needs two policies or more'],
    [['--shape', 'day', '--compare', 'min=2', 'much'], '--compare "much" is neither a file nor labels'],
    [['--shape', 'day', 'now'], 'unexpected argument "now"; policies follow --compare'],
    [
      ['--shape', 'day', '--up-route', '5s'],
      '--up-route "5s" must be group_wait/group_interval/repeat_interval',
    ],
    [['--shape', 'day', '--start-up', 'quick'], '--start-up "quick" must be a duration in whole seconds'],
    [['--shape', 'day', '--fixed', '1.5'], '--fixed "1.5" must be a whole number'],
    [['--shape', 'day', '--cost', 'much'], '--cost "much" must be a number >= 0'],
    [
      ['--shape', 'day', '--duration', '1h', '--html', '/nowhere/at/all.html'],
      '--html "/nowhere/at/all.html" cannot be written',
    ],
    [['--shap', 'day'], "Unknown option '--shap'"],
  ])('%j is wrong usage', async (args, message) => {
    const { status, err } = await simulate(...args)
    expect(err).toContain(message)
    expect(status).toBe(2)
  })

  it('--help names every shape', async () => {
    const { status, out } = await simulate('--help')
    expect(status).toBe(0)
    for (const shape of shapeNames) expect(out).toContain(`--shape ${shape}`)
  })
})

describe('simulate by another signal', () => {
  it('takes CPU in cores, and its limit for what a replica can bear', async () => {
    const cpu = ['--label', 'target.cpu=60%', '--cpu-limit', '0.5', '--base', '2']
    const { load, replica } = await json(...shortStep, ...cpu)
    expect(load.signal).toBe('cpu')
    expect(replica).toMatchObject({ capacity: 0.5, target: 0.3, isCapacityAssumed: false })
  })

  it('takes the length of a queue as it is', async () => {
    const { results } = await json(...shortStep, '--label', 'target.queue=70')
    expect(results[0].replicas.at(-1)[1]).toBeGreaterThan(15)
  })
})
