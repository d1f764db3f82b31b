import { describe, expect, it } from 'vitest'
import { anActiveAlert, noon } from '../../test/support/fakes/builders.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import { ActiveAlerts, mostAlertsOfService, mostReceivedOfAll, mostWithdrawn } from './active-alerts.ts'

const ttlMs = 120_000
const signal = anActiveAlert('up', 5, { startsAtMs: noon - 1_000 })

function aStore() {
  const store = new ActiveAlerts(ttlMs)
  store.hear('web', signal, noon)
  return store
}

const receivedAt = (one: ActiveAlert, atMs: number) => ({
  ...one,
  receivedAtMs: atMs,
  received: [{ atMs, replicas: 5 }],
})

describe('a signal', () => {
  it('stands for its service until 1 ms before the TTL ends, and not longer', () => {
    expect(aStore().standing('web', noon + ttlMs - 1)).toEqual([receivedAt(signal, noon)])
    expect(aStore().standing('web', noon + ttlMs)).toEqual([])
    expect(aStore().standing('web2', noon)).toEqual([])
  })

  it('is one, however often it is received, and the newest counts', () => {
    const store = aStore()
    const again = { ...signal, demand: { kind: 'replicas', replicas: 7 } } as const
    store.hear('web', signal, noon + 1)
    store.hear('web', again, noon + 2)
    const received = [
      { atMs: noon, replicas: 5 },
      { atMs: noon + 2, replicas: 7 },
    ]
    expect(store.standing('web', noon + 2)).toEqual([{ ...again, receivedAtMs: noon + 2, received }])
  })
})

describe('a withdrawn signal', () => {
  it('does not come back with a late copy of the firing that ended', () => {
    const store = aStore()
    store.withdraw('web', signal.fingerprint, noon, noon)
    store.hear('web', signal, noon + 500)
    expect(store.standing('web', noon + 500)).toEqual([])
  })

  it('comes back when the alert fires anew', () => {
    const store = aStore()
    store.withdraw('web', signal.fingerprint, noon, noon)
    const anew = { ...signal, startsAtMs: noon + 1 }
    store.hear('web', anew, noon + 500)
    expect(store.standing('web', noon + 500)).toEqual([receivedAt(anew, noon + 500)])
  })

  it('is remembered for the TTL, counted from when it was last withdrawn', () => {
    const store = aStore()
    store.withdraw('web', signal.fingerprint, noon, noon)
    store.withdraw('web', 'another', noon, noon + 1)
    store.withdraw('web', signal.fingerprint, noon, noon + 2)
    store.hear('web', signal, noon + ttlMs + 1)
    expect(store.standing('web', noon + ttlMs + 1)).toEqual([])
    store.hear('web', signal, noon + ttlMs + 2)
    expect(store.standing('web', noon + ttlMs + 2)).toEqual([receivedAt(signal, noon + ttlMs + 2)])
  })

  it('is another than the one of the same fingerprint for another service', () => {
    const store = aStore()
    store.withdraw('web2', signal.fingerprint, noon, noon)
    expect(store.standing('web', noon)).toEqual([receivedAt(signal, noon)])
  })
})

describe('what a signal asked for', () => {
  it('is not what it asked for in an earlier firing', () => {
    const store = aStore()
    const anew = { ...signal, startsAtMs: noon }
    store.hear('web', anew, noon + 1)
    expect(store.standing('web', noon + 1)).toEqual([receivedAt(anew, noon + 1)])
  })

  it.each([
    [1_999, 2_000],
    [2_000, 1_001],
    [9_499, 1_500],
  ])('is kept for the newest thousand changes at least: of %i more, %i are', (posts, kept) => {
    const store = aStore()
    for (let n = 1; n <= posts; n++) {
      store.hear('web', { ...signal, demand: { kind: 'replicas', replicas: n } }, noon + n)
    }
    const received = store.standing('web', noon + posts)[0]?.received ?? []
    expect(received).toHaveLength(kept)
    expect(received.at(-1)).toEqual({ atMs: noon + posts, replicas: posts })
  })
})

describe('forgetting', () => {
  it('spares what was received after the mark', () => {
    const store = aStore()
    const mark = store.mark()
    store.hear('web', anActiveAlert('up', 9, { fingerprint: 'newer' }), noon)
    store.forget('web', mark)
    expect(store.standing('web', noon)).toMatchObject([{ fingerprint: 'newer' }])
  })
})

describe('of very many alerts', () => {
  const numbered = (n: number) => anActiveAlert('up', n, { fingerprint: `signal ${n}` })

  it('a service keeps the newest, and tells how many had to go', () => {
    const store = new ActiveAlerts(ttlMs)
    const dropped = Array.from({ length: mostAlertsOfService + 10 }, (_, n) =>
      store.hear('web', numbered(n), noon),
    )
    expect(dropped.filter((count) => count === 1)).toHaveLength(10)
    const standing = store.standing('web', noon)
    expect(standing).toHaveLength(mostAlertsOfService)
    expect(standing[0]?.fingerprint).toBe('signal 10')
  })

  it('the one that was received again stays, and the one not received for longest goes', () => {
    const store = new ActiveAlerts(ttlMs)
    for (let n = 0; n < mostAlertsOfService; n++) store.hear('web', numbered(n), noon)
    expect(store.hear('web', numbered(0), noon + 1)).toBe(0)
    store.hear('web', numbered(mostAlertsOfService), noon + 1)
    const fingerprints = store.standing('web', noon + 1).map(({ fingerprint }) => fingerprint)
    expect(fingerprints).toContain('signal 0')
    expect(fingerprints).not.toContain('signal 1')
  })

  it('another service loses none', () => {
    const store = new ActiveAlerts(ttlMs)
    store.hear('api', signal, noon)
    for (let n = 0; n < 2 * mostAlertsOfService; n++) store.hear('web', numbered(n), noon)
    expect(store.standing('api', noon)).toHaveLength(1)
  })

  it('each keeps fewer of its numbers, so that all together stay within a bound', () => {
    const store = new ActiveAlerts(ttlMs)
    for (let round = 1; round <= 120; round++) {
      for (let n = 0; n < mostAlertsOfService; n++) {
        store.hear('web', { ...numbered(n), demand: { kind: 'replicas', replicas: round } }, noon + round)
      }
    }
    const numbers = store
      .standing('web', noon + 120)
      .reduce((sum, { received = [] }) => sum + received.length, 0)
    expect(numbers).toBeGreaterThan(10 * mostAlertsOfService)
    expect(numbers).toBeLessThanOrEqual(2 * mostReceivedOfAll)
  })

  it('withdrawals are remembered up to a bound, the newest ones', () => {
    const store = new ActiveAlerts(ttlMs)
    for (let n = 0; n <= mostWithdrawn; n++) store.withdraw('web', `signal ${n}`, noon, noon)
    store.hear('web', numbered(0), noon)
    store.hear('web', numbered(1), noon)
    expect(store.standing('web', noon)).toMatchObject([{ fingerprint: 'signal 0' }])
  })
})
