import type { Decision } from '../domain/decision.ts'
import { isExcluded } from '../domain/policy.ts'
import type { Service } from '../domain/service.ts'
import type { ActiveAlerts } from './active-alerts.ts'
import type { Decider } from './decider.ts'
import type { Subscriber } from './events.ts'
import { isAtGate } from './gate-watch.ts'
import type { Considered, InHand, Outcome } from './outcome.ts'
import type { Clock, Found } from './ports.ts'
import { readDecideWrite } from './read-decide-write.ts'
import type { ServiceCache } from './service-cache.ts'
import type { ServiceState } from './service-state.ts'
import { nextStatus } from './status.ts'

export interface ServiceReconcilerOptions {
  readonly swarm: ServiceCache
  readonly clock: Clock
  readonly emit: Subscriber
  readonly alerts: ActiveAlerts
  readonly decider: Decider
}

/** Whether a decision was reported before its status is: then it is not reported again with it. */
type IsReported = 'reported' | 'not_reported'

/** What is done about one service: check finds out whether anything is due, reconcile reads, decides and writes. */
export class ServiceReconciler {
  readonly #options: ServiceReconcilerOptions
  #stopped = false

  constructor(options: ServiceReconcilerOptions) {
    this.#options = options
  }

  /** From now on no timer is set. */
  stop(): void {
    this.#stopped = true
  }

  /**
   * What holds a service, or refuses it, by its last reading. If something is due, what was decided for that reading: what is written is
   * always read first. Absent: the last reading may not be valid any more.
   */
  decideCached(state: ServiceState): { readonly outcome: Outcome } | InHand | undefined {
    const { swarm, clock, alerts, decider } = this.#options
    const cached = swarm.of(state.name)
    if (cached === undefined || !state.reconciling.isIdle) return undefined
    const service = state.memory.settle(cached, clock.nowMs())
    if (service === undefined) return undefined
    const considered = decider.decide(service)
    const { decision } = considered
    if (decision.kind === 'scale') return { kind: 'cached', service, considered }
    if (isAtGate(decision)) return undefined
    this.#reportDecided(state, { service, decision }, alerts.mark())
    if (!isStranger(state, service)) {
      state.memory.decided(service, decision)
      this.#reportStatus(state, service, considered, 'reported')
      const untilMs = decision.kind === 'hold' ? decision.untilMs : undefined
      if (untilMs !== undefined) state.timer.bringForward(untilMs - clock.nowMs())
    }
    return { outcome: { decision, service } }
  }

  /** A reading that is in hand, with its decision. Absent if it is older than what is known already. */
  decideRead(state: ServiceState, found: Found): Extract<InHand, { kind: 'read' }> | undefined {
    const { clock, decider } = this.#options
    const nowMs = clock.nowMs()
    const service = state.memory.settle(found.service, nowMs)
    if (service === undefined) return undefined
    state.reported.read(service, nowMs)
    return { kind: 'read', reading: { found, service, ...decider.decide(service) } }
  }

  /** Reads a service, unless it is in hand, and applies what is due. Throws `SwarmError` if Swarm cannot be reached. */
  async reconcile(state: ServiceState, inHand: InHand | undefined): Promise<Outcome> {
    const { alerts, decider, emit } = this.#options
    const mark = alerts.mark()
    const decide = (service: Service | undefined) => decider.decide(service)
    const done = await readDecideWrite({ ...this.#options, state, decide }, inHand)
    const { service, decision } = done
    this.#reportDecided(state, done, mark)
    if (service === undefined || isStranger(state, service)) return done
    if (decision.kind !== 'scale') {
      this.hold(state, service, done, 'reported')
      return done
    }
    const after = decider.decide(service)
    const isCorrection = decision.reason !== 'alert' && after.alerts.length > 0
    // A correction says nothing of what the alerts ask for: they act next, on the corrected service.
    if (isCorrection && after.decision.kind === 'scale') {
      const next = await this.reconcile(state, undefined)
      return next.decision.kind === 'scale' ? next : { ...next, decision }
    }
    if (isCorrection) emit({ kind: 'decided', service, decision: after.decision })
    this.#follow(state, service, after, isCorrection ? 'reported' : 'not_reported')
    return done
  }

  /** Nothing is written: something holds the service, or nothing is due. */
  hold(state: ServiceState, service: Service, considered: Considered, isReported: IsReported): void {
    state.memory.decided(service, considered.decision)
    this.#follow(state, service, considered, isReported)
  }

  /** Reports the result of a reconciliation. Of what may not be scaled, nothing received until `mark` is kept. */
  #reportDecided({ name, timer }: ServiceState, { service, decision }: Outcome, mark: number): void {
    const { emit, alerts, clock } = this.#options
    emit({ kind: 'decided', decision, ...(service === undefined ? {} : { service }) })
    if (service !== undefined && decision.kind !== 'reject') return
    alerts.forget(name, mark)
    if (alerts.of(name, clock.nowMs()).length === 0) timer.cancel()
  }

  /**
   * Reports the status of a service, and sets the timer for its next check: when a hold ends by time, so that nobody has to post the
   * alert again, and again and again while its tasks are on their way or its state holds a change.
   */
  #follow(state: ServiceState, service: Service, considered: Considered, isReported: IsReported): void {
    this.#reportStatus(state, service, considered, isReported)
    const nowMs = this.#options.clock.nowMs()
    const { decision } = considered
    const untilMs = decision.kind === 'hold' ? decision.untilMs : undefined
    const delays = [
      untilMs === undefined ? undefined : untilMs - nowMs,
      state.convergence.follow(service, nowMs),
      state.gateWatch.follow(service, decision, nowMs),
    ].filter((delayMs) => delayMs !== undefined)
    if (delays.length === 0 || this.#stopped) state.timer.cancel()
    else state.timer.set(Math.min(...delays))
  }

  /** Reports the status of a service; a change that is held, as a decision too, once, unless it was reported as one. */
  #reportStatus(state: ServiceState, service: Service, considered: Considered, isReported: IsReported): void {
    const { emit, clock } = this.#options
    const status = nextStatus(state.status, { service, ...considered, atMs: clock.nowMs() })
    state.status = isExcluded(service.policy) ? undefined : status
    const { decision } = considered
    const change = state.reported.statusChange(decision)
    const isNewHold = holdsChange(decision) && (change === 'reason' || change === 'held_change')
    if (isNewHold && isReported === 'not_reported') emit({ kind: 'decided', service, decision })
    emit({ kind: 'checked', status, change })
  }
}

/** Whether a service has no autoscaler labels, and is known by an alert alone: of such nothing is shown. */
function isStranger({ status }: ServiceState, { policy }: Service): boolean {
  return policy.kind === 'not_enabled' && status === undefined
}

function holdsChange(decision: Decision): boolean {
  return decision.kind === 'hold' && decision.wouldBe !== undefined
}
