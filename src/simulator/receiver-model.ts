import { afterDecision } from '../decide/after-decision.ts'
import { boundsAt } from '../decide/bounds.ts'
import { decide } from '../decide/decide.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Direction } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import { ActiveAlerts, type AlertUpdate } from '../reconcile/active-alerts.ts'
import type { Post } from './pipeline/alertmanager-model.ts'
import type { Plant } from './plant.ts'

export interface ReceiverOptions {
  readonly plant: Plant
  readonly policy: Policy
  /** The time of second 0, in ms since the epoch. */
  readonly startMs: number
  /** An alert that is not received for this long is forgotten, in ms. Default: that of the receiver's settings. */
  readonly alertTtlMs?: number
}

const serviceName = 'service'
const defaultAlertTtlMs = 120_000
/** Time between two reconciliations of a service with active alerts, in seconds: the default of the receiver's settings. */
const resyncSeconds = 15

/** The receiver on virtual time: the real store of active alerts and the real decision, for a simulated service. */
export class ReceiverModel {
  readonly #options: ReceiverOptions
  readonly #alerts: ActiveAlerts
  #state: ScalingState = {}
  #reconcileAt = 0
  #alertCount = 0

  constructor(options: ReceiverOptions) {
    this.#options = options
    this.#alerts = new ActiveAlerts(options.alertTtlMs ?? defaultAlertTtlMs)
  }

  /** When it reconciles next without a new alert, in seconds. */
  get nextReconcileAt(): number {
    return this.#reconcileAt
  }

  /** The current minimum. */
  minAt(second: number): number {
    return boundsAt(this.#options.policy, this.#ms(second)).min
  }

  /** Ingests a post and reconciles. */
  receive(direction: Direction, post: Post, now: number): Decision {
    const nowMs = this.#ms(now)
    this.#alerts.update(serviceName, [this.#updateOf(direction, post)], nowMs)
    return this.reconcile(now)
  }

  /** Applies the changes that are due. */
  reconcile(now: number): Decision {
    const nowMs = this.#ms(now)
    const alerts = this.#alerts.of(serviceName, nowMs)
    this.#alertCount = alerts.length
    const decideNow = () => decide({ service: this.#service(), alerts, nowMs })
    let decision = decideNow()
    // Alerts are decided on after a correction. An alert acts once per reconciliation.
    while (decision.kind === 'scale') {
      this.#apply(decision, nowMs)
      const { reason } = decision
      decision = decideNow()
      if (reason === 'alert') break
    }
    this.#reconcileAt = this.#nextAfter(decision, now)
    return decision
  }

  #apply(decision: Extract<Decision, { kind: 'scale' }>, nowMs: number): void {
    this.#options.plant.scale(decision.to)
    this.#state = afterDecision(this.#state, decision, nowMs)
  }

  /** When a hold ends, when starting replicas run, or at the resync while alerts are active. */
  #nextAfter(decision: Decision, now: number): number {
    const untilMs = decision.kind === 'hold' ? decision.untilMs : undefined
    const byTime = untilMs === undefined ? Number.POSITIVE_INFINITY : this.#seconds(untilMs)
    const isHeldByTasks = decision.kind === 'hold' && decision.reason === 'tasks_starting'
    const byTasks = isHeldByTasks ? this.#options.plant.nextReadyAt + 1 : Number.POSITIVE_INFINITY
    const byResync = this.#alertCount > 0 ? now + resyncSeconds : Number.POSITIVE_INFINITY
    return Math.max(now + 1, Math.min(byTime, byTasks, byResync))
  }

  #service(): Service {
    const { plant, policy } = this.#options
    return {
      id: serviceName,
      name: serviceName,
      mode: 'replicated',
      desiredReplicas: plant.desired,
      runningReplicas: plant.running,
      tasks: { running: plant.running, starting: plant.starting, pending: 0, failing: 0 },
      policy: { kind: 'valid', policy, warnings: [] },
      state: this.#state,
      cpuLimitCores: 1,
    }
  }

  #updateOf(direction: Direction, post: Post): AlertUpdate {
    if (post.kind === 'resolved')
      return { kind: 'resolved', fingerprint: direction, endedAtMs: this.#ms(post.endedAt) }
    const alert: ActiveAlert = {
      fingerprint: direction,
      scale: direction,
      demand: { kind: 'replicas', replicas: post.replicas },
      startsAtMs: this.#ms(post.startsAt),
      alertName: direction === 'up' ? 'SwarmServiceNeedsMoreReplicas' : 'SwarmServiceNeedsFewerReplicas',
    }
    return { kind: 'firing', alert }
  }

  #ms(second: number): number {
    return this.#options.startMs + second * 1_000
  }

  #seconds(ms: number): number {
    return Math.ceil((ms - this.#options.startMs) / 1_000)
  }
}
