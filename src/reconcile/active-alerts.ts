import type { ActiveAlert, Received } from '../domain/active-alert.ts'

/** An update of one alert: it fires, or it has ended. */
export type AlertUpdate =
  | { readonly kind: 'firing'; readonly alert: ActiveAlert }
  | { readonly kind: 'resolved'; readonly fingerprint: string; readonly endedAtMs: number }

interface Kept {
  readonly alert: ActiveAlert
  /** What `alert.received` shows. It grows with each post: to copy it each time would cost more than all else. */
  readonly received: Received[]
  readonly receivedAtMs: number
  /** Alerts are numbered as they are received. */
  readonly number: number
}

interface Resolution {
  readonly endedAtMs: number
  readonly receivedAtMs: number
}

/**
 * The active alerts, by service and fingerprint. An alert is active from when it is received until it is resolved, or
 * until it has not been received for the TTL: an Alertmanager that fell silent must not hold a service up for ever.
 */
export class ActiveAlerts {
  readonly #ttlMs: number
  readonly #byService = new Map<string, Map<string, Kept>>()
  /** What was resolved within the TTL, by service and fingerprint: a late copy must not revive it. */
  readonly #resolved = new Map<string, Resolution>()
  #lastNumber = 0

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs
  }

  /** Applies updates of the alerts of one service. Returns how many alerts were dropped because there were too many. */
  update(service: string, updates: readonly AlertUpdate[], nowMs: number): number {
    let dropped = 0
    for (const update of updates) {
      if (update.kind === 'firing') dropped += this.#add(service, update.alert, nowMs)
      else this.#resolve(service, update.fingerprint, update.endedAtMs, nowMs)
    }
    return dropped
  }

  /**
   * Adds an alert, or refreshes the one with the same fingerprint. One that was resolved before stays resolved: it is the same
   * firing, received late from another Alertmanager.
   *
   * Returns how many alerts of the service had to go for it: the one that was received longest ago, if there are `mostAlertsOfService`.
   */
  #add(service: string, alert: ActiveAlert, nowMs: number): number {
    this.#forgetOldResolutions(nowMs)
    const resolution = this.#resolved.get(keyOf(service, alert.fingerprint))
    if (resolution !== undefined && alert.startsAtMs <= resolution.endedAtMs) return 0
    const alerts = this.#byService.get(service) ?? new Map<string, Kept>()
    const before = alerts.get(alert.fingerprint)
    // Deleted first, so that it is last in the order in which alerts are received.
    alerts.delete(alert.fingerprint)
    const mostReceived = Math.min(mostReceivedOfOne, Math.floor(mostReceivedOfAll / (alerts.size + 1)))
    const received = receivedSoFar(before, alert, mostReceived, nowMs)
    const known = { ...alert, receivedAtMs: nowMs, received }
    alerts.set(alert.fingerprint, {
      alert: known,
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
   * Resolves an alert that ended at `endedAtMs`. One that began only after that is another firing of the same alert, and
   * stays: deliveries can overtake each other.
   */
  #resolve(service: string, fingerprint: string, endedAtMs: number, nowMs: number): void {
    this.#forgetOldResolutions(nowMs)
    // Deleted first, so that it is last in the order in which alerts are received.
    this.#resolved.delete(keyOf(service, fingerprint))
    this.#resolved.set(keyOf(service, fingerprint), { endedAtMs, receivedAtMs: nowMs })
    const [oldest] = this.#resolved.keys()
    if (this.#resolved.size > mostResolved && oldest !== undefined) this.#resolved.delete(oldest)
    const kept = this.#byService.get(service)?.get(fingerprint)
    if (kept === undefined || kept.alert.startsAtMs > endedAtMs) return
    this.#delete(service, [fingerprint])
  }

  /** The alerts of this service that are active now. */
  of(service: string, nowMs: number): readonly ActiveAlert[] {
    const alerts = [...(this.#byService.get(service)?.values() ?? [])]
    const isOld = ({ receivedAtMs }: Kept) => nowMs - receivedAtMs >= this.#ttlMs
    this.#delete(service, alerts.filter(isOld).map(fingerprintOf))
    return alerts.filter((kept) => !isOld(kept)).map(({ alert }) => alert)
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

  /** Resolutions are kept in the order in which they were received, so old ones come first. */
  #forgetOldResolutions(nowMs: number): void {
    for (const [key, { receivedAtMs }] of this.#resolved) {
      if (nowMs - receivedAtMs < this.#ttlMs) return
      this.#resolved.delete(key)
    }
  }
}

/** Most active alerts of one service: a hundred times what rules have for one, and still no burden for a decision. */
export const mostAlertsOfService = 1_000

/** Most resolutions that are remembered, of all services together. One that is forgotten can at worst be revived by a late copy, until the TTL. */
export const mostResolved = 50_000

/** This many numbers are kept of one alert, and at most twice as many: at a post every 5 s, more than an hour of them. */
export const mostReceivedOfOne = 1_000

/** This many of all alerts of a service, and at most twice as many, shared among them: what two hundred alerts have in the longest usual window. */
export const mostReceivedOfAll = 50_000

/** The numbers of this firing, the one just received the last. Another firing of the same alert starts anew. */
function receivedSoFar(
  before: Kept | undefined,
  { demand, startsAtMs }: ActiveAlert,
  mostReceived: number,
  nowMs: number,
): Received[] {
  const received = before?.alert.startsAtMs === startsAtMs ? before.received : []
  if (demand.kind !== 'replicas' || received.at(-1)?.replicas === demand.replicas) return received
  if (received.length >= 2 * mostReceived) received.splice(0, received.length - mostReceived)
  received.push({ atMs: nowMs, replicas: demand.replicas })
  return received
}

/** No name of a service holds a line break: the first one ends it. */
function keyOf(service: string, fingerprint: string): string {
  return `${service}\n${fingerprint}`
}

function fingerprintOf({ alert }: Kept): string {
  return alert.fingerprint
}
