import { decide } from '../decide/decide.ts'
import type { Decision } from '../domain/decision.ts'
import type { Service } from '../domain/service.ts'
import type { Signal } from '../domain/signal.ts'
import { type Outcome, readDecideWrite } from './apply.ts'
import { Lane } from './lane.ts'
import type { Clock, Observer, Swarm } from './ports.ts'
import { SignalStore } from './signal-store.ts'
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
 * The loop. A service is considered when a signal arrives, when a hold ends by time, and on the resync timer; one
 * consideration of a service at a time, whatever sets it off.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #signals: SignalStore
  readonly #lanes = new Map<string, Lane<Outcome>>()
  readonly #wakes = new Map<string, () => void>()
  /** What was told last of each service's held change, see `inWords`. */
  readonly #lastHeld = new Map<string, string>()
  /** The names of the services seen last, by ID and by name: alerts use either. */
  readonly #names = new Map<string, string>()
  #cancelResync: () => void = () => {}
  #resyncing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: ReconcilerOptions) {
    this.#options = options
    this.#signals = new SignalStore(options.signalTtlMs)
  }

  /** Looks at every service once, and from then on every resync interval. A Swarm that is not there yet is waited for. */
  async start(): Promise<void> {
    this.#resyncAfter(await this.#resync())
  }

  /** Looks at every service now: what they are read by may have changed. Resolves when what is due has been tried. */
  async lookAtAll(): Promise<void> {
    if (this.#stopped) return
    const looking = Promise.all([this.#resyncing, this.#resync()]).then(() => {})
    this.#resyncing = looking
    await looking
  }

  /** Takes in no more news, and resolves when every update under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelResync()
    for (const cancel of this.#wakes.values()) cancel()
    this.#wakes.clear()
    await this.#resyncing
    await Promise.all([...this.#lanes.values()].map((lane) => lane.idle()))
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
      const decision = this.#decide(undefined, [])
      this.#options.observer.decided(undefined, decision)
      return { decision }
    }
    const nowMs = this.#options.clock.nowMs()
    for (const one of news) {
      if (one.kind === 'firing') this.#signals.hear(name, one.signal, nowMs)
      else this.#signals.withdraw(name, one.fingerprint, one.endedAtMs, nowMs)
    }
    return this.#consider(name)
  }

  #refuseWhenStopped(): void {
    if (this.#stopped) throw new SwarmError('stopping', 'the autoscaler is shutting down')
  }

  async #nameOf(reference: string): Promise<string | undefined> {
    return this.#names.get(reference) ?? (await this.#options.swarm.find(reference))?.service.name
  }

  #decide(service: Service | undefined, signals: readonly Signal[]): Decision {
    const { clock, isDryRun = false } = this.#options
    return decide({ service, signals, nowMs: clock.nowMs(), isDryRun })
  }

  #consider(name: string): Promise<Outcome> {
    const lane = this.#lanes.get(name) ?? new Lane(() => this.#considerNow(name))
    this.#lanes.set(name, lane)
    return lane.run()
  }

  async #considerNow(name: string): Promise<Outcome> {
    const { observer } = this.#options
    const signals = (nowMs: number) => this.#signals.standing(name, nowMs)
    const mark = this.#signals.mark()
    const outcome = await readDecideWrite(name, {
      ...this.#options,
      decide: (service) => this.#decide(service, signals(this.#options.clock.nowMs())),
    })
    observer.decided(outcome.service, outcome.decision)
    this.#lastHeld.set(name, inWords(outcome.decision))
    if (outcome.service === undefined || outcome.decision.kind === 'reject') this.#forget(name, mark)
    // A correction says nothing of what the signals ask for: they speak next, on the corrected service.
    if (isCorrection(outcome.decision) && signals(this.#options.clock.nowMs()).length > 0) {
      const next = await this.#considerNow(name)
      return next.decision.kind === 'scale' ? next : { ...next, decision: outcome.decision }
    }
    if (outcome.service !== undefined) this.#wakeWhenDue(outcome.service)
    return outcome
  }

  /** Tells of a change that a person keeps from being made and that no alert asks for, once and not at every resync. */
  #tellHeld(service: Service, decision: Decision): void {
    const words = inWords(decision)
    if (this.#lastHeld.get(service.name) === words) return
    this.#lastHeld.set(service.name, words)
    if (words !== '') this.#options.observer.decided(service, decision)
  }

  /** Sets the alarm for the moment at which a hold ends by time, so that nobody has to post the alert again. */
  #wakeWhenDue(service: Service): void {
    this.#wakes.get(service.name)?.()
    this.#wakes.delete(service.name)
    const nowMs = this.#options.clock.nowMs()
    const next = this.#decide(service, this.#signals.standing(service.name, nowMs))
    if (next.kind !== 'hold' || next.untilMs === undefined || this.#stopped) return
    const cancel = this.#options.clock.after(next.untilMs - nowMs, () => this.#considerAlone(service.name))
    this.#wakes.set(service.name, cancel)
  }

  /** Considers a service when nobody waits for the answer. What failed was told, and is tried again at the next resync. */
  async #considerAlone(name: string): Promise<void> {
    if (this.#stopped) return
    await this.#consider(name).catch(() => {})
  }

  #resyncAfter(delayMs: number): void {
    if (this.#stopped) return
    this.#cancelResync = this.#options.clock.after(delayMs, () => {
      this.#resyncing = this.#resync().then((nextMs) => this.#resyncAfter(nextMs))
    })
  }

  /** Reads all services in one call, and considers those for which something is due. Resolves with when to do it again. */
  async #resync(): Promise<number> {
    const { swarm, observer, resyncIntervalMs } = this.#options
    const mark = this.#signals.mark()
    let services: readonly Service[]
    try {
      services = await swarm.list()
    } catch (thrown) {
      observer.resynced(toSwarmError(thrown))
      return Math.min(retryIntervalMs, resyncIntervalMs)
    }
    observer.resynced()
    this.#keepOnly(services, mark)
    await Promise.all(services.map((service) => this.#lookAtOne(service)))
    return resyncIntervalMs
  }

  /** `mark` is from before the reading: what was heard since may be of a service that is newer than the reading. */
  #keepOnly(services: readonly Service[], mark: number): void {
    const left = new Set(services.map(({ name }) => name))
    this.#options.observer.onlyLeft(services)
    for (const name of this.#lanes.keys()) if (!left.has(name)) this.#forget(name, mark)
    this.#names.clear()
    for (const { id, name } of services) this.#names.set(id, name)
    for (const name of left) this.#names.set(name, name)
  }

  /** What goes wrong with one service is told, and keeps nobody from looking at the others. */
  async #lookAtOne(service: Service): Promise<void> {
    await this.#lookAt(service).catch((thrown) =>
      this.#options.observer.failed(service.name, toSwarmError(thrown)),
    )
  }

  async #lookAt(service: Service): Promise<void> {
    const nowMs = this.#options.clock.nowMs()
    this.#options.observer.seen(service, nowMs)
    const decision = this.#decide(service, this.#signals.standing(service.name, nowMs))
    if (decision.kind === 'scale') await this.#considerAlone(service.name)
    else if (decision.kind === 'hold') {
      this.#tellHeld(service, decision)
      this.#wakeWhenDue(service)
    }
  }

  #forget(name: string, mark: number): void {
    this.#signals.forget(name, mark)
    if (this.#signals.standing(name, this.#options.clock.nowMs()).length > 0) return
    this.#wakes.get(name)?.()
    this.#wakes.delete(name)
    this.#lastHeld.delete(name)
    // A lane at work stays: letting it go would allow a second writer.
    if (this.#lanes.get(name)?.isIdle === true) this.#lanes.delete(name)
  }
}

function isCorrection(decision: Decision): boolean {
  return decision.kind === 'scale' && decision.reason !== 'signal'
}

/** A change that a pause or a dry run holds, in words to compare; empty for every other decision. */
function inWords(decision: Decision): string {
  if (decision.kind !== 'hold' || (decision.reason !== 'dry_run' && decision.reason !== 'paused')) return ''
  return `${decision.reason} ${decision.replicas} ${decision.wouldBe ?? ''} ${decision.needed ?? ''}`
}
