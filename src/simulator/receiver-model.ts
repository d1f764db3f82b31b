import { afterDecision } from '../decide/after-decision.ts'
import { boundsAt } from '../decide/bounds.ts'
import { decide } from '../decide/decide.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Direction } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import { ActiveAlerts, type AlertUpdate } from '../reconcile/active-alerts.ts'
import type { Post } from './path/alertmanager-model.ts'
import type { Plant } from './plant.ts'

export interface ReceiverOptions {
  readonly plant: Plant
  readonly policy: Policy
  /** What second 0 is, in ms since the epoch. */
  readonly startMs: number
  /** A signal not received for so long is forgotten, in ms. Default: that of the receiver's settings. */
  readonly alertTtlMs?: number
}

const serviceName = 'service'
const defaultAlertTtlMs = 120_000
/** The receiver looks at every service so often without any news, in seconds: the default of its settings. */
const resyncSeconds = 15

/** The receiver on virtual time: the real memory of alerts and the real decision, on a service that is made up. */
export class ReceiverModel {
  readonly #options: ReceiverOptions
  readonly #alerts: ActiveAlerts
  #state: ScalingState = {}
  #lookAt = 0
  #signalCount = 0

  constructor(options: ReceiverOptions) {
    this.#options = options
    this.#alerts = new ActiveAlerts(options.alertTtlMs ?? defaultAlertTtlMs)
  }

  /** When it looks again without any news, in seconds. */
  get nextLookAt(): number {
    return this.#lookAt
  }

  /** The minimum in force. */
  minAt(second: number): number {
    return boundsAt(this.#options.policy, this.#ms(second)).min
  }

  /** Takes in a post, and does what is due. */
  receive(direction: Direction, post: Post, now: number): Decision {
    const nowMs = this.#ms(now)
    this.#alerts.update(serviceName, [this.#updateOf(direction, post)], nowMs)
    return this.look(now)
  }

  /** Does what is due. */
  look(now: number): Decision {
    const nowMs = this.#ms(now)
    const alerts = this.#alerts.of(serviceName, nowMs)
    this.#signalCount = alerts.length
    const decideNow = () => decide({ service: this.#service(), alerts, nowMs })
    let decision = decideNow()
    // A correction says nothing of what the alerts ask for: they speak next. A signal acts once with each look.
    while (decision.kind === 'scale') {
      this.#apply(decision, nowMs)
      const { reason } = decision
      decision = decideNow()
      if (reason === 'alert') break
    }
    this.#lookAt = this.#nextLook(decision, now)
    return decision
  }

  #apply(decision: Extract<Decision, { kind: 'scale' }>, nowMs: number): void {
    this.#options.plant.scale(decision.to)
    this.#state = afterDecision(this.#state, decision, nowMs)
  }

  /** Where a hold ends by time, when replicas that start have started, and at the resync while alerts stand. */
  #nextLook(decision: Decision, now: number): number {
    const untilMs = decision.kind === 'hold' ? decision.untilMs : undefined
    const byTime = untilMs === undefined ? Number.POSITIVE_INFINITY : this.#seconds(untilMs)
    const isHeldByTasks = decision.kind === 'hold' && decision.reason === 'tasks_starting'
    const byTasks = isHeldByTasks ? this.#options.plant.nextReadyAt + 1 : Number.POSITIVE_INFINITY
    const byResync = this.#signalCount > 0 ? now + resyncSeconds : Number.POSITIVE_INFINITY
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
