import { describe, expect, it } from 'vitest'
import { anActiveAlert, aService, noon } from '../../test/support/fakes/builders.ts'
import type { Decision } from '../domain/decision.ts'
import { StatusStore } from './status-store.ts'

const web = aService()
const api = aService({ name: 'api', id: 'id-of-api' })
const idle: Decision = { kind: 'hold', replicas: 4, reason: 'no_alert' }
const cooling: Decision = { kind: 'hold', replicas: 4, reason: 'cooldown', untilMs: noon + 60_000 }
const refused: Decision = { kind: 'reject', reason: 'invalid_policy' }

describe('how services stand', () => {
  it('is told as it was seen last, by name', () => {
    const standings = new StatusStore()
    const alerts = [anActiveAlert('up', 7)]
    standings.see(web, cooling, alerts, noon)
    standings.see(api, idle, [], noon + 1)
    expect(standings.all()).toEqual([
      { service: api, decision: idle, sinceMs: noon + 1, alerts: [], atMs: noon + 1 },
      { service: web, decision: cooling, sinceMs: noon, alerts, atMs: noon },
    ])
  })

  it('is none where nothing was seen', () => {
    expect(new StatusStore().all()).toEqual([])
    expect(new StatusStore().of('web')).toBeUndefined()
  })

  it('is not told of one that the allowlist leaves out, from then on', () => {
    const standings = new StatusStore()
    standings.see(web, idle, [], noon)
    const leftOut = { ...web, policy: { kind: 'not_enabled', isLeftOut: true } } as const
    standings.see(leftOut, { kind: 'reject', reason: 'not_enabled' }, [], noon + 1)
    expect(standings.all()).toEqual([])
  })

  const rows: [string, Decision, number][] = [
    ['stays so with the same reason, whatever else is new', { ...cooling, untilMs: noon + 90_000 }, noon],
    ['is new with another reason', idle, noon + 15_000],
    ['is new with another kind', refused, noon + 15_000],
  ]
  it.each(rows)('%s', (_, decision, sinceMs) => {
    const standings = new StatusStore()
    standings.see(web, cooling, [], noon)
    standings.see(web, decision, [], noon + 15_000)
    expect(standings.of('web')).toMatchObject({ decision, sinceMs, atMs: noon + 15_000 })
  })

  it('is new for another service of the same name', () => {
    const standings = new StatusStore()
    standings.see(web, idle, [], noon)
    standings.see({ ...web, id: 'id-of-another' }, idle, [], noon + 15_000)
    expect(standings.of('web')?.sinceMs).toBe(noon + 15_000)
  })
})

describe('a service', () => {
  const standings = new StatusStore()
  standings.see(web, idle, [], noon)
  standings.see(api, idle, [], noon)
  standings.see(aService({ name: 'id-of-web', id: 'id-of-a-third' }), refused, [], noon)

  it('is found by its name', () => {
    expect(standings.of('api')?.service.name).toBe('api')
  })

  it('is found by its ID', () => {
    expect(standings.of('id-of-api')?.service.name).toBe('api')
  })

  it('is found by its name where that is the ID of another one', () => {
    expect(standings.of('id-of-web')?.service.id).toBe('id-of-a-third')
  })

  it.each(['ap', 'apis', 'id-of-ap', ''])('is not found by %o', (reference) => {
    expect(standings.of(reference)).toBeUndefined()
  })
})

describe('a service that is gone', () => {
  it('stands no more, and begins anew when it comes back', () => {
    const standings = new StatusStore()
    standings.see(web, idle, [], noon)
    standings.see(api, idle, [], noon)
    standings.keepOnly(new Set(['api']))
    expect(standings.all().map(({ service }) => service.name)).toEqual(['api'])
    standings.see(web, idle, [], noon + 1)
    expect(standings.of('web')?.sinceMs).toBe(noon + 1)
  })
})
