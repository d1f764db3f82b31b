import type { ActiveAlert, Received } from '../domain/active-alert.ts'

interface Standing {
  readonly signal: ActiveAlert
  /** What `alert.received` shows. It grows with each post: to copy it each time would cost more than all else. */
  readonly received: Received[]
  readonly receivedAtMs: number
  /** Alerts are numbered as they are received. */
  readonly number: number
}

interface Withdrawal {
  readonly endedAtMs: number
  readonly receivedAtMs: number
}

/**
 * The active alerts, by service and fingerprint. An alert is active from when it is received until it is withdrawn, or
 * until it has not been received for the TTL: an Alertmanager that fell silent must not hold a service up for ever.
 */
export class ActiveAlerts {
  readonly #ttlMs: number
  readonly #byService = new Map<string, Map<string, Standing>>()
  /** What was withdrawn within the TTL, by service and fingerprint: late news must not revive it. */
  readonly #withdrawn = new Map<string, Withdrawal>()
  #lastNumber = 0

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs
  }

  /**
   * Takes in an alert for the service of this name, or refreshes the one with the same fingerprint. One that was withdrawn
   * before stays withdrawn: it is the same firing, received late from another Alertmanager.
   *
   * Answers how many alerts of the service had to go for it: where `mostAlertsOfService` stand, that which was received longest ago.
   */
  hear(service: string, signal: ActiveAlert, nowMs: number): number {
    this.#forgetOldWithdrawals(nowMs)
    const withdrawal = this.#withdrawn.get(keyOf(service, signal.fingerprint))
    if (withdrawal !== undefined && signal.startsAtMs <= withdrawal.endedAtMs) return 0
    const alerts = this.#byService.get(service) ?? new Map<string, Standing>()
    const before = alerts.get(signal.fingerprint)
    // Deleted first, so that it stands last in the order of hearing.
    alerts.delete(signal.fingerprint)
    const mostReceived = Math.min(mostReceivedOfOne, Math.floor(mostReceivedOfAll / (alerts.size + 1)))
    const received = receivedSoFar(before, signal, mostReceived, nowMs)
    const known = { ...signal, receivedAtMs: nowMs, received }
    alerts.set(signal.fingerprint, {
      signal: known,
      received,
      receivedAtMs: nowMs,
      number: ++this.#lastNumber,
    })
    this.#byService.set(service, alerts)
    const [oldest] = alerts.keys()
    if (alerts.size <= mostAlertsOfService || oldest === undefined) return 0
    alerts.delete(oldest)
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
    this.#withdrawn.set(keyOf(service, fingerprint), { endedAtMs, receivedAtMs: nowMs })
    const [oldest] = this.#withdrawn.keys()
    if (this.#withdrawn.size > mostWithdrawn && oldest !== undefined) this.#withdrawn.delete(oldest)
    const standing = this.#byService.get(service)?.get(fingerprint)
    if (standing === undefined || standing.signal.startsAtMs > endedAtMs) return
    this.#delete(service, [fingerprint])
  }

  /** The alerts that stand for this service now. */
  standing(service: string, nowMs: number): readonly ActiveAlert[] {
    const alerts = [...(this.#byService.get(service)?.values() ?? [])]
    const isOld = ({ receivedAtMs }: Standing) => nowMs - receivedAtMs >= this.#ttlMs
    this.#delete(service, alerts.filter(isOld).map(fingerprintOf))
    return alerts.filter((standing) => !isOld(standing)).map(({ signal }) => signal)
  }

  /** For `forget`: all that was received until now. */
  mark(): number {
    return this.#lastNumber
  }

  /** Forgets what was received until `mark` of a service that is gone or may not be scaled. */
  forget(service: string, mark: number): void {
    const alerts = [...(this.#byService.get(service)?.values() ?? [])]
    this.#delete(service, alerts.filter(({ number }) => number <= mark).map(fingerprintOf))
  }

  #delete(service: string, fingerprints: readonly string[]): void {
    const alerts = this.#byService.get(service)
    for (const fingerprint of fingerprints) alerts?.delete(fingerprint)
    if (alerts?.size === 0) this.#byService.delete(service)
  }

  /** Withdrawals are kept in the order in which they were received, so the old ones come first. */
  #forgetOldWithdrawals(nowMs: number): void {
    for (const [key, { receivedAtMs }] of this.#withdrawn) {
      if (nowMs - receivedAtMs < this.#ttlMs) return
      this.#withdrawn.delete(key)
    }
  }
}

/** Most alerts that stand for one service: a hundred times what rules have for one, and what a decision still takes no time for. */
export const mostAlertsOfService = 1_000

/** Most withdrawals that are remembered, of all services together. One that is forgotten can at worst be revived by a late copy, until the TTL. */
export const mostWithdrawn = 50_000

/** So many numbers are kept of one signal, and at most twice as many: at a post every 5 s, more than an hour of them. */
export const mostReceivedOfOne = 1_000

/** So many of all alerts of a service, and at most twice as many, shared among them: what two hundred alerts have in the longest usual window. */
export const mostReceivedOfAll = 50_000

/** The numbers of this firing, the one just received the last. Another firing of the same alert starts anew. */
function receivedSoFar(
  before: Standing | undefined,
  { demand, startsAtMs }: ActiveAlert,
  mostReceived: number,
  nowMs: number,
): Received[] {
  const received = before?.signal.startsAtMs === startsAtMs ? before.received : []
  if (demand.kind !== 'replicas' || received.at(-1)?.replicas === demand.replicas) return received
  if (received.length >= 2 * mostReceived) received.splice(0, received.length - mostReceived)
  received.push({ atMs: nowMs, replicas: demand.replicas })
  return received
}

/** No name of a service holds a line break: the first one ends it. */
function keyOf(service: string, fingerprint: string): string {
  return `${service}\n${fingerprint}`
}

function fingerprintOf({ signal }: Standing): string {
  return signal.fingerprint
}
