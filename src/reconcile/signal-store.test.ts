import { describe, expect, it } from 'vitest'
import { aSignal, noon } from '../../test/support/fakes/builders.ts'
import type { Signal } from '../domain/signal.ts'
import { mostHeardOfAll, mostSignals, mostWithdrawn, SignalStore } from './signal-store.ts'

const ttlMs = 120_000
const signal = aSignal('up', 5, { startsAtMs: noon - 1_000 })

function aStore() {
  const store = new SignalStore(ttlMs)
  store.hear('web', signal, noon)
  return store
}

const heardAt = (one: Signal, atMs: number) => ({ ...one, heardAtMs: atMs, heard: [{ atMs, replicas: 5 }] })

describe('a signal', () => {
  it('stands for its service until 1 ms before the TTL ends, and not longer', () => {
    expect(aStore().standing('web', noon + ttlMs - 1)).toEqual([heardAt(signal, noon)])
    expect(aStore().standing('web', noon + ttlMs)).toEqual([])
    expect(aStore().standing('web2', noon)).toEqual([])
  })

  it('is one, however often it is heard, and the newest counts', () => {
    const store = aStore()
    const again = { ...signal, demand: { kind: 'replicas', replicas: 7 } } as const
    store.hear('web', signal, noon + 1)
    store.hear('web', again, noon + 2)
    const heard = [
      { atMs: noon, replicas: 5 },
      { atMs: noon + 2, replicas: 7 },
    ]
    expect(store.standing('web', noon + 2)).toEqual([{ ...again, heardAtMs: noon + 2, heard }])
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
    expect(store.standing('web', noon + 500)).toEqual([heardAt(anew, noon + 500)])
  })

  it('is remembered for the TTL, counted from when it was last withdrawn', () => {
    const store = aStore()
    store.withdraw('web', signal.fingerprint, noon, noon)
    store.withdraw('web', 'another', noon, noon + 1)
    store.withdraw('web', signal.fingerprint, noon, noon + 2)
    store.hear('web', signal, noon + ttlMs + 1)
    expect(store.standing('web', noon + ttlMs + 1)).toEqual([])
    store.hear('web', signal, noon + ttlMs + 2)
    expect(store.standing('web', noon + ttlMs + 2)).toEqual([heardAt(signal, noon + ttlMs + 2)])
  })

  it('is another than the one of the same fingerprint for another service', () => {
    const store = aStore()
    store.withdraw('web2', signal.fingerprint, noon, noon)
    expect(store.standing('web', noon)).toEqual([heardAt(signal, noon)])
  })
})

describe('what a signal asked for', () => {
  it('is not what it asked for in an earlier firing', () => {
    const store = aStore()
    const anew = { ...signal, startsAtMs: noon }
    store.hear('web', anew, noon + 1)
    expect(store.standing('web', noon + 1)).toEqual([heardAt(anew, noon + 1)])
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
    const heard = store.standing('web', noon + posts)[0]?.heard ?? []
    expect(heard).toHaveLength(kept)
    expect(heard.at(-1)).toEqual({ atMs: noon + posts, replicas: posts })
  })
})

describe('forgetting', () => {
  it('spares what was heard after the mark', () => {
    const store = aStore()
    const mark = store.mark()
    store.hear('web', aSignal('up', 9, { fingerprint: 'newer' }), noon)
    store.forget('web', mark)
    expect(store.standing('web', noon)).toMatchObject([{ fingerprint: 'newer' }])
  })
})

describe('of very many signals', () => {
  const numbered = (n: number) => aSignal('up', n, { fingerprint: `signal ${n}` })

  it('a service keeps the newest, and tells how many had to go', () => {
    const store = new SignalStore(ttlMs)
    const dropped = Array.from({ length: mostSignals + 10 }, (_, n) => store.hear('web', numbered(n), noon))
    expect(dropped.filter((count) => count === 1)).toHaveLength(10)
    const standing = store.standing('web', noon)
    expect(standing).toHaveLength(mostSignals)
    expect(standing[0]?.fingerprint).toBe('signal 10')
  })

  it('the one that was heard again stays, and the one not heard of for longest goes', () => {
    const store = new SignalStore(ttlMs)
    for (let n = 0; n < mostSignals; n++) store.hear('web', numbered(n), noon)
    expect(store.hear('web', numbered(0), noon + 1)).toBe(0)
    store.hear('web', numbered(mostSignals), noon + 1)
    const fingerprints = store.standing('web', noon + 1).map(({ fingerprint }) => fingerprint)
    expect(fingerprints).toContain('signal 0')
    expect(fingerprints).not.toContain('signal 1')
  })

  it('another service loses none', () => {
    const store = new SignalStore(ttlMs)
    store.hear('api', signal, noon)
    for (let n = 0; n < 2 * mostSignals; n++) store.hear('web', numbered(n), noon)
    expect(store.standing('api', noon)).toHaveLength(1)
  })

  it('each keeps fewer of its numbers, so that all together stay within a bound', () => {
    const store = new SignalStore(ttlMs)
    for (let round = 1; round <= 120; round++) {
      for (let n = 0; n < mostSignals; n++) {
        store.hear('web', { ...numbered(n), demand: { kind: 'replicas', replicas: round } }, noon + round)
      }
    }
    const numbers = store.standing('web', noon + 120).reduce((sum, { heard = [] }) => sum + heard.length, 0)
    expect(numbers).toBeGreaterThan(10 * mostSignals)
    expect(numbers).toBeLessThanOrEqual(2 * mostHeardOfAll)
  })

  it('withdrawals are remembered up to a bound, the newest ones', () => {
    const store = new SignalStore(ttlMs)
    for (let n = 0; n <= mostWithdrawn; n++) store.withdraw('web', `signal ${n}`, noon, noon)
    store.hear('web', numbered(0), noon)
    store.hear('web', numbered(1), noon)
    expect(store.standing('web', noon)).toMatchObject([{ fingerprint: 'signal 0' }])
  })
})
