import { describe, expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import type { RefusedAlert } from '../domain/event.ts'
import { Refusals } from './refusals.ts'

const hour = 3_600_000
const alert = { name: 'QueueIsLong', fingerprint: 'f', startsAtMs: noon }
const refused: RefusedAlert = { service: 'shop', reason: 'unknown_service', alert }

describe('a refusal', () => {
  const rows: [string, RefusedAlert, number, boolean][] = [
    ['is known when the same firing is posted again', refused, 5_000, true],
    ['is known until it was not received for an hour', refused, hour - 1, true],
    ['is new when it was not received for an hour', refused, hour, false],
    ['of another firing is new', { ...refused, alert: { ...alert, startsAtMs: noon + 1 } }, 5_000, false],
    ['of another alert is new', { ...refused, alert: { ...alert, fingerprint: 'g' } }, 5_000, false],
    ['for another reason is new', { ...refused, reason: 'not_enabled' }, 5_000, false],
    ['of another service is new', { ...refused, service: 'shop2' }, 5_000, false],
    ['of another problem is new', { ...refused, problem: 'replicas is "many"' }, 5_000, false],
    [
      'is known where the summary alone is another',
      { ...refused, alert: { ...alert, summary: '31 messages' } },
      5_000,
      true,
    ],
  ]
  it.each(rows)('%s', (_, next, afterMs, isKnown) => {
    const refusals = new Refusals()
    expect(refusals.isKnown(refused, noon)).toBe(false)
    expect(refusals.isKnown(next, noon + afterMs)).toBe(isKnown)
  })

  it('is known for as long as it is posted at least once an hour', () => {
    const refusals = new Refusals()
    refusals.isKnown(refused, noon)
    for (let n = 1; n <= 5; n++) expect(refusals.isKnown(refused, noon + n * (hour - 1))).toBe(true)
  })

  it('of an alert that says no start is known by the alert', () => {
    const refusals = new Refusals()
    const { startsAtMs: _, ...startless } = alert
    const invalid: RefusedAlert = {
      ...refused,
      reason: 'invalid_alert',
      alert: startless,
      problem: 'no scale',
    }
    expect([refusals.isKnown(invalid, noon), refusals.isKnown(invalid, noon)]).toEqual([false, true])
  })
})

describe('ten thousand refusals', () => {
  const numbered = (n: number): RefusedAlert => ({ ...refused, service: `service ${n}` })

  it('are remembered, and of more the one that was not received for longest is forgotten', () => {
    const refusals = new Refusals()
    for (let n = 0; n < 10_000; n++) refusals.isKnown(numbered(n), noon)
    expect(refusals.isKnown(numbered(0), noon)).toBe(true)
    // This one pushes out number 1, now the oldest.
    expect(refusals.isKnown(numbered(10_000), noon)).toBe(false)
    expect(refusals.isKnown(numbered(0), noon)).toBe(true)
    expect(refusals.isKnown(numbered(1), noon)).toBe(false)
  })
})
