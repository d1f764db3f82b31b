import { assertNever } from '../domain/assert-never.ts'
import type { Decision } from '../domain/decision.ts'
import { directions } from '../domain/direction.ts'
import { scaleReasons } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import { patienceMs } from '../reconcile/backoff.ts'
import type { DueScaling, Scaling, Subscriber } from '../reconcile/events.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import { ReplicaSeconds } from './replica-seconds.ts'

/** Turns the loop's events into metrics. */
export class LoopMetrics {
  readonly #metrics: Metrics
  readonly #log: Logger
  readonly #replicaSeconds: ReplicaSeconds
  /** The services that have series. */
  readonly #shown = new Set<string>()

  /** `resyncIntervalMs`: how often every service is checked without any alert. Default 15 s. */
  constructor(metrics: Metrics, log: Logger, resyncIntervalMs = 15_000) {
    this.#metrics = metrics
    this.#log = log
    this.#replicaSeconds = new ReplicaSeconds(metrics.replicaSeconds, patienceMs(resyncIntervalMs))
  }

  readonly subscriber: Subscriber = (event) => {
    const metrics = this.#metrics
    switch (event.kind) {
      case 'read':
        return this.#read(event.service, event.atMs)
      case 'policy_changed':
        return isOptedIn(event.service) ? this.#begin(event.service.name) : this.#forget(event.service.name)
      case 'forgotten':
        return this.#forget(event.service)
      case 'decided':
        return this.#decided(event.service, event.decision)
      case 'checked': {
        const { service, decision } = event.status
        if (isOptedIn(service)) metrics.services.showStatus(service.name, decision)
        return
      }
      case 'alerts_dropped':
        return metrics.alertsDropped.inc(event.alerts)
      case 'applied':
        return this.#applied(event, event.atMs)
      case 'failed':
        return this.#countScaling(event.due.service, event.due.scaling, 'failed')
      case 'converged':
        return metrics.convergence.observe(event.durationMs / 1_000)
      case 'crash_looped':
        return metrics.crashLoops.inc({ service: event.service.name })
      case 'conflicted':
        return metrics.dockerConflicts.inc()
      case 'resynced':
        if (event.error !== undefined) this.#replicaSeconds.interrupt()
        return metrics.dockerUp.set(event.error === undefined ? 1 : 0)
      case 'watched':
        return metrics.dockerEventsUp.set(event.error === undefined ? 1 : 0)
      case 'window_changed':
      case 'external_change':
      case 'blocked':
      case 'unread':
        return
      default:
        return assertNever(event)
    }
  }

  #read(service: Service, atMs: number): void {
    // A number of replicas that means nothing would make the rules ask for more for ever.
    if (!isOptedIn(service) || service.mode !== 'replicated') return
    this.#metrics.services.show(service, atMs)
    this.#replicaSeconds.read(service, atMs)
  }

  #decided(service: Service | undefined, decision: Decision): void {
    const name = service !== undefined && isOptedIn(service) ? service.name : ''
    this.#metrics.decisions.inc({ service: name, decision: decision.kind, reason: decision.reason })
    if (name !== '' && decision.kind !== 'reject' && decision.needed !== undefined)
      this.#metrics.services.showNeeded(name, decision.needed)
  }

  #applied({ service, scaling }: DueScaling, atMs: number): void {
    const metrics = this.#metrics
    this.#countScaling(service, scaling, 'applied')
    metrics.services.show(service, atMs)
    this.#replicaSeconds.changed(service, atMs)
    const startsAtMs = scaling.cause?.startsAtMs
    if (startsAtMs !== undefined) metrics.reaction.observe(Math.max(0, atMs - startsAtMs) / 1_000)
    if (scaling.reason === 'redeploy_restored') metrics.redeploysRestored.inc({ service: service.name })
  }

  #countScaling({ name: service }: Service, { from, to }: Scaling, outcome: 'applied' | 'failed'): void {
    this.#metrics.scalings.inc({ service, direction: to > from ? 'up' : 'down', outcome })
  }

  /** A series that appears with the first change would hide it from rate(): changes are counted from 0 on. */
  #begin(service: string): void {
    this.#shown.add(service)
    const { decisions, scalings, redeploysRestored, crashLoops } = this.#metrics
    for (const reason of scaleReasons) decisions.inc({ service, decision: 'scale', reason }, 0)
    for (const direction of directions) {
      for (const outcome of ['applied', 'failed']) scalings.inc({ service, direction, outcome }, 0)
    }
    for (const counter of [redeploysRestored, crashLoops]) counter.inc({ service }, 0)
  }

  #forget(service: string): void {
    if (!this.#shown.delete(service)) return
    this.#replicaSeconds.forget(service)
    this.#metrics
      .forget(service)
      .catch((error) => this.#log.error({ err: error }, 'metrics of a service not removed'))
  }
}

function isOptedIn({ policy }: Service): boolean {
  return policy.kind !== 'not_enabled'
}
