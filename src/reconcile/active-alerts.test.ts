import { describe, expect, it } from 'vitest'
import { anActiveAlert, noon } from '../../test/support/fakes/builders.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import { ActiveAlerts, mostAlertsOfService, mostReceivedOfAll, mostResolved } from './active-alerts.ts'

const ttlMs = 120_000
const alert = anActiveAlert('up', 5, { startsAtMs: noon - 1_000 })

const fire = (store: ActiveAlerts, service: string, one: ActiveAlert, nowMs: number) =>
  store.update(service, [{ kind: 'firing', alert: one }], nowMs)
const resolve = (
  store: ActiveAlerts,
  service: string,
  fingerprint: string,
  endedAtMs: number,
  nowMs: number,
) => store.update(service, [{ kind: 'resolved', fingerprint, endedAtMs }], nowMs)

function aStore() {
  const store = new ActiveAlerts(ttlMs)
  fire(store, 'web', alert, noon)
  return store
}

const receivedAt = (one: ActiveAlert, atMs: number) => ({
  ...one,
  receivedAtMs: atMs,
  received: [{ atMs, replicas: 5 }],
})

describe('an alert', () => {
  it('is active for its service until 1 ms before the TTL ends, and not longer', () => {
    expect(aStore().of('web', noon + ttlMs - 1)).toEqual([receivedAt(alert, noon)])
    expect(aStore().of('web', noon + ttlMs)).toEqual([])
    expect(aStore().of('web2', noon)).toEqual([])
  })

  it('is one, however often it is received, and the newest counts', () => {
    const store = aStore()
    const again = { ...alert, demand: { kind: 'replicas', replicas: 7 } } as const
    fire(store, 'web', alert, noon + 1)
    fire(store, 'web', again, noon + 2)
    const received = [
      { atMs: noon, replicas: 5 },
      { atMs: noon + 2, replicas: 7 },
    ]
    expect(store.of('web', noon + 2)).toEqual([{ ...again, receivedAtMs: noon + 2, received }])
  })
})

describe('a resolved alert', () => {
  it('does not come back with a late copy of the firing that ended', () => {
    const store = aStore()
    resolve(store, 'web', alert.fingerprint, noon, noon)
    fire(store, 'web', alert, noon + 500)
    expect(store.of('web', noon + 500)).toEqual([])
  })

  it('comes back when the alert fires again', () => {
    const store = aStore()
    resolve(store, 'web', alert.fingerprint, noon, noon)
    const anew = { ...alert, startsAtMs: noon + 1 }
    fire(store, 'web', anew, noon + 500)
    expect(store.of('web', noon + 500)).toEqual([receivedAt(anew, noon + 500)])
  })

  it('is remembered for the TTL, counted from when it was last resolved', () => {
    const store = aStore()
    resolve(store, 'web', alert.fingerprint, noon, noon)
    resolve(store, 'web', 'another', noon, noon + 1)
    resolve(store, 'web', alert.fingerprint, noon, noon + 2)
    fire(store, 'web', alert, noon + ttlMs + 1)
    expect(store.of('web', noon + ttlMs + 1)).toEqual([])
    fire(store, 'web', alert, noon + ttlMs + 2)
    expect(store.of('web', noon + ttlMs + 2)).toEqual([receivedAt(alert, noon + ttlMs + 2)])
  })

  it('is another than the one of the same fingerprint for another service', () => {
    const store = aStore()
    resolve(store, 'web2', alert.fingerprint, noon, noon)
    expect(store.of('web', noon)).toEqual([receivedAt(alert, noon)])
  })
})

describe('what an alert asked for', () => {
  it('is not what it asked for in an earlier firing', () => {
    const store = aStore()
    const anew = { ...alert, startsAtMs: noon }
    fire(store, 'web', anew, noon + 1)
    expect(store.of('web', noon + 1)).toEqual([receivedAt(anew, noon + 1)])
  })

  it.each([
    [1_999, 2_000],
    [2_000, 1_001],
    [9_499, 1_500],
  ])('is kept for the newest thousand changes at least: of %i more, %i are', (posts, kept) => {
    const store = aStore()
    for (let n = 1; n <= posts; n++) {
      fire(store, 'web', { ...alert, demand: { kind: 'replicas', replicas: n } }, noon + n)
    }
    const received = store.of('web', noon + posts)[0]?.received ?? []
    expect(received).toHaveLength(kept)
    expect(received.at(-1)).toEqual({ atMs: noon + posts, replicas: posts })
  })
})

describe('forgetting', () => {
  it('spares what was received after the mark', () => {
    const store = aStore()
    const mark = store.mark()
    fire(store, 'web', anActiveAlert('up', 9, { fingerprint: 'newer' }), noon)
    store.forget('web', mark)
    expect(store.of('web', noon)).toMatchObject([{ fingerprint: 'newer' }])
  })
})

describe('of very many alerts', () => {
  const numbered = (n: number) => anActiveAlert('up', n, { fingerprint: `alert ${n}` })

  it('a service keeps the newest, and says how many were dropped', () => {
    const store = new ActiveAlerts(ttlMs)
    const dropped = Array.from({ length: mostAlertsOfService + 10 }, (_, n) =>
      fire(store, 'web', numbered(n), noon),
    )
    expect(dropped.filter((count) => count === 1)).toHaveLength(10)
    const active = store.of('web', noon)
    expect(active).toHaveLength(mostAlertsOfService)
    expect(active[0]?.fingerprint).toBe('alert 10')
  })

  it('the one that was received again stays, and the one not received for longest goes', () => {
    const store = new ActiveAlerts(ttlMs)
    for (let n = 0; n < mostAlertsOfService; n++) fire(store, 'web', numbered(n), noon)
    expect(fire(store, 'web', numbered(0), noon + 1)).toBe(0)
    fire(store, 'web', numbered(mostAlertsOfService), noon + 1)
    const fingerprints = store.of('web', noon + 1).map(({ fingerprint }) => fingerprint)
    expect(fingerprints).toContain('alert 0')
    expect(fingerprints).not.toContain('alert 1')
  })

  it('another service loses none', () => {
    const store = new ActiveAlerts(ttlMs)
    fire(store, 'api', alert, noon)
    for (let n = 0; n < 2 * mostAlertsOfService; n++) fire(store, 'web', numbered(n), noon)
    expect(store.of('api', noon)).toHaveLength(1)
  })

  it('each keeps fewer of its numbers, so that all together stay within a bound', () => {
    const store = new ActiveAlerts(ttlMs)
    for (let round = 1; round <= 120; round++) {
      for (let n = 0; n < mostAlertsOfService; n++) {
        fire(store, 'web', { ...numbered(n), demand: { kind: 'replicas', replicas: round } }, noon + round)
      }
    }
    const numbers = store.of('web', noon + 120).reduce((sum, { received = [] }) => sum + received.length, 0)
    expect(numbers).toBeGreaterThan(10 * mostAlertsOfService)
    expect(numbers).toBeLessThanOrEqual(2 * mostReceivedOfAll)
  })

  it('resolutions are remembered up to a bound, the newest ones', () => {
    const store = new ActiveAlerts(ttlMs)
    for (let n = 0; n <= mostResolved; n++) resolve(store, 'web', `alert ${n}`, noon, noon)
    fire(store, 'web', numbered(0), noon)
    fire(store, 'web', numbered(1), noon)
    expect(store.of('web', noon)).toMatchObject([{ fingerprint: 'alert 0' }])
  })
})
