import pLimit from 'p-limit'
import { decide } from '../decide/decide.ts'
import { type NextChanges, nextChanges } from '../decide/next-change.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Service } from '../domain/service.ts'
import type { ActiveAlerts } from './active-alerts.ts'
import { type Considered, type Outcome, readDecideWrite } from './apply.ts'
import { Convergence } from './convergence.ts'
import { GateWatch, isAtGate } from './gate-watch.ts'
import { Memory } from './memory.ts'
import type { Clock, Observer } from './ports.ts'
import type { ServiceCache } from './service-cache.ts'
import { SingleFlight } from './single-flight.ts'
import { type ServiceStatus, StatusStore } from './status-store.ts'
import { StepGuard } from './step-guard.ts'
import { toSwarmError } from './swarm-error.ts'
import { Timers } from './timers.ts'

export interface ConsideringOptions {
  readonly swarm: ServiceCache
  readonly clock: Clock
  readonly observer: Observer
  readonly alerts: ActiveAlerts
  /** How often every service is looked at without any signal, in ms. */
  readonly resyncIntervalMs: number
  /** Decide, report and record for every service, but change nothing. */
  readonly isDryRun: boolean
  /** A service could not be read when its time had come. */
  readonly onMissed: () => void
}

/**
 * Most readings at the same time that only follow what was done or what others did. After a burst of changes there are many, and
 * what is due must not wait behind them where the engine is slow.
 */
const mostLooks = 16

/** How a service stands, and what the next alert would come to. */
export interface ServiceDetails extends ServiceStatus {
  readonly next: NextChanges
}

/**
 * What is done about single services: a look finds out whether anything is due, and a consideration does it. One
 * consideration of a service at a time, whatever sets it off.
 */
export class ServiceLoop {
  readonly #options: ConsideringOptions
  readonly #memory: Memory
  readonly #convergence: Convergence
  readonly #gateWatch: GateWatch
  readonly #rest: StepGuard
  readonly #standings = new StatusStore()
  readonly #alarms: Timers
  readonly #lanes = new Map<string, SingleFlight<Outcome>>()
  readonly #readInTurn = pLimit(mostLooks)
  /** Looks under way, by name or ID. */
  readonly #looks = new Map<string, SingleFlight<void>>()
  /** What was told last of each service's held change, see `inWords`. */
  readonly #lastHeld = new Map<string, string>()
  #stopped = false

  constructor(options: ConsideringOptions) {
    this.#options = options
    this.#convergence = new Convergence(options.observer)
    this.#memory = new Memory(options.observer, (name, scaling, atMs) =>
      this.#convergence.begin(name, scaling, atMs),
    )
    this.#gateWatch = new GateWatch(options.observer)
    this.#rest = new StepGuard(options.resyncIntervalMs)
    this.#alarms = new Timers(options.clock)
  }

  /** Reads a service, and applies what is due. Throws `SwarmError` where Swarm cannot be reached. */
  consider(name: string): Promise<Outcome> {
    const lane = this.#lanes.get(name) ?? new SingleFlight(() => this.#considerNow(name))
    this.#lanes.set(name, lane)
    return lane.run()
  }

  /**
   * What holds a service, or refuses it, by its last reading. Absent where that may not hold any more, or where something is
   * due: what is written is always read first.
   */
  considerUnread(name: string): Outcome | undefined {
    const { swarm, clock, alerts } = this.#options
    const read = swarm.of(name)
    if (read === undefined || this.#lanes.get(name)?.isIdle === false) return undefined
    const nowMs = clock.nowMs()
    const service = this.#memory.settle(read, nowMs)
    const considered = this.#decide(service)
    const { decision } = considered
    if (service === undefined || decision.kind === 'scale' || isAtGate(decision)) return undefined
    this.#tellDecided(name, { service, decision }, alerts.mark())
    if (this.#isStranger(service)) return { decision, service }
    this.#memory.decided(service, decision)
    this.#tellStanding(service, considered, nowMs)
    if (decision.kind === 'hold' && decision.untilMs !== undefined) {
      this.#alarms.bringForward(name, decision.untilMs - nowMs, () => this.lookAgain(name))
    }
    return { decision, service }
  }

  /**
   * Looks at a service that was just read, and considers it where something is due. What goes wrong is told.
   * `isBetween`: between two resyncs, where alerts without a cooldown rest.
   */
  async look(read: Service, isBetween = false): Promise<void> {
    try {
      await this.#look(read, isBetween)
    } catch (thrown) {
      this.#options.observer.failed(read.name, toSwarmError(thrown))
    }
  }

  /** Reads a service that was seen before, or has opted in since, and looks at it. Where it cannot, that is told. */
  async lookAgain(reference: string): Promise<void> {
    if (this.#stopped) return
    const lane = this.#looks.get(reference) ?? new SingleFlight(() => this.#readAndLook(reference))
    this.#looks.set(reference, lane)
    await lane.run().catch(() => this.#options.onMissed())
    if (lane.isIdle) this.#looks.delete(reference)
  }

  /** Keeps nothing of services but these, except what was received since `mark`: it may be of a service that is newer. */
  keepOnly(names: ReadonlySet<string>, mark: number): void {
    for (const name of [...this.#lanes.keys(), ...this.#lastHeld.keys()]) {
      if (!names.has(name)) this.#forget(name, mark)
    }
    const rooms = [
      this.#memory,
      this.#convergence,
      this.#gateWatch,
      this.#rest,
      this.#alarms,
      this.#standings,
    ]
    for (const room of rooms) room.keepOnly(names)
  }

  /** How each service stood when it was looked at last, by name. */
  statuses(): readonly ServiceStatus[] {
    return this.#standings.all()
  }

  /** How a service stands, and what the next alert would come to. Absent: no such service speaks of the autoscaler. */
  status(nameOrId: string): ServiceDetails | undefined {
    const standing = this.#standings.of(nameOrId)
    if (standing === undefined) return undefined
    const { service } = standing
    return {
      ...standing,
      next: nextChanges({ service, ...this.#situation(service), isDryRun: this.#options.isDryRun }),
    }
  }

  /** Looks no more, and resolves when every update under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#alarms.cancelAll()
    const atWork = [...this.#lanes.values(), ...this.#looks.values()]
    await Promise.all(atWork.map((lane) => lane.idle()))
  }

  async #considerNow(name: string): Promise<Outcome> {
    const { clock, alerts } = this.#options
    const mark = alerts.mark()
    const memory = this.#memory
    const outcome = await readDecideWrite(name, {
      ...this.#options,
      memory,
      decide: (service) => {
        const considered = this.#decide(service)
        this.#rest.begin(name, considered.decision, clock.nowMs())
        return considered
      },
    })
    const { service, decision } = outcome
    this.#tellDecided(name, outcome, mark)
    if (service === undefined || this.#isStranger(service)) return outcome
    if (decision.kind === 'scale') this.#convergence.begin(name, decision, clock.nowMs())
    else memory.decided(service, decision)
    // A correction says nothing of what the alerts ask for: they speak next, on the corrected service.
    if (isCorrection(decision) && alerts.standing(name, clock.nowMs()).length > 0) {
      const next = await this.#considerNow(name)
      return next.decision.kind === 'scale' ? next : { ...next, decision }
    }
    this.#follow(service, this.#decide(service))
    return outcome
  }

  /** Tells of what a consideration came to. Of what may not be scaled, nothing received until `mark` is kept. */
  #tellDecided(name: string, { service, decision }: Outcome, mark: number): void {
    this.#options.observer.decided(service, decision)
    this.#lastHeld.set(name, inWords(decision))
    if (service === undefined || decision.kind === 'reject') this.#forget(name, mark)
  }

  async #readAndLook(reference: string): Promise<void> {
    const found = await this.#readInTurn(() => this.#options.swarm.find(reference))
    if (found === undefined || this.#stopped) return
    const { name, policy } = found.service
    // Of a service that says nothing of the autoscaler nothing is kept.
    if (policy.kind !== 'not_enabled' || this.#memory.has(name)) await this.look(found.service, true)
  }

  async #look(read: Service, isBetween: boolean): Promise<void> {
    const nowMs = this.#options.clock.nowMs()
    const service = this.#memory.settle(read, nowMs)
    if (service === undefined) return
    this.#options.observer.seen(service, nowMs)
    const considered = this.#decide(service)
    const { decision } = considered
    const rests = isBetween && this.#rest.holds(service, decision, nowMs)
    if (decision.kind === 'scale' && !rests) return this.#considerAlone(service.name)
    this.#memory.decided(service, decision)
    this.#tellHeld(service, decision)
    this.#follow(service, considered)
  }

  /** Considers a service when nobody waits for the answer. What failed was told, and is tried again at the next resync. */
  async #considerAlone(name: string): Promise<void> {
    if (this.#stopped) return
    await this.consider(name).catch(() => {})
  }

  /** Whether a service says nothing of the autoscaler, and is known by an alert alone: of such nothing is shown. */
  #isStranger({ name, policy }: Service): boolean {
    return policy.kind === 'not_enabled' && !this.#standings.has(name)
  }

  /** What is due for the service by the alerts that stand for it now. */
  #decide(service: Service | undefined): Considered {
    const { isDryRun } = this.#options
    const situation = this.#situation(service)
    return { decision: decide({ ...situation, service, isDryRun }), alerts: situation.alerts }
  }

  /** Now, and the alerts that stand for the service. */
  #situation(service: Service | undefined): { alerts: readonly ActiveAlert[]; nowMs: number } {
    const { clock, alerts } = this.#options
    const nowMs = clock.nowMs()
    return { alerts: service === undefined ? [] : alerts.standing(service.name, nowMs), nowMs }
  }

  /** Tells of a change that is due, that something holds and that no alert asks for, once and not at every resync. */
  #tellHeld(service: Service, decision: Decision): void {
    const words = inWords(decision)
    if (this.#lastHeld.get(service.name) === words) return
    this.#lastHeld.set(service.name, words)
    if (words !== '') this.#options.observer.decided(service, decision)
  }

  /**
   * Sets the alarm for the next look at a service: when a hold ends by time, so that nobody has to post the alert again, and
   * again and again while its tasks are on their way or its state holds a change.
   */
  #follow(service: Service, considered: Considered): void {
    const nowMs = this.#options.clock.nowMs()
    this.#tellStanding(service, considered, nowMs)
    const { decision } = considered
    const untilMs = decision.kind === 'hold' ? decision.untilMs : undefined
    const delays = [
      untilMs === undefined ? undefined : untilMs - nowMs,
      this.#convergence.see(service, nowMs),
      this.#gateWatch.see(service, decision, nowMs),
    ].filter((delayMs) => delayMs !== undefined)
    if (delays.length === 0 || this.#stopped) this.#alarms.cancel(service.name)
    else this.#alarms.set(service.name, Math.min(...delays), () => this.lookAgain(service.name))
  }

  #tellStanding(service: Service, { decision, alerts }: Considered, nowMs: number): void {
    this.#standings.see(service, decision, alerts, nowMs)
    this.#options.observer.stands(service, decision, alerts, nowMs)
  }

  #forget(name: string, mark: number): void {
    const { alerts, clock } = this.#options
    alerts.forget(name, mark)
    if (alerts.standing(name, clock.nowMs()).length > 0) return
    this.#alarms.cancel(name)
    this.#lastHeld.delete(name)
    // A lane at work stays: letting it go would allow a second writer.
    if (this.#lanes.get(name)?.isIdle === true) this.#lanes.delete(name)
  }
}

function isCorrection(decision: Decision): boolean {
  return decision.kind === 'scale' && decision.reason !== 'alert'
}

/** A change that is due and that something holds, in words to compare; empty for every other decision. */
function inWords(decision: Decision): string {
  if (decision.kind !== 'hold' || decision.wouldBe === undefined) return ''
  return `${decision.reason} ${decision.replicas} ${decision.wouldBe} ${decision.needed ?? ''}`
}
