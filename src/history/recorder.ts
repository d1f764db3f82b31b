import type { ActiveAlert } from '../domain/active-alert.ts'
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
import type { Clock, DueScaling, Observer, Scaling } from '../reconcile/ports.ts'
import type { SwarmError } from '../reconcile/swarm-error.ts'
import { describeFault } from '../text/describe-fault.ts'
import { CountKeeper, isCounted } from './count-keeper.ts'
import type { EventIds } from './event-ids.ts'
import { HourlyMost } from './hourly-most.ts'
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
  /** How often every service is looked at without any signal, in ms. */
  readonly resyncIntervalMs: number
  /** Takes what is to be written. */
  readonly write: (entry: Entry) => void
}

/** What events have in common where they are made: all but what the recorder knows by itself. */
type NewEvent = Omit<HistoryEvent, 'id' | 'atMs' | 'autoscalerVersion' | 'actor'> &
  Partial<Pick<HistoryEvent, 'actor'>>

/** How a service stands that has been idle since the start. */
const quiet = 'quiet'

/** A change that failed, and how often in a row. */
interface Failure {
  readonly id: string
  readonly words: string
  readonly times: number
}

/** Most refused alerts that are written in an hour: whoever makes up one after the other must not drive all else out of the record. */
export const mostRefusedInHour = 1_000

/** Most holds of one service that are written in an hour, dry runs among them: one for each post at the shipped pace, so that numbers made up drive nothing out either. */
export const mostHeldInHour = 720

/** Puts what the loop tells into entries of the record. */
export class Recorder implements Observer {
  readonly #options: RecorderOptions
  readonly #counts: CountKeeper
  readonly #watch: WatchKeeper
  readonly #refusals: Refusals
  readonly #mostRefused = new HourlyMost(mostRefusedInHour)
  readonly #mostHeld = new Map<string, HourlyMost>()
  /** The last applied change of each service: it may yet converge. */
  readonly #lastScaled = new Map<string, string>()
  readonly #lastFailure = new Map<string, Failure>()
  /** How each service stood when that was recorded last, in words to compare. */
  readonly #stood = new Map<string, string>()

  constructor(options: RecorderOptions) {
    const { write, receiver, resyncIntervalMs } = options
    this.#options = options
    this.#counts = new CountKeeper((count) => write({ kind: 'count', count }))
    this.#watch = new WatchKeeper(receiver, resyncIntervalMs, (watch) => write({ kind: 'watch', watch }))
    this.#refusals = new Refusals()
  }

  seen(service: Service, atMs: number): void {
    this.#counts.saw(service, atMs)
  }

  onlyLeft(services: readonly Service[]): void {
    this.#counts.keepOnly(new Set(services.filter(isCounted).map(nameOf)), this.#options.clock.nowMs())
    const names = new Set(services.map(nameOf))
    for (const map of [this.#lastScaled, this.#lastFailure, this.#stood, this.#mostHeld]) {
      for (const name of map.keys()) if (!names.has(name)) map.delete(name)
    }
  }

  decided(): void {
    // How the service stands is told as well, and what an alert was refused for.
  }

  /** Writes how a service stands where that has become another reason. */
  stands(service: Service, decision: Decision, alerts: readonly ActiveAlert[], atMs: number): void {
    const words = inWords(decision)
    if (words === undefined) return
    // Nothing is due any more: the next failure begins anew.
    this.#lastFailure.delete(service.name)
    const before = this.#stood.get(service.name)
    if (words === before) return
    const isSilent = isNoNews(decision, before)
    this.#stood.set(service.name, isSilent && decision.kind === 'hold' ? quiet : words)
    if (isSilent) return
    if (decision.kind === 'hold') this.#addHold(service, decision, alerts, atMs)
    else if (decision.kind === 'reject') this.#addRefusedService(service, decision.reason, alerts, atMs)
  }

  applied(service: Service, scaling: Scaling, atMs: number, alerts: readonly ActiveAlert[]): void {
    const { cause } = scaling
    const id = this.#add(atMs, {
      kind: 'scaled',
      ...inNumbers(service, scaling),
      alerts: alertsOf(cause, alerts),
      ...defined({ reactionMs: cause && Math.max(0, atMs - cause.startsAtMs) }),
    })
    this.#lastScaled.set(service.name, id)
    this.#lastFailure.delete(service.name)
    this.#counts.changed(service, atMs)
  }

  converged({ name }: Service, _scaling: Scaling, durationMs: number): void {
    const id = this.#lastScaled.get(name)
    if (id !== undefined) this.#options.write({ kind: 'converged', id, convergedMs: durationMs })
  }

  changedByOthers(service: Service, from: number, by: 'person' | 'redeploy'): void {
    const { name, desiredReplicas: to, version: serviceVersion } = service
    const change = { from, to, actor: by, alerts: [], ...defined({ serviceVersion }) }
    this.#add(this.#options.clock.nowMs(), { kind: 'changed', service: name, ...change })
  }

  /** A failure that goes on is one event, which tells how often it happened. */
  failed(name: string, error: SwarmError, due?: DueScaling): void {
    if (due === undefined) return
    const { service, scaling, alerts } = due
    const nowMs = this.#options.clock.nowMs()
    const words = `${scaling.from} ${scaling.to} ${error.code}`
    const last = this.#lastFailure.get(name)
    if (last?.words === words) {
      const times = last.times + 1
      this.#lastFailure.set(name, { ...last, times })
      this.#options.write({ kind: 'repeated', id: last.id, times, lastAtMs: nowMs })
      return
    }
    const id = this.#add(nowMs, {
      kind: 'failed',
      ...inNumbers(service, scaling),
      alerts: alertsOf(scaling.cause, alerts),
      error: { code: error.code, message: error.message },
    })
    this.#lastFailure.set(name, { id, words, times: 1 })
  }

  /** An alert was refused. The same firing of it is written once, however often it is posted. */
  refused(refused: RefusedAlert): void {
    const nowMs = this.#options.clock.nowMs()
    if (this.#refusals.isKnown(refused, nowMs) || !this.#mostRefused.passes(nowMs)) return
    const { service, reason, alert, problem } = refused
    const error = problem === undefined ? undefined : { code: reason, message: problem }
    this.#add(nowMs, { kind: 'rejected', service, reason, alerts: [alert], ...defined({ error }) })
  }

  resynced(error?: SwarmError): void {
    const begins = this.#watch.saw(error === undefined, this.#options.clock.nowMs())
    if (begins) this.#counts.beginWatch()
  }

  dropped(): void {}

  crashLooped(): void {}

  blocked(): void {}

  conflicted(): void {}

  listening(): void {}

  #addHold(
    service: Service,
    hold: Extract<Decision, { kind: 'hold' }>,
    alerts: readonly ActiveAlert[],
    atMs: number,
  ): void {
    const most = this.#mostHeld.get(service.name) ?? new HourlyMost(mostHeldInHour)
    this.#mostHeld.set(service.name, most)
    if (!most.passes(atMs)) return
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

function nameOf({ name }: Service): string {
  return name
}

function inNumbers({ name, version }: Service, { from, to, reason, needed, limitedBy }: Scaling) {
  return { service: name, from, to, reason, ...defined({ needed, limitedBy, serviceVersion: version }) }
}

/** The alert that decided, and then the others that stood. */
function alertsOf(cause: ActiveAlert | undefined, alerts: readonly ActiveAlert[]): readonly EventAlert[] {
  const others = alerts.filter(({ fingerprint }) => fingerprint !== cause?.fingerprint)
  return [...(cause === undefined ? [] : [cause]), ...others].slice(0, mostAlerts).map(alertOf)
}

/** How a service stands, in words to compare. Absent where a change is due: that is told when it is made. */
function inWords(decision: Decision): string | undefined {
  if (decision.kind === 'scale') return undefined
  const { kind, reason } = decision
  const what = reason === 'dry_run' && kind === 'hold' ? ` ${decision.replicas} ${decision.wouldBe}` : ''
  return `${kind} ${reason}${what}`
}

/** After a start, that nothing is asked for is no news, nor that what is asked for is there, nor that a service has not opted in. */
function isNoNews({ reason }: Decision, before: string | undefined): boolean {
  if (reason === 'not_enabled') return before === undefined
  const isIdle = reason === 'no_alert' || reason === 'at_target'
  return isIdle && (before === undefined || before === quiet)
}
