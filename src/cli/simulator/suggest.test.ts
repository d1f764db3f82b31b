import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aFolder } from '../../../test/support/fakes/check-world.ts'
import { runIn } from '../../../test/support/fakes/simulator-world.ts'
import { readPolicy } from '../../policy/read-policy.ts'

const start = Date.UTC(2026, 5, 1)
const day = 86_400

/** Days of 100, with a rush to 700 at 08:00. */
const days = (count: number) =>
  Array.from({ length: (count * day) / 60 + 1 }, (_, minute) => {
    const ofDay = (minute * 60) % day
    const load = ofDay >= 8 * 3_600 && ofDay < 8.5 * 3_600 ? 700 : 100
    return `${new Date(start + minute * 60_000).toISOString()},${load}`
  })

async function suggest(count: number, ...args: string[]) {
  const csv = join(aFolder({ 'load.csv': days(count).join('\n') }), 'load.csv')
  const policy = [
    '--label',
    'max=60',
    '--label',
    'target.requests=12',
    '--capacity',
    '25',
    '--label',
    'cost=1',
  ]
  return runIn({}, ['backtest', '--csv', csv, ...policy, '--suggest', ...args])
}

describe('backtest --suggest', () => {
  it('finds cheaper labels that keep the level on days that it has not seen', async () => {
    const { status, out, progress } = await suggest(3, '--slo', '0.01% above capacity', '--json')
    const { labels, slo, training, heldOut, tried } = JSON.parse(out)
    expect(status).toBe(0)
    expect(slo).toEqual({ shareOfTimeAbove: 0.0001, isKept: true })
    expect(heldOut.suggested.minutesAbove).toBeLessThanOrEqual(0.0001 * 1_440)
    expect(training.suggested.replicaHours).toBeLessThan(training.now.replicaHours)
    expect(heldOut.suggested.replicaHours).toBeLessThan(heldOut.now.replicaHours)
    expect(heldOut.from).toBe('2026-06-03T00:00:00.000Z')
    expect(tried).toBeGreaterThan(20)
    expect(Object.keys(labels).some((key) => key.startsWith('autoscaler.schedule.at-'))).toBe(true)
    expect(readPolicy(labels, true).kind).toBe('valid')
    expect(progress.at(-1)).toEqual(['search', 1])
  })

  it('prints them to paste, beside what is now and what Kubernetes would do', async () => {
    const { status, out } = await suggest(0.25)
    expect(status).toBe(0)
    expect(out).toContain(
      'The suggestion meets 0.1 % of the time above capacity on the last 30 %, which the search did not see.',
    )
    expect(out).toMatch(/Kubernetes HPA, the last 30 %/)
    expect(out).toMatch(/\nlabels:\n {2}autoscaler\.enable: "true"\n/)
  })

  it.each([
    [['--slo', 'always'], '--slo "always" must be a share of the time, such as "0.1% above capacity"'],
    [['--timezone', 'here'], '--timezone "here" must be the IANA name of a time zone'],
  ])('%j is wrong usage', async (args, message) => {
    const { status, err } = await suggest(0.25, ...args)
    expect([status, err]).toEqual([2, expect.stringContaining(message)])
  })
})
