import { ActiveAlerts, type AlertUpdate } from './active-alerts.ts'
import type { Subscriber } from './events.ts'
import { LastResult } from './last-result.ts'
import type { Outcome } from './outcome.ts'
import type { Clock, Found, Swarm } from './ports.ts'
import { ServiceCache } from './service-cache.ts'
import { ServiceLoop } from './service-loop.ts'
import type { ServiceDetails, ServiceStatus } from './status.ts'
import { SwarmError, toSwarmError } from './swarm-error.ts'

export interface ReconcilerOptions {
  readonly swarm: Swarm
  readonly clock: Clock
  /** Each receives every event of the loop. */
  readonly subscribers: readonly Subscriber[]
  /** How often every service is checked without any alert, in ms. */
  readonly resyncIntervalMs: number
  /** An alert not received for this long is forgotten, in ms. */
  readonly alertTtlMs: number
  /** Decide, report and record for every service, but change nothing. Default false. */
  readonly isDryRun?: boolean
}

/** How soon Docker is asked again while it is away, in ms: what is due then should not wait for a whole interval. */
const retryIntervalMs = 1_000

/**
 * The loop. A service is checked when an alert arrives, when it was changed, when a hold ends by time, and on the resync
 * timer.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #alerts: ActiveAlerts
  readonly #loop: ServiceLoop
  readonly #cache: ServiceCache
  readonly #emit: Subscriber
  #cancelResync: () => void = () => {}
  /** When the next resync is due, in ms since the epoch. */
  #resyncAtMs = 0
  #stopWatching: () => void = () => {}
  #resyncing: Promise<void> = Promise.resolve()
  #stopped = false
  readonly #lastResync = new LastResult()
  readonly #lastWatch = new LastResult()

  constructor(options: ReconcilerOptions) {
    this.#options = options
    this.#emit = (event) => {
      for (const subscriber of options.subscribers) subscriber(event)
    }
    this.#alerts = new ActiveAlerts(options.alertTtlMs)
    this.#cache = new ServiceCache(options.swarm)
    this.#loop = new ServiceLoop({
      isDryRun: false,
      ...options,
      swarm: this.#cache,
      emit: this.#emit,
      alerts: this.#alerts,
      onMissed: () => this.#resyncSoon(),
    })
  }

  /**
   * Checks every service once, and from then on every resync interval and whenever Swarm reports a change. A Swarm that is
   * not there yet is waited for.
   */
  async start(): Promise<void> {
    this.#resyncAfter(await this.#resync())
    if (!this.#stopped) this.#stopWatching = this.#watch()
  }

  /** Checks every service now: what they are read by may have changed. Resolves when what is due has been tried. */
  async checkAll(): Promise<void> {
    if (this.#stopped) return
    this.#cache.invalidate()
    const checking = Promise.all([this.#resyncing, this.#resync()]).then(() => {})
    this.#resyncing = checking
    await checking
  }

  /** The status of each service at its last check, by name. */
  statuses(): readonly ServiceStatus[] {
    return this.#loop.statuses()
  }

  /** The status of a service, by name or ID, and what the next alert would result in. Absent: none such has autoscaler labels. */
  status(nameOrId: string): ServiceDetails | undefined {
    return this.#loop.status(nameOrId)
  }

  /** Receives nothing more, and resolves when every check and every update under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stopWatching()
    this.#cancelResync()
    await this.#resyncing
    await this.#loop.stop()
  }

  /**
   * Receives updates of the alerts of one service, all of them before anything is decided, and applies what is due.
   * `reference` is the service's name or ID. Throws `SwarmError` if Swarm cannot be reached; updates for a service that was
   * seen before are kept then.
   */
  async receive(reference: string, updates: readonly AlertUpdate[]): Promise<Outcome> {
    this.#refuseIfStopped()
    const located = await this.#locate(reference)
    this.#refuseIfStopped()
    if (located === undefined) {
      const outcome: Outcome = { decision: { kind: 'reject', reason: 'unknown_service' } }
      this.#emit({ kind: 'decided', ...outcome })
      return outcome
    }
    this.#ingest(located.name, updates)
    return this.#loop.reconcile(located.name, located.found)
  }

  /**
   * Receives updates without waiting for what comes of them: the service is reconciled as soon as there is time. Updates for a
   * service that was never seen are not kept.
   */
  enqueue(reference: string, updates: readonly AlertUpdate[]): void {
    const name = this.#cache.nameOf(reference)
    if (name === undefined || this.#stopped) return
    this.#ingest(name, updates)
    // What failed was reported, and is tried again.
    this.#loop.reconcile(name).catch(() => {})
  }

  #ingest(name: string, updates: readonly AlertUpdate[]): void {
    const dropped = this.#alerts.update(name, updates, this.#options.clock.nowMs())
    if (dropped > 0) this.#loop.dropped(name, dropped)
  }

  #refuseIfStopped(): void {
    if (this.#stopped) throw new SwarmError('stopping', 'the autoscaler is shutting down')
  }

  /** The name that a reference stands for, with the service itself if it had to be read for that. */
  async #locate(reference: string): Promise<{ readonly name: string; readonly found?: Found } | undefined> {
    const name = this.#cache.nameOf(reference)
    if (name !== undefined) return { name }
    if (!(await this.#cache.has(reference))) return undefined
    const found = await this.#cache.find(reference)
    return found && { name: found.service.name, found }
  }

  #watch(): () => void {
    const report = (error?: SwarmError) => {
      const isNew = this.#lastWatch.isNew(error)
      this.#emit({ kind: 'watched', isNew, ...(error && { error }) })
    }
    return this.#cache.watch({
      connected: () => {
        report()
        // What happened before may have been missed.
        this.checkAll()
      },
      changed: (id) => {
        this.#loop.changed(id)
      },
      lost: report,
    })
  }

  #resyncAfter(delayMs: number): void {
    if (this.#stopped) return
    const { clock } = this.#options
    this.#cancelResync()
    this.#resyncAtMs = clock.nowMs() + delayMs
    this.#cancelResync = clock.after(delayMs, () => {
      const resync = this.#resync().then((nextMs) => this.#resyncAfter(nextMs))
      this.#resyncing = Promise.all([this.#resyncing, resync]).then(() => {})
    })
  }

  /** Brings the next resync forward: what has just failed is due, and should not wait for a whole interval. */
  #resyncSoon(): void {
    if (this.#resyncAtMs - this.#options.clock.nowMs() > retryIntervalMs) this.#resyncAfter(retryIntervalMs)
  }

  /** Reads all services in one call, and reconciles those for which something is due. Resolves with when to do it again. */
  async #resync(): Promise<number> {
    const { resyncIntervalMs } = this.#options
    const mark = this.#alerts.mark()
    try {
      const listed = await this.#cache.list()
      this.#resynced()
      this.#loop.keepOnly(new Set(listed.map(({ service }) => service.name)), mark)
      await Promise.all(listed.map((found) => this.#loop.check(found)))
      return resyncIntervalMs
    } catch (thrown) {
      this.#resynced(toSwarmError(thrown))
      return Math.min(retryIntervalMs, resyncIntervalMs)
    }
  }

  #resynced(error?: SwarmError): void {
    const isNew = this.#lastResync.isNew(error)
    this.#emit({ kind: 'resynced', isNew, atMs: this.#options.clock.nowMs(), ...(error && { error }) })
  }
}
