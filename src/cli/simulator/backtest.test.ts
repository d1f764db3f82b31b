import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aPolicy, aService, noon } from '../../../test/support/fakes/builders.ts'
import { aFolder } from '../../../test/support/fakes/check-world.ts'
import { runIn, type SimulatorWorld } from '../../../test/support/fakes/simulator-world.ts'
import type { RangeQuery } from '../../prometheus/query-range.ts'
import type { Sample } from '../../simulator/load/trace.ts'

const policy = ['--label', 'max=40', '--label', 'target.requests=20']
const hour = Array.from({ length: 241 }, (_, index) => (index < 120 ? 60 : 300))
const csvOf = (loads: readonly number[]) =>
  loads.map((load, index) => `${new Date(noon + index * 15_000).toISOString()},${load}`).join('\n')
const backtest = (args: readonly string[], world: SimulatorWorld = {}) => runIn(world, ['backtest', ...args])
const jsonOf = async (args: readonly string[], world: SimulatorWorld = {}) => {
  const { out, err } = await backtest([...args, '--json'], world)
  expect(err).toBe('')
  return JSON.parse(out)
}

describe('backtest of a file', () => {
  it('tells what the autoscaler would have done', async () => {
    const { 'load.csv': csv } = filesOf({ 'load.csv': csvOf(hour) })
    const { load, replica, results } = await jsonOf([
      '--csv',
      csv,
      ...policy,
      '--capacity',
      '25',
      '--fixed',
      '6',
    ])
    expect(load).toMatchObject({ signal: 'requests', stepSeconds: 15, peak: 300, gaps: { count: 0 } })
    expect(replica).toEqual({ capacity: 25, isCapacityAssumed: false, target: 20, startUpSeconds: 8 })
    expect(results[0].replicas[0]).toEqual([noon / 1_000, 3])
    expect(results[0].minutesAbove).toBeLessThan(1)
    expect(results[1]).toMatchObject({ name: 'fixed 6', minutesAbove: expect.closeTo(30, 0) })
  })

  it('takes policy, replicas and CPU limit from a compose file', async () => {
    const { 'load.csv': csv, 'stack.yml': compose } = filesOf({
      'load.csv': csvOf(hour.map((load) => load / 100)),
      'stack.yml': `
services:
  db: { deploy: { replicas: 1 } }
  web:
    deploy:
      replicas: 5
      labels: [autoscaler.enable=true, autoscaler.max=40, autoscaler.target.cpu=50%, autoscaler.cost=2]
      resources: { limits: { cpus: "0.5" } }
`,
    })
    const { replica, results } = await jsonOf(['--csv', csv, '--compose', compose])
    expect(replica).toMatchObject({ capacity: 0.5, target: 0.25 })
    expect(results[1]).toMatchObject({ name: 'fixed 5', cost: expect.closeTo(10, 1) })
    const stacked = await jsonOf([
      '--csv',
      csv,
      '--compose',
      compose,
      '--service',
      'shop_web',
      '--label',
      'target.cpu=25%',
    ])
    expect(stacked.replica.target).toBe(0.125)
  })

  it('takes the policy from a policy file', async () => {
    const { 'load.csv': csv, 'policy.yml': file } = filesOf({
      'load.csv': csvOf(hour),
      'policy.yml': 'defaults: {max: 30}\nservices: {web: {enable: true, target: {requests: 10}}}',
    })
    expect((await jsonOf(['--csv', csv, '--policy-file', file, '--service', 'web'])).replica.target).toBe(10)
  })

  it('takes the policy from a service that runs', async () => {
    const { 'load.csv': csv } = filesOf({ 'load.csv': csvOf(hour) })
    const labels = { 'autoscaler.max': '40', 'autoscaler.target.requests': '15' }
    const world = {
      services: [aService({ name: 'shop_web', desiredReplicas: 9, policy: aPolicy() })],
      labelled: [{ name: 'shop_web', labels }],
    }
    const { replica, results } = await jsonOf(['--csv', csv, '--service', 'shop_web'], world)
    expect([replica.target, results[1].name]).toEqual([15, 'fixed 9'])
    const { status, err } = await backtest(['--csv', csv, '--service', 'web'], world)
    expect([status, err]).toEqual([
      2,
      'swarm-autoscaler: --service "web" has no autoscaler labels in this swarm; services that have: shop_web',
    ])
  })

  it('compares files of labels, with no other policy beneath them', async () => {
    const {
      'load.csv': csv,
      'now.yml': now,
      'next.yml': next,
      'odd.yml': odd,
    } = filesOf({
      'load.csv': csvOf(hour),
      'now.yml': 'autoscaler.max: 40\nautoscaler.target.requests: 20',
      'next.yml': 'labels:\n  autoscaler.max: "40"\n  autoscaler.target.requests: "10"',
      'odd.yml': '3',
    })
    const { replica, results } = await jsonOf(['--csv', csv, '--compare', now, next, '--capacity', '25'])
    expect(replica.target).toBe(20)
    expect(results[1].replicaHours).toBeGreaterThan(1.8 * results[0].replicaHours)
    expect(results[0].name.length).toBeLessThanOrEqual(40)
    const { status, err } = await backtest(['--csv', csv, '--compare', now, odd])
    expect([status, err]).toEqual([
      2,
      expect.stringContaining('is neither a compose file nor labels such as'),
    ])
  })

  it('says which gaps it has bridged', async () => {
    const lines = csvOf(hour).split('\n')
    const { 'load.csv': csv } = filesOf({
      'load.csv': [...lines.slice(0, 50), ...lines.slice(60)].join('\n'),
    })
    const { out } = await backtest(['--csv', csv, ...policy])
    expect(out).toContain('1 gaps bridged, longest 2m45s, total 4.17 %')
  })

  it.each([
    ['', 'the file is empty'],
    ['time,load\n', 'the load has no samples'],
    [csvOf(hour).replace('300', '-1'), 'line 121: the load is -1; it must be a finite number >= 0'],
    [
      csvOf(hour).split('\n').toReversed().join('\n'),
      'line 2: 2026-01-15T12:59:45.000Z is earlier than the one before it',
    ],
    [csvOf(hour).replace(/,\d+/, ',many'), 'line 1: "many" is not a number'],
  ])('that is of no use fails, and says why', async (text, message) => {
    const { 'load.csv': csv } = filesOf({ 'load.csv': text })
    const { status, err } = await backtest(['--csv', csv, ...policy])
    expect(err).toContain(`swarm-autoscaler: ${csv}: ${message}`)
    expect(status).toBe(1)
  })
})

describe('backtest of Prometheus', () => {
  const nowMs = noon + 30 * 86_400_000
  const madeUp = ({ start, end, step }: RangeQuery): readonly Sample[] =>
    Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => ({
      atMs: (start + index * step) * 1_000,
      value: 60 + 40 * Math.sin((start + index * step) / 5_000),
    }))

  it('asks in pages of less than 11,000 points, shows how far it is, and asks for nothing twice', async () => {
    const folder = aFolder({})
    const asked: RangeQuery[] = []
    const prometheus = (query: RangeQuery) => {
      asked.push(query)
      return madeUp(query)
    }
    const args = [
      '--prometheus',
      'http://127.0.0.1:9090',
      '--query',
      'up',
      '--range',
      '5d',
      '--cache',
      folder,
      ...policy,
    ]
    const { out, progress } = await backtest([...args, '--json'], { prometheus, nowMs })
    const { load } = JSON.parse(out)
    expect([load.from, load.until, load.gaps.count]).toEqual([
      '2026-02-09T12:00:00.000Z',
      '2026-02-14T12:00:00.000Z',
      0,
    ])
    expect(asked.length).toBeGreaterThan(2)
    for (const { start, end, step } of asked) expect((end - start) / step).toBeLessThan(11_000)
    expect(progress.map(([, share]) => share)).toEqual([
      0,
      ...progress.slice(1, -1).map(([, share]) => share),
      1,
    ])
    const first = asked.length
    const again = await backtest([...args, '--json'], { prometheus, nowMs })
    expect(again.out).toBe(out)
    // Only the page that is not over yet.
    expect(asked.length - first).toBe(1)
    expect(readdirSync(folder)).toHaveLength(first - 1)
  })

  it('asks again where a page of the cache cannot be read', async () => {
    const folder = aFolder({})
    const args = [
      '--prometheus',
      'http://127.0.0.1:9090',
      '--query',
      'up',
      '--range',
      '4d',
      '--cache',
      folder,
      ...policy,
      '--json',
    ]
    const world = { prometheus: madeUp, nowMs }
    const { out } = await backtest(args, world)
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '[[1')
    expect((await backtest(args, world)).out).toBe(out)
  })

  it.each([
    [policy, 'swarm_autoscaler:requests_per_second{service="shop_web"}'],
    [
      ['--label', 'max=9', '--label', 'target.cpu=70%'],
      'sum(swarm_autoscaler:replica_cpu_cores{service="shop_web"})',
    ],
    [
      ['--label', 'max=9', '--label', 'target.queue=50'],
      'max(swarm_autoscaler:queue_items{service="shop_web"})',
    ],
  ])('asks for what the shipped rules record of a service', async (labels, query) => {
    const asked: string[] = []
    const prometheus = (range: RangeQuery) => {
      asked.push(range.query)
      return madeUp(range)
    }
    const args = [
      '--prometheus',
      'http://127.0.0.1:9090',
      '--service',
      'shop_web',
      '--range',
      '1h',
      '--no-cache',
      ...labels,
    ]
    expect((await backtest(args, { prometheus, nowMs })).err).toBe('')
    expect(asked[0]).toBe(query)
  })

  it('that cannot be asked, or has nothing, fails', async () => {
    const args = ['--prometheus', 'http://127.0.0.1:9090', '--query', 'up', '--no-cache', ...policy]
    expect(await backtest(args)).toMatchObject({
      status: 1,
      err: 'swarm-autoscaler: http://127.0.0.1:9090 cannot be asked: nobody there',
    })
    expect((await backtest(args, { prometheus: () => [] })).err).toBe(
      'swarm-autoscaler: http://127.0.0.1:9090, up: the load has no samples; ask for another range or query',
    )
  })
})

describe('backtest', () => {
  it.each([
    [policy, 'there is no load; name one by --csv F or by --prometheus URL'],
    [['--csv', 'a', '--prometheus', 'http://x', ...policy], 'there are two loads'],
    [['--csv', '/nowhere.csv', ...policy], '--csv "/nowhere.csv" cannot be read'],
    [['--prometheus', '127.0.0.1:9090', ...policy], 'must be an address such as http://127.0.0.1:9090'],
    [['--prometheus', 'http://x', ...policy], '--prometheus needs --query Q, or --service S'],
    [['--prometheus', 'http://x', '--range', '1m', ...policy], '--range must be at least ten times --step'],
    [['--prometheus', 'http://x', '--until', 'now', ...policy], '--until "now" must be a time such as'],
    [
      ['--csv', 'a', '--suggest', '--html', 'b', ...policy],
      '--suggest cannot be combined with --compare or --html',
    ],
    [['--csv', 'a'], 'there is no policy; name one by --compose F'],
    [['--csv', 'a', '--compose', '/nowhere.yml'], '/nowhere.yml: ENOENT'],
    [['--csv', 'a', '--policy-file', '/nowhere.yml', '--service', 'web'], '/nowhere.yml: ENOENT'],
  ])('%j is wrong usage', async (args, message) => {
    const { status, err } = await backtest(args)
    expect(err).toContain(message)
    expect(status).toBe(2)
  })

  it('--help says where load and policy may come from', async () => {
    const { status, out } = await backtest(['--help'])
    expect(status).toBe(0)
    for (const word of ['--csv', '--prometheus', '--compose', '--policy-file', '--suggest', '--compare'])
      expect(out).toContain(word)
  })
})

/** Paths of files with these texts, by their names. */
function filesOf<N extends string>(files: Readonly<Record<N, string>>): Record<N, string> {
  const folder = aFolder(files)
  return Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, name)])) as Record<N, string>
}
