import { describe, expect, it } from 'vitest'
import { anActiveAlert, aService, noon } from '../../test/support/fakes/builders.ts'
import type { Decision } from '../domain/decision.ts'
import { nextStatus } from './status.ts'

const web = aService()
const idle: Decision = { kind: 'hold', replicas: 4, reason: 'no_alert' }
const cooling: Decision = { kind: 'hold', replicas: 4, reason: 'cooldown', untilMs: noon + 60_000 }
const refused: Decision = { kind: 'reject', reason: 'invalid_policy' }
const first = nextStatus(undefined, { service: web, decision: cooling, alerts: [], atMs: noon })

describe('the status of a service', () => {
  it('is that of the last check', () => {
    const alerts = [anActiveAlert('up', 7)]
    const checked = { service: web, decision: cooling, alerts, atMs: noon + 5_000 }
    expect(nextStatus(first, checked)).toEqual({ ...checked, sinceMs: noon })
  })

  const rows: [string, Decision, number][] = [
    ['goes on with the same reason, whatever else is new', { ...cooling, untilMs: noon + 90_000 }, noon],
    ['begins with another reason', idle, noon + 15_000],
    ['begins with another kind', refused, noon + 15_000],
  ]
  it.each(rows)('%s', (_, decision, sinceMs) => {
    const next = nextStatus(first, { service: web, decision, alerts: [], atMs: noon + 15_000 })
    expect(next).toMatchObject({ decision, sinceMs, atMs: noon + 15_000 })
  })

  it('begins for another service of the same name', () => {
    const other = { ...web, id: 'id-of-another' }
    const next = nextStatus(first, { service: other, decision: cooling, alerts: [], atMs: noon + 15_000 })
    expect(next.sinceMs).toBe(noon + 15_000)
  })
})
