import pLimit from 'p-limit'
import type { ActiveAlerts } from './active-alerts.ts'
import { Decider } from './decider.ts'
import type { Subscriber } from './events.ts'
import type { Outcome } from './outcome.ts'
import type { Clock, Found } from './ports.ts'
import type { ServiceCache } from './service-cache.ts'
import { ServiceReconciler } from './service-reconciler.ts'
import { ServiceState } from './service-state.ts'
import { SingleFlight } from './single-flight.ts'
import type { ServiceDetails, ServiceStatus } from './status.ts'
import { toSwarmError } from './swarm-error.ts'

export interface ServiceLoopOptions {
  readonly swarm: ServiceCache
  readonly clock: Clock
  readonly emit: Subscriber
  readonly alerts: ActiveAlerts
  /** How often every service is checked without any alert, in ms. */
  readonly resyncIntervalMs: number
  /** Decide, report and record for every service, but change nothing. */
  readonly isDryRun: boolean
  /** A service could not be read when its time had come. */
  readonly onMissed: () => void
}

/**
 * Most readings at the same time that only follow what was done or what others did. After a burst of changes there are many, and
 * what is due must not wait behind them if the engine is slow.
 */
const mostChecks = 16

/** What causes a check. Between two resyncs alerts without a cooldown wait, see `StepGuard`. */
type Cause = 'resync' | 'change'

/** All services that the loop knows, one state for each, and what causes them to be checked and reconciled. */
export class ServiceLoop {
  readonly #options: ServiceLoopOptions
  readonly #decider: Decider
  readonly #reconciler: ServiceReconciler
  /** Everything that is known of each service, by name. */
  readonly #services = new Map<string, ServiceState>()
  /** Checks under way of services that are not known yet, by ID. */
  readonly #newcomers = new Map<string, SingleFlight<void>>()
  readonly #readInTurn = pLimit(mostChecks)
  #stopped = false

  constructor(options: ServiceLoopOptions) {
    this.#options = options
    this.#decider = new Decider(options)
    this.#reconciler = new ServiceReconciler({ ...options, decider: this.#decider })
  }

  /**
   * Does what is due for a service by its alerts. If nothing is, or something holds it, its last reading answers, as long as that is
   * valid. `found`: a reading that was just made. Throws `SwarmError` if Swarm cannot be reached.
   */
  async reconcile(name: string, found?: Found): Promise<Outcome> {
    const state = this.#stateOf(name)
    const inHand =
      found === undefined ? this.#reconciler.decideCached(state) : this.#reconciler.decideRead(state, found)
    if (inHand !== undefined && 'outcome' in inHand) return inHand.outcome
    try {
      return await state.reconciling.run(inHand)
    } catch (error) {
      this.#options.onMissed()
      throw error
    }
  }

  /** Checks a service that a resync has just read. What goes wrong is reported. */
  async check(found: Found): Promise<void> {
    await this.#check(found, 'resync')
  }

  /** Checks the service of this ID: Swarm reported a change of it. If it cannot be read, that is reported. */
  async changed(id: string): Promise<void> {
    if (this.#stopped) return
    const name = this.#options.swarm.nameOf(id)
    if (name !== undefined) return this.#stateOf(name).checking.run()
    const newcomer = this.#newcomers.get(id) ?? new SingleFlight(() => this.#readAndCheck({ id }))
    this.#newcomers.set(id, newcomer)
    await newcomer.run()
    if (newcomer.isIdle) this.#newcomers.delete(id)
  }

  /** More alerts are active for a service than are kept: this many, the oldest, were dropped. */
  dropped(name: string, alerts: number): void {
    this.#stateOf(name).reported.dropped(name, alerts)
  }

  /** Forgets every service but these, and their alerts, except those received since `mark`: they may be of a service that is newer. */
  keepOnly(names: ReadonlySet<string>, mark: number): void {
    const { alerts, clock, emit } = this.#options
    for (const [name, state] of this.#services) {
      if (names.has(name)) continue
      alerts.forget(name, mark)
      state.timer.cancel()
      // One at work stays until the next resync: letting it go would allow a second writer.
      if (!state.isIdle) continue
      this.#services.delete(name)
      emit({ kind: 'forgotten', service: name, atMs: clock.nowMs() })
    }
  }

  /** The status of every service with autoscaler labels at its last check, by name. */
  statuses(): readonly ServiceStatus[] {
    const all = [...this.#services.values()].flatMap(({ status }) => status ?? [])
    return all.sort((a, b) => (a.service.name < b.service.name ? -1 : 1))
  }

  /** The status of a service by exact name, else by exact ID. Absent: it has no autoscaler labels, or there is none. */
  status(nameOrId: string): ServiceDetails | undefined {
    const named = this.#services.get(nameOrId)?.status
    const status = named ?? this.statuses().find(({ service }) => service.id === nameOrId)
    return status && { ...status, next: this.#decider.next(status.service) }
  }

  /** Checks nothing more, and resolves when every check and every update under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#reconciler.stop()
    for (const { timer } of this.#services.values()) timer.cancel()
    await Promise.all([...this.#services.values(), ...this.#newcomers.values()].map((one) => one.idle()))
  }

  #stateOf(name: string): ServiceState {
    const known = this.#services.get(name)
    if (known !== undefined) return known
    const { emit, clock, resyncIntervalMs } = this.#options
    const state = new ServiceState({
      name,
      emit,
      clock,
      resyncIntervalMs,
      converging: () => this.#converging(),
      reconcile: (inHand) => this.#reconciler.reconcile(state, inHand),
      check: () => this.#readAndCheck({ name }),
    })
    this.#services.set(name, state)
    return state
  }

  #converging(): number {
    let count = 0
    for (const { convergence } of this.#services.values()) if (convergence.isUnderWay) count++
    return count
  }

  /** Reads a service that is known by name, or one of this ID that may have opted in, and checks it. Never rejects. */
  async #readAndCheck(by: { readonly name: string } | { readonly id: string }): Promise<void> {
    const { swarm, onMissed } = this.#options
    if (this.#stopped) return
    try {
      const found = await this.#readInTurn(() => ('id' in by ? swarm.findById(by.id) : swarm.find(by.name)))
      if (found === undefined || this.#stopped) return
      const { name, policy } = found.service
      // Of a service without autoscaler labels nothing is kept.
      const isKnown = this.#services.get(name)?.memory.isKnown ?? false
      if (policy.kind !== 'not_enabled' || isKnown) await this.#check(found, 'change')
    } catch {
      onMissed()
    }
  }

  async #check(found: Found, cause: Cause): Promise<void> {
    const state = this.#stateOf(found.service.name)
    try {
      const inHand = this.#reconciler.decideRead(state, found)
      if (inHand === undefined) return
      const { service, decision } = inHand.reading
      const waits =
        cause === 'change' && state.stepGuard.holds(service, decision, this.#options.clock.nowMs())
      if (decision.kind !== 'scale' || waits)
        this.#reconciler.hold(state, service, inHand.reading, 'not_reported')
      // What failed was reported, and is tried again at the next resync.
      else if (!this.#stopped) await state.reconciling.run(inHand).catch(() => {})
    } catch (thrown) {
      this.#options.emit({ kind: 'unread', service: state.name, error: toSwarmError(thrown) })
    }
  }
}
