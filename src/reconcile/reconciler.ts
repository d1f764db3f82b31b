import type { ActiveAlert } from '../domain/active-alert.ts'
import { ActiveAlerts } from './active-alerts.ts'
import type { Outcome } from './apply.ts'
import type { Clock, Observer, Swarm } from './ports.ts'
import { ServiceCache } from './service-cache.ts'
import { type ServiceDetails, ServiceLoop } from './service-loop.ts'
import type { ServiceStatus } from './status-store.ts'
import { SwarmError, toSwarmError } from './swarm-error.ts'

/** AlertUpdate of one alert: it fires, or it has ended. */
export type AlertUpdate =
  | { readonly kind: 'firing'; readonly alert: ActiveAlert }
  | {
      readonly kind: 'resolved'
      readonly fingerprint: string
      readonly endedAtMs: number
    }

export interface ReconcilerOptions {
  readonly swarm: Swarm
  readonly clock: Clock
  readonly observer: Observer
  /** How often every service is looked at without any signal, in ms. */
  readonly resyncIntervalMs: number
  /** A signal not received for so long is forgotten, in ms. */
  readonly alertTtlMs: number
  /** Decide, report and record for every service, but change nothing. Default false. */
  readonly isDryRun?: boolean
}

/** How soon Docker is asked again while it is away, in ms: what is due then should not wait for a whole interval. */
const retryIntervalMs = 1_000

/**
 * The loop. A service is considered when a signal arrives, when it was changed, when a hold ends by time, and on the resync
 * timer.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #alerts: ActiveAlerts
  readonly #considering: ServiceLoop
  readonly #sight: ServiceCache
  #cancelResync: () => void = () => {}
  /** When the next resync is due, in ms since the epoch. */
  #resyncAtMs = 0
  #stopListening: () => void = () => {}
  #resyncing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: ReconcilerOptions) {
    this.#options = options
    const alerts = new ActiveAlerts(options.alertTtlMs)
    const sight = new ServiceCache(options.swarm)
    this.#alerts = alerts
    this.#sight = sight
    this.#considering = new ServiceLoop({
      isDryRun: false,
      ...options,
      swarm: sight,
      alerts,
      onMissed: () => this.#resyncSoon(),
    })
  }

  /**
   * Looks at every service once, and from then on every resync interval and whenever Swarm tells of a change. A Swarm that is
   * not there yet is waited for.
   */
  async start(): Promise<void> {
    this.#resyncAfter(await this.#resync())
    if (!this.#stopped) this.#stopListening = this.#listen()
  }

  /** Looks at every service now: what they are read by may have changed. Resolves when what is due has been tried. */
  async checkAll(): Promise<void> {
    if (this.#stopped) return
    this.#sight.blur()
    const looking = Promise.all([this.#resyncing, this.#resync()]).then(() => {})
    this.#resyncing = looking
    await looking
  }

  /** How each service stood when it was looked at last, by name. */
  statuses(): readonly ServiceStatus[] {
    return this.#considering.statuses()
  }

  /** How a service stands, by name or ID, and what the next alert would come to. Absent: none such speaks of the autoscaler. */
  status(nameOrId: string): ServiceDetails | undefined {
    return this.#considering.status(nameOrId)
  }

  /** Takes in no more news, and resolves when every update under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stopListening()
    this.#cancelResync()
    await this.#resyncing
    await this.#considering.stop()
  }

  /**
   * Takes in news of one service, all of it before anything is decided, and applies what is due.
   * `reference` is the service's name or ID. Throws `SwarmError` where Swarm cannot be reached; news of a service that was
   * seen before is kept then.
   */
  async receive(reference: string, news: readonly AlertUpdate[]): Promise<Outcome> {
    this.#refuseWhenStopped()
    const name = await this.#nameOf(reference)
    this.#refuseWhenStopped()
    if (name === undefined) {
      const outcome: Outcome = { decision: { kind: 'reject', reason: 'unknown_service' } }
      this.#options.observer.decided(undefined, outcome.decision)
      return outcome
    }
    this.#hear(name, news)
    return this.#considering.considerUnread(name) ?? (await this.#consider(name))
  }

  /**
   * Takes in news of a service where nobody waits for what comes of it: it is considered as soon as there is time. AlertUpdate of a service
   * that was never seen is not kept.
   */
  hear(reference: string, news: readonly AlertUpdate[]): void {
    const name = this.#sight.nameOf(reference)
    if (name === undefined || this.#stopped) return
    this.#hear(name, news)
    // What failed was told, and is tried again.
    if (this.#considering.considerUnread(name) === undefined) this.#consider(name).catch(() => {})
  }

  #hear(name: string, news: readonly AlertUpdate[]): void {
    const nowMs = this.#options.clock.nowMs()
    let dropped = 0
    for (const one of news) {
      if (one.kind === 'firing') dropped += this.#alerts.hear(name, one.alert, nowMs)
      else this.#alerts.withdraw(name, one.fingerprint, one.endedAtMs, nowMs)
    }
    if (dropped > 0) this.#options.observer.dropped(name, dropped)
  }

  async #consider(name: string): Promise<Outcome> {
    try {
      return await this.#considering.consider(name)
    } catch (error) {
      this.#resyncSoon()
      throw error
    }
  }

  #refuseWhenStopped(): void {
    if (this.#stopped) throw new SwarmError('stopping', 'the autoscaler is shutting down')
  }

  async #nameOf(reference: string): Promise<string | undefined> {
    const known = this.#sight.nameOf(reference)
    if (known !== undefined || !(await this.#sight.has(reference))) return known
    return (await this.#sight.find(reference))?.service.name
  }

  #listen(): () => void {
    const { observer } = this.#options
    return this.#sight.watch({
      connected: () => {
        observer.listening()
        // What happened before may have been missed.
        this.checkAll()
      },
      changed: (id) => {
        this.#considering.lookAgain(id)
      },
      lost: (error) => observer.listening(error),
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

  /** Reads all services in one call, and considers those for which something is due. Resolves with when to do it again. */
  async #resync(): Promise<number> {
    const { observer, resyncIntervalMs } = this.#options
    const mark = this.#alerts.mark()
    try {
      const services = await this.#sight.list()
      observer.resynced()
      observer.onlyLeft(services)
      this.#considering.keepOnly(new Set(services.map(({ name }) => name)), mark)
      await Promise.all(services.map((service) => this.#considering.look(service)))
      return resyncIntervalMs
    } catch (thrown) {
      observer.resynced(toSwarmError(thrown))
      return Math.min(retryIntervalMs, resyncIntervalMs)
    }
  }
}
