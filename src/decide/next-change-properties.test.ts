import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anActiveAlert, noon } from '../../test/support/fakes/builders.ts'
import { aSituation, type SituationAtNoon, serviceOf } from '../../test/support/fakes/situations.ts'
import { cases } from '../../test/support/fuzz/cases.ts'
import { type Direction, directions } from '../domain/direction.ts'
import { decide } from './decide.ts'
import { nextChanges } from './next-change.ts'
import { decisionForDown } from './scale-up-active.ts'

const runs = cases(100)
const aDirection = fc.constantFrom(...directions)
const anHour = fc.integer({ min: 0, max: 3_600_000 })

/** The number that a step which began at noon brings about at that time, where all else stays as it is. Absent: none. */
function changeAt(situation: SituationAtNoon, direction: Direction, nowMs: number): number | undefined {
  const step = anActiveAlert(direction, { kind: 'policy-step' }, { startsAtMs: noon })
  const alerts = [...situation.alerts, step]
  const decision = decide({ service: serviceOf(situation), alerts, nowMs })
  const told = direction === 'down' ? decisionForDown(decision) : decision
  if (told.kind !== 'scale') return undefined
  const isThatWay = direction === 'up' ? told.to > told.from : told.to < told.from
  return isThatWay ? told.to : undefined
}

const earliestOf = (situation: SituationAtNoon, direction: Direction) =>
  nextChanges({ service: serviceOf(situation), alerts: situation.alerts, nowMs: noon })[direction].earliest

describe('the earliest change, whatever the policy, the state and the alerts', () => {
  it('comes then, with that number', () => {
    fc.assert(
      fc.property(aSituation, aDirection, (situation, direction) => {
        const earliest = earliestOf(situation, direction)
        if (earliest === undefined) return
        expect(earliest.atMs).toBeGreaterThanOrEqual(noon)
        expect(changeAt(situation, direction, earliest.atMs)).toBe(earliest.to)
      }),
      runs,
    )
  })

  it('comes not a moment earlier', () => {
    fc.assert(
      fc.property(aSituation, aDirection, anHour, (situation, direction, afterMs) => {
        const earliest = earliestOf(situation, direction)
        if (earliest === undefined || earliest.atMs === noon) return
        const between = noon + (afterMs % (earliest.atMs - noon))
        for (const atMs of [noon, between, earliest.atMs - 1])
          expect(changeAt(situation, direction, atMs)).toBeUndefined()
      }),
      runs,
    )
  })

  it('is absent only where none comes within the hour, unless one the other way comes first', () => {
    fc.assert(
      fc.property(aSituation, aDirection, anHour, (situation, direction, afterMs) => {
        if (earliestOf(situation, direction) !== undefined) return
        const other = direction === 'up' ? 'down' : 'up'
        const times = [noon, noon + afterMs]
        const isTurned = times.some((atMs) => changeAt(situation, other, atMs) !== undefined)
        if (!isTurned) expect(changeAt(situation, direction, noon + afterMs)).toBeUndefined()
      }),
      runs,
    )
  })
})
