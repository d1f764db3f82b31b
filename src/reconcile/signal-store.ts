import type { Heard, Signal } from '../domain/signal.ts'

interface Standing {
  readonly signal: Signal
  /** What `signal.heard` shows. It grows with each post: to copy it each time would cost more than all else. */
  readonly heard: Heard[]
  readonly heardAtMs: number
  /** Signals are numbered as they are heard. */
  readonly number: number
}

interface Withdrawal {
  readonly endedAtMs: number
  readonly heardAtMs: number
}

/**
 * The signals that stand, by service and fingerprint. A signal stands from when it is heard until it is withdrawn, or
 * until it has not been heard of for the TTL: an Alertmanager that fell silent must not hold a service up for ever.
 */
export class SignalStore {
  readonly #ttlMs: number
  readonly #byService = new Map<string, Map<string, Standing>>()
  /** What was withdrawn within the TTL, by service and fingerprint: late news must not revive it. */
  readonly #withdrawn = new Map<string, Withdrawal>()
  #lastNumber = 0

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs
  }

  /**
   * Takes in a signal for the service of this name, or refreshes the one with the same fingerprint. One that was withdrawn
   * before stays withdrawn: it is the same firing, heard late from another Alertmanager.
   *
   * Answers how many signals of the service had to go for it: where `mostSignals` stand, that which was heard of longest ago.
   */
  hear(service: string, signal: Signal, nowMs: number): number {
    this.#forgetOldWithdrawals(nowMs)
    const withdrawal = this.#withdrawn.get(keyOf(service, signal.fingerprint))
    if (withdrawal !== undefined && signal.startsAtMs <= withdrawal.endedAtMs) return 0
    const signals = this.#byService.get(service) ?? new Map<string, Standing>()
    const before = signals.get(signal.fingerprint)
    // Deleted first, so that it stands last in the order of hearing.
    signals.delete(signal.fingerprint)
    const mostHeard = Math.min(mostHeardOfOne, Math.floor(mostHeardOfAll / (signals.size + 1)))
    const heard = heardSoFar(before, signal, mostHeard, nowMs)
    const known = { ...signal, heardAtMs: nowMs, heard }
    signals.set(signal.fingerprint, { signal: known, heard, heardAtMs: nowMs, number: ++this.#lastNumber })
    this.#byService.set(service, signals)
    const [oldest] = signals.keys()
    if (signals.size <= mostSignals || oldest === undefined) return 0
    signals.delete(oldest)
    return 1
  }

  /**
   * Withdraws a signal that ended at `endedAtMs`. One that began only after that is another firing of the same alert, and
   * stays: deliveries can overtake each other.
   */
  withdraw(service: string, fingerprint: string, endedAtMs: number, nowMs: number): void {
    this.#forgetOldWithdrawals(nowMs)
    // Deleted first, so that it stands last in the order of hearing.
    this.#withdrawn.delete(keyOf(service, fingerprint))
    this.#withdrawn.set(keyOf(service, fingerprint), { endedAtMs, heardAtMs: nowMs })
    const [oldest] = this.#withdrawn.keys()
    if (this.#withdrawn.size > mostWithdrawn && oldest !== undefined) this.#withdrawn.delete(oldest)
    const standing = this.#byService.get(service)?.get(fingerprint)
    if (standing === undefined || standing.signal.startsAtMs > endedAtMs) return
    this.#delete(service, [fingerprint])
  }

  /** The signals that stand for this service now. */
  standing(service: string, nowMs: number): readonly Signal[] {
    const signals = [...(this.#byService.get(service)?.values() ?? [])]
    const isOld = ({ heardAtMs }: Standing) => nowMs - heardAtMs >= this.#ttlMs
    this.#delete(service, signals.filter(isOld).map(fingerprintOf))
    return signals.filter((standing) => !isOld(standing)).map(({ signal }) => signal)
  }

  /** For `forget`: all that was heard until now. */
  mark(): number {
    return this.#lastNumber
  }

  /** Forgets what was heard until `mark` of a service that is gone or may not be scaled. */
  forget(service: string, mark: number): void {
    const signals = [...(this.#byService.get(service)?.values() ?? [])]
    this.#delete(service, signals.filter(({ number }) => number <= mark).map(fingerprintOf))
  }

  #delete(service: string, fingerprints: readonly string[]): void {
    const signals = this.#byService.get(service)
    for (const fingerprint of fingerprints) signals?.delete(fingerprint)
    if (signals?.size === 0) this.#byService.delete(service)
  }

  /** Withdrawals are kept in the order in which they were heard, so the old ones come first. */
  #forgetOldWithdrawals(nowMs: number): void {
    for (const [key, { heardAtMs }] of this.#withdrawn) {
      if (nowMs - heardAtMs < this.#ttlMs) return
      this.#withdrawn.delete(key)
    }
  }
}

/** Most signals that stand for one service: a hundred times what rules have for one, and what a decision still takes no time for. */
export const mostSignals = 1_000

/** Most withdrawals that are remembered, of all services together. One that is forgotten can at worst be revived by a late copy, until the TTL. */
export const mostWithdrawn = 50_000

/** So many numbers are kept of one signal, and at most twice as many: at a post every 5 s, more than an hour of them. */
export const mostHeardOfOne = 1_000

/** So many of all signals of a service, and at most twice as many, shared among them: what two hundred signals have in the longest usual window. */
export const mostHeardOfAll = 50_000

/** The numbers of this firing, the one just heard the last. Another firing of the same alert starts anew. */
function heardSoFar(
  before: Standing | undefined,
  { demand, startsAtMs }: Signal,
  mostHeard: number,
  nowMs: number,
): Heard[] {
  const heard = before?.signal.startsAtMs === startsAtMs ? before.heard : []
  if (demand.kind !== 'replicas' || heard.at(-1)?.replicas === demand.replicas) return heard
  if (heard.length >= 2 * mostHeard) heard.splice(0, heard.length - mostHeard)
  heard.push({ atMs: nowMs, replicas: demand.replicas })
  return heard
}

/** No name of a service holds a line break: the first one ends it. */
function keyOf(service: string, fingerprint: string): string {
  return `${service}\n${fingerprint}`
}

function fingerprintOf({ signal }: Standing): string {
  return signal.fingerprint
}
