import type { ActiveAlert } from '../domain/active-alert.ts'
import { assertNever } from '../domain/assert-never.ts'
import type { Decision } from '../domain/decision.ts'
import { defined } from '../domain/defined.ts'
import {
  alertOf,
  type EventAlert,
  type HistoryEvent,
  mostAlerts,
  type RefusedAlert,
} from '../domain/event.ts'
import type { RejectReason } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import type { DueScaling, LoopEvent, Scaling, StatusChange, Subscriber } from '../reconcile/events.ts'
import type { Clock } from '../reconcile/ports.ts'
import type { ServiceStatus } from '../reconcile/status.ts'
import { describeFault } from '../text/describe-fault.ts'
import { CountKeeper } from './count-keeper.ts'
import type { EventIds } from './event-ids.ts'
import { HourlyLimit } from './hourly-limit.ts'
import { Refusals } from './refusals.ts'
import type { Entry } from './store.ts'
import { WatchKeeper } from './watch-keeper.ts'

export interface RecorderOptions {
  readonly clock: Clock
  /** The version of the autoscaler. */
  readonly version: string
  readonly ids: EventIds
  /** Tells receivers apart that write to the same store. */
  readonly receiver: string
  /** How often every service is checked without any alert, in ms. */
  readonly resyncIntervalMs: number
  /** Takes what is to be written. */
  readonly write: (entry: Entry) => void
}

/** What events have in common where they are made: all but what the recorder knows by itself. */
type NewEvent = Omit<HistoryEvent, 'id' | 'atMs' | 'autoscalerVersion' | 'actor'> &
  Partial<Pick<HistoryEvent, 'actor'>>

/** What is kept of one service. */
interface Kept {
  readonly mostHeld: HourlyLimit
  /** The event of the last applied change: it may yet converge. */
  scaledId?: string
  /** The event of the change that fails, again and again. */
  failedId?: string
}

/** Most rejected alerts that are written in an hour: invented alerts must not push everything else out of the history. */
export const mostRefusedInHour = 1_000

/** Most holds of one service that are written in an hour, including dry runs: one for each post at the shipped interval, so that invented numbers push nothing out either. */
export const mostHeldInHour = 720

/** Turns the loop's events into entries of the history. */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #counts: CountKeeper
  readonly #watch: WatchKeeper
  readonly #refusals: Refusals
  readonly #mostRefused = new HourlyLimit(mostRefusedInHour)
  readonly #services = new Map<string, Kept>()

  constructor(options: RecorderOptions) {
    const { write, receiver, resyncIntervalMs } = options
    this.#options = options
    this.#counts = new CountKeeper((count) => write({ kind: 'count', count }))
    this.#watch = new WatchKeeper(receiver, resyncIntervalMs, (watch) => write({ kind: 'watch', watch }))
    this.#refusals = new Refusals()
  }

  readonly subscriber: Subscriber = (event) => {
    switch (event.kind) {
      case 'read':
        return this.#counts.saw(event.service, event.atMs)
      case 'forgotten':
        this.#counts.gone(event.service, event.atMs)
        this.#services.delete(event.service)
        return
      case 'resynced':
        if (this.#watch.saw(event.error === undefined, event.atMs)) this.#counts.beginWatch()
        return
      case 'checked':
        return this.#addStatus(event.status, event.change)
      case 'applied':
        return this.#addScaled(event, event.atMs)
      case 'converged':
        return this.#addConverged(event.service.name, event.durationMs)
      case 'failed':
        return this.#addFailed(event)
      case 'external_change':
        return this.#addExternal(event)
      // The status says why a decision was made, and a refused alert comes from the receiver.
      case 'decided':
      case 'policy_changed':
      case 'window_changed':
      case 'alerts_dropped':
      case 'crash_looped':
      case 'blocked':
      case 'unread':
      case 'conflicted':
      case 'watched':
        return
      default:
        return assertNever(event)
    }
  }

  /** An alert was refused. The same firing of it is written once, however often it is posted. */
  refused(refused: RefusedAlert): void {
    const nowMs = this.#options.clock.nowMs()
    if (this.#refusals.isKnown(refused, nowMs) || !this.#mostRefused.allows(nowMs)) return
    const { service, reason, alert, problem } = refused
    const error = problem === undefined ? undefined : { code: reason, message: problem }
    this.#add(nowMs, { kind: 'rejected', service, reason, alerts: [alert], ...defined({ error }) })
  }

  /** A status is written if its reason is another, and a dry run if its change is. */
  #addStatus({ service, decision, alerts, atMs }: ServiceStatus, change: StatusChange): void {
    const isNewDryRun = change === 'held_change' && decision.reason === 'dry_run'
    if (change !== 'reason' && !isNewDryRun) return
    if (decision.kind === 'hold') this.#addHold(service, decision, alerts, atMs)
    else if (decision.kind === 'reject') this.#addRefusedService(service, decision.reason, alerts, atMs)
  }

  #addScaled({ service, scaling, alerts }: DueScaling, atMs: number): void {
    const { cause } = scaling
    this.#of(service.name).scaledId = this.#add(atMs, {
      kind: 'scaled',
      ...inNumbers(service, scaling),
      alerts: alertsOf(cause, alerts),
      ...defined({ reactionMs: cause && Math.max(0, atMs - cause.startsAtMs) }),
    })
    this.#counts.changed(service, atMs)
  }

  #addConverged(name: string, convergedMs: number): void {
    const id = this.#of(name).scaledId
    if (id !== undefined) this.#options.write({ kind: 'converged', id, convergedMs })
  }

  #addExternal({ service, from, by }: Extract<LoopEvent, { kind: 'external_change' }>): void {
    const { name, desiredReplicas: to, version: serviceVersion } = service
    const change = { from, to, actor: by, alerts: [], ...defined({ serviceVersion }) }
    this.#add(this.#options.clock.nowMs(), { kind: 'changed', service: name, ...change })
  }

  /** A failure that goes on is one event, with how often it happened. */
  #addFailed({ due, error, times, atMs }: Extract<LoopEvent, { kind: 'failed' }>): void {
    const { service, scaling, alerts } = due
    const kept = this.#of(service.name)
    if (times > 1 && kept.failedId !== undefined) {
      this.#options.write({ kind: 'repeated', id: kept.failedId, times, lastAtMs: atMs })
      return
    }
    kept.failedId = this.#add(atMs, {
      kind: 'failed',
      ...inNumbers(service, scaling),
      alerts: alertsOf(scaling.cause, alerts),
      error: { code: error.code, message: error.message },
    })
  }

  #of(name: string): Kept {
    const kept = this.#services.get(name) ?? { mostHeld: new HourlyLimit(mostHeldInHour) }
    this.#services.set(name, kept)
    return kept
  }

  #addHold(
    service: Service,
    hold: Extract<Decision, { kind: 'hold' }>,
    alerts: readonly ActiveAlert[],
    atMs: number,
  ): void {
    if (!this.#of(service.name).mostHeld.allows(atMs)) return
    const { reason, replicas: from, wouldBe, needed, untilMs, cause } = hold
    const isDryRun = reason === 'dry_run'
    this.#add(atMs, {
      kind: isDryRun ? 'dry_run' : 'held',
      service: service.name,
      reason,
      from,
      to: isDryRun ? (wouldBe ?? from) : from,
      alerts: alertsOf(cause, alerts),
      ...defined({ needed, untilMs, serviceVersion: service.version }),
    })
  }

  #addRefusedService(
    { name, policy, mode, version: serviceVersion }: Service,
    reason: RejectReason,
    alerts: readonly ActiveAlert[],
    atMs: number,
  ): void {
    const message =
      policy.kind === 'invalid' ? policy.faults.map(describeFault).join('; ') : `the service is ${mode}`
    this.#add(atMs, {
      kind: 'rejected',
      service: name,
      reason,
      alerts: alertsOf(undefined, alerts),
      ...(reason === 'not_enabled' ? {} : { error: { code: reason, message } }),
      ...defined({ serviceVersion }),
    })
  }

  #add(atMs: number, event: NewEvent): string {
    const { ids, version: autoscalerVersion, write } = this.#options
    const id = ids.next(atMs)
    write({ kind: 'event', event: { actor: 'autoscaler', ...event, id, atMs, autoscalerVersion } })
    return id
  }
}

function inNumbers({ name, version }: Service, { from, to, reason, needed, limitedBy }: Scaling) {
  return { service: name, from, to, reason, ...defined({ needed, limitedBy, serviceVersion: version }) }
}

/** The alert that decided, and then the other active ones. */
function alertsOf(cause: ActiveAlert | undefined, alerts: readonly ActiveAlert[]): readonly EventAlert[] {
  const others = alerts.filter(({ fingerprint }) => fingerprint !== cause?.fingerprint)
  return [...(cause === undefined ? [] : [cause]), ...others].slice(0, mostAlerts).map(alertOf)
}
