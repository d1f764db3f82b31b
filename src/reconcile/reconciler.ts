import type { Signal } from '../domain/signal.ts'
import type { Outcome } from './apply.ts'
import { Considering, type ServiceOutlook } from './considering.ts'
import type { Clock, Observer, Swarm } from './ports.ts'
import { SignalStore } from './signal-store.ts'
import type { Standing } from './standings.ts'
import { SwarmError, toSwarmError } from './swarm-error.ts'

/** News of one alert: it fires, or it has ended. */
export type News =
  | { readonly kind: 'firing'; readonly signal: Signal }
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
  /** A signal not heard of for so long is forgotten, in ms. */
  readonly signalTtlMs: number
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
  readonly #signals: SignalStore
  readonly #considering: Considering
  /** The names of the services seen last, by ID and by name: alerts use either. */
  readonly #names = new Map<string, string>()
  #cancelResync: () => void = () => {}
  /** When the next resync is due, in ms since the epoch. */
  #resyncAtMs = 0
  #stopListening: () => void = () => {}
  #resyncing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: ReconcilerOptions) {
    this.#options = options
    const signals = new SignalStore(options.signalTtlMs)
    this.#signals = signals
    this.#considering = new Considering({
      isDryRun: false,
      ...options,
      signals,
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
  async lookAtAll(): Promise<void> {
    if (this.#stopped) return
    const looking = Promise.all([this.#resyncing, this.#resync()]).then(() => {})
    this.#resyncing = looking
    await looking
  }

  /** How each service stood when it was looked at last, by name. */
  standings(): readonly Standing[] {
    return this.#considering.standings()
  }

  /** How a service stands, by name or ID, and what the next alert would come to. Absent: none such speaks of the autoscaler. */
  standing(nameOrId: string): ServiceOutlook | undefined {
    return this.#considering.standing(nameOrId)
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
  async receive(reference: string, news: readonly News[]): Promise<Outcome> {
    this.#refuseWhenStopped()
    const name = await this.#nameOf(reference)
    this.#refuseWhenStopped()
    if (name === undefined) {
      const outcome: Outcome = { decision: { kind: 'reject', reason: 'unknown_service' } }
      this.#options.observer.decided(undefined, outcome.decision)
      return outcome
    }
    const nowMs = this.#options.clock.nowMs()
    for (const one of news) {
      if (one.kind === 'firing') this.#signals.hear(name, one.signal, nowMs)
      else this.#signals.withdraw(name, one.fingerprint, one.endedAtMs, nowMs)
    }
    return this.#considering.consider(name).catch((error) => {
      this.#resyncSoon()
      throw error
    })
  }

  #refuseWhenStopped(): void {
    if (this.#stopped) throw new SwarmError('stopping', 'the autoscaler is shutting down')
  }

  async #nameOf(reference: string): Promise<string | undefined> {
    return this.#names.get(reference) ?? (await this.#options.swarm.find(reference))?.service.name
  }

  #listen(): () => void {
    const { swarm, observer } = this.#options
    return swarm.watch({
      connected: () => {
        observer.listening()
        // What happened before may have been missed.
        this.lookAtAll()
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
    const { swarm, observer, resyncIntervalMs } = this.#options
    const mark = this.#signals.mark()
    try {
      const services = await swarm.list()
      observer.resynced()
      observer.onlyLeft(services)
      this.#considering.keepOnly(new Set(services.map(({ name }) => name)), mark)
      this.#names.clear()
      for (const { id, name } of services) this.#names.set(id, name).set(name, name)
      await Promise.all(services.map((service) => this.#considering.look(service)))
      return resyncIntervalMs
    } catch (thrown) {
      observer.resynced(toSwarmError(thrown))
      return Math.min(retryIntervalMs, resyncIntervalMs)
    }
  }
}
