import { boundsAt } from '../decide/bounds.ts'
import type { Decision } from '../domain/decision.ts'
import { directions, type Scale } from '../domain/direction.ts'
import { isLeftOut, type PolicyReading } from '../domain/policy.ts'
import { type HoldReason, scaleReasons } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import { patienceMs } from '../reconcile/backoff.ts'
import type { DueScaling, Hold, Observer, Scaling } from '../reconcile/ports.ts'
import type { SwarmError } from '../reconcile/swarm-error.ts'
import { describeFault } from '../text/describe-fault.ts'
import { ChangeLog } from './change-log.ts'
import { describe } from './describe.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import { ReplicaSeconds } from './replica-seconds.ts'

/** Why the record could not be written. */
interface RecordFault {
  readonly code: string
  readonly message: string
}

/** An alert that could not be understood (`problem`), or whose service may not be scaled. */
interface RefusedAlert {
  readonly service: string
  readonly alert: { readonly fingerprint: string }
  readonly problem?: string
}

/** What to do where more replicas are needed and wait for the state of their service. */
const remedies: Partial<Record<HoldReason, string>> = {
  rollout: 'more replicas are needed, and wait for a rollout; finish it, or roll it back',
  tasks_pending:
    'more replicas are needed, and those that there are cannot be placed or fail; see docker service ps',
}

/** Puts what the loop tells into metrics and log lines: a line per change, and per change of what is wrong. */
export class TelemetryObserver implements Observer {
  readonly #metrics: Metrics
  readonly #log: Logger
  readonly #replicaSeconds: ReplicaSeconds
  readonly #changes: ChangeLog
  /** What was said last of each service's policy, so that it is said once and not at every resync; and of which reading it was said. */
  readonly #saidOfPolicy = new Map<string, { readonly words: string; readonly policy: PolicyReading }>()
  /** The windows that were open when each service was seen last. */
  readonly #openWindows = new Map<string, ReadonlySet<string>>()
  /** The services of which it was said that the allowlist leaves them out. */
  readonly #saidLeftOut = new Set<string>()
  /** The services whose counters have begun. */
  readonly #counted = new Set<string>()
  /** What was said last of Docker, and of its events: `ok`, or the code of what was wrong. */
  #saidOfDocker: string | undefined
  #saidOfEvents: string | undefined
  /** What was said last of the record: `ok`, or the code of what was wrong. */
  #saidOfRecord = 'ok'
  /** Whether it was said that Alertmanager leaves alerts out. */
  #saidOfTruncated = false
  /** The services of which it was said that alerts were dropped. */
  readonly #saidOfDropped = new Set<string>()

  /** `resyncIntervalMs`: how often every service is looked at without any signal. Default 15 s. */
  constructor(metrics: Metrics, log: Logger, resyncIntervalMs = 15_000) {
    this.#metrics = metrics
    this.#log = log
    this.#replicaSeconds = new ReplicaSeconds(metrics.replicaSeconds, patienceMs(resyncIntervalMs))
    this.#changes = new ChangeLog(log)
  }

  seen(service: Service, atMs: number): void {
    if (service.policy.kind === 'not_enabled') {
      if (isLeftOut(service.policy)) this.#sayLeftOut(service.name)
      return
    }
    // A number of replicas that means nothing would have the rules ask for more for ever.
    if (service.mode === 'replicated') {
      this.#metrics.services.show(service, atMs)
      this.#replicaSeconds.saw(service, atMs)
    }
    this.#beginCounters(service.name)
    this.#sayPolicy(service)
    this.#sayWindows(service, atMs)
  }

  onlyLeft(services: readonly Service[]): void {
    const optedIn = services.filter(({ policy }) => policy.kind !== 'not_enabled').map(({ name }) => name)
    const names = new Set(optedIn)
    for (const said of [this.#saidOfPolicy, this.#openWindows, this.#counted, this.#saidOfDropped]) {
      for (const name of said.keys()) if (!names.has(name)) said.delete(name)
    }
    const leftOut = new Set(services.filter(({ policy }) => isLeftOut(policy)).map(({ name }) => name))
    for (const name of this.#saidLeftOut) if (!leftOut.has(name)) this.#saidLeftOut.delete(name)
    this.#replicaSeconds.keepOnly(names)
    this.#changes.keepOnly(names)
    this.#metrics.keepOnly(names).catch((error) => this.#log.error({ err: error }, 'metrics not tidied'))
  }

  received(scale: Scale | undefined, status: 'firing' | 'resolved'): void {
    this.#metrics.alerts.inc({ scale: scale ?? '', status })
  }

  decided(service: Service | undefined, decision: Decision): void {
    const isOptedIn = service !== undefined && service.policy.kind !== 'not_enabled'
    const name = isOptedIn ? service.name : ''
    this.#metrics.decisions.inc({ service: name, decision: decision.kind, reason: decision.reason })
    if (isOptedIn && decision.kind !== 'reject' && decision.needed !== undefined) {
      this.#metrics.services.showNeeded(name, decision.needed)
    }
    // Most decisions change nothing, and come with each post: they are put into words only where somebody reads them.
    if (this.#log.isLevelEnabled('debug')) {
      this.#log.debug({ service: service?.name, ...describe(decision) }, 'decided')
    }
  }

  stands(service: Service, decision: Decision): void {
    this.#changes.stands(service, decision)
    const { name, policy } = service
    if (policy.kind !== 'not_enabled') this.#metrics.services.showStanding(name, decision)
  }

  dropped(service: string, alerts: number): void {
    this.#metrics.signalsDropped.inc(alerts)
    if (this.#saidOfDropped.has(service)) return
    this.#saidOfDropped.add(service)
    this.#log.warn(
      { service, alerts },
      'more alerts stand for the service than are kept, the oldest are dropped; let fewer alerts name it',
    )
  }

  applied(service: Service, scaling: Scaling, atMs: number): void {
    this.#metrics.scalings.inc({ service: service.name, direction: directionOf(scaling), outcome: 'applied' })
    this.#metrics.services.show(service, atMs)
    this.#replicaSeconds.changed(service, atMs)
    const startsAtMs = scaling.cause?.startsAtMs
    if (startsAtMs !== undefined) this.#metrics.reaction.observe(Math.max(0, atMs - startsAtMs) / 1_000)
    if (scaling.reason === 'redeploy_restored') this.#metrics.redeploysRestored.inc({ service: service.name })
    this.#changes.scaled(service, scaling, atMs)
  }

  converged(service: Service, scaling: Scaling, durationMs: number): void {
    this.#metrics.convergence.observe(durationMs / 1_000)
    this.#changes.converged(service, scaling, durationMs)
  }

  crashLooped(service: Service, { from, to }: Scaling): void {
    this.#metrics.crashLoops.inc({ service: service.name })
    const { failing, failingReason: error } = service.tasks ?? {}
    this.#log.error(
      { service: service.name, from, to, failing, error },
      'tasks fail again and again after a change; see docker service ps and docker service logs',
    )
  }

  changedByOthers(service: Service, from: number, by: 'person' | 'redeploy'): void {
    this.#changes.changedByOthers(service, from, by)
  }

  blocked(service: Service, hold: Hold, sinceMs: number): void {
    this.#log.warn(
      { service: service.name, ...describe(hold), since: new Date(sinceMs).toISOString() },
      remedies[hold.reason] ?? 'more replicas are needed, and wait',
    )
  }

  listening(error?: SwarmError): void {
    this.#metrics.dockerEventsUp.set(error === undefined ? 1 : 0)
    const words = error?.code ?? 'ok'
    if (words === this.#saidOfEvents) return
    this.#saidOfEvents = words
    if (error === undefined) {
      this.#log.info('Docker tells of changes')
      return
    }
    const lost = 'Docker tells of no changes, the resync finds them'
    // Whoever cannot be reached has forbidden nothing.
    const remedy = error.outcomeUnknown ? '' : '; let the socket proxy allow GET /events'
    this.#log.warn({ code: error.code, error: error.message }, `${lost}${remedy}`)
  }

  failed(service: string, error: SwarmError, due?: DueScaling): void {
    if (due === undefined) {
      this.#log.error({ service, code: error.code, error: error.message }, 'service not reconciled')
      return
    }
    this.#metrics.scalings.inc({ service, direction: directionOf(due.scaling), outcome: 'failed' })
    this.#changes.failed(due, error)
  }

  conflicted(service: string): void {
    this.#metrics.dockerConflicts.inc()
    this.#log.debug({ service }, 'conflicting update, deciding anew')
  }

  resynced(error?: SwarmError): void {
    this.#metrics.dockerUp.set(error === undefined ? 1 : 0)
    if (error !== undefined) this.#replicaSeconds.loseSight()
    const words = error?.code ?? 'ok'
    if (words === this.#saidOfDocker) return
    this.#saidOfDocker = words
    if (error === undefined) this.#log.info('Docker reached')
    else this.#log.error({ code: error.code, error: error.message }, 'Docker not usable')
  }

  /** What is wrong with an alert itself is told each time; what is wrong with its service is told of that service. */
  refused({ service, problem, alert: { fingerprint } }: RefusedAlert): void {
    if (problem !== undefined) this.#log.warn({ service, fingerprint, problem }, 'alert refused')
  }

  refusedMore(alerts: number): void {
    this.#log.warn({ alerts }, 'more alerts of the same message refused')
  }

  /** Said once: it goes on until somebody changes the configuration of Alertmanager. */
  truncated(alerts: number): void {
    if (this.#saidOfTruncated) return
    this.#saidOfTruncated = true
    this.#log.warn(
      { alerts },
      'Alertmanager leaves alerts out of its messages; group them by service, or raise max_alerts in webhook_configs',
    )
  }

  recalled(alerts: number): void {
    this.#log.info({ alerts }, 'standing alerts read from Alertmanager')
  }

  notRecalled(error: Error): void {
    this.#log.warn(
      { error: error.message },
      'standing alerts not read from Alertmanager, see AUTOSCALER_ALERTMANAGER_URL; its next post brings them',
    )
  }

  answered(method: string, route: string, code: number, durationMs: number): void {
    this.#metrics.httpDuration.observe({ method, route, code }, durationMs / 1_000)
  }

  broke(error: unknown): void {
    this.#log.error({ err: error }, 'request failed')
  }

  /** The files that settings name were read again; `faults` are what they were refused for. */
  reloaded(faults: readonly string[]): void {
    this.#metrics.configReloadSuccessful.set(faults.length === 0 ? 1 : 0)
    if (faults.length === 0) this.#log.info('files reloaded')
    else this.#log.error({ faults }, 'reload refused, what was in force stays so')
  }

  recordWrote(_entries: number, durationMs: number): void {
    this.#metrics.recordUp.set(1)
    this.#metrics.recordWrites.inc({ outcome: 'ok' })
    this.#metrics.recordDuration.observe(durationMs / 1_000)
    if (this.#saidOfRecord !== 'ok') this.#log.info('the record is written again')
    this.#saidOfRecord = 'ok'
  }

  recordFailed(error: RecordFault, waiting: number): void {
    this.#metrics.recordUp.set(0)
    this.#metrics.recordWrites.inc({ outcome: error.code })
    if (error.code === this.#saidOfRecord) return
    this.#saidOfRecord = error.code
    this.#log.error(
      { code: error.code, error: error.message, waiting },
      'the record cannot be written; scaling goes on, and the last events are kept in memory',
    )
  }

  recordLost(entries: number): void {
    this.#metrics.recordLost.inc(entries)
  }

  recordWaiting(entries: number): void {
    this.#metrics.recordWaiting.set(entries)
  }

  recordPruned(rows: number): void {
    this.#metrics.recordPruned.inc(rows)
    this.#log.debug({ rows }, 'old events removed from the record')
  }

  dockerCalled(operation: string, outcome: string, durationMs: number): void {
    this.#metrics.dockerRequests.inc({ operation, outcome })
    this.#metrics.dockerDuration.observe({ operation }, durationMs / 1_000)
  }

  /** A series that appears with the first change would hide it from rate(): changes are counted from 0 on. */
  #beginCounters(service: string): void {
    if (this.#counted.has(service)) return
    this.#counted.add(service)
    const { decisions, scalings, redeploysRestored, crashLoops } = this.#metrics
    for (const reason of scaleReasons) decisions.inc({ service, decision: 'scale', reason }, 0)
    for (const direction of directions) {
      for (const outcome of ['applied', 'failed']) scalings.inc({ service, direction, outcome }, 0)
    }
    for (const counter of [redeploysRestored, crashLoops]) counter.inc({ service }, 0)
  }

  /** A line for each window that has opened or closed since the service was seen last. */
  #sayWindows({ name, policy }: Service, atMs: number): void {
    const windows = policy.kind === 'valid' ? boundsAt(policy.policy, atMs).windows : []
    const before = this.#openWindows.get(name) ?? new Set()
    for (const { schedule, isOpen, nextChangeMs } of windows) {
      if (isOpen === before.has(schedule.name)) continue
      const { min, max } = schedule
      const next = nextChangeMs === undefined ? undefined : new Date(nextChangeMs).toISOString()
      if (isOpen)
        this.#log.info({ service: name, schedule: schedule.name, min, max, closes: next }, 'window opened')
      else this.#log.info({ service: name, schedule: schedule.name, opens: next }, 'window closed')
    }
    this.#openWindows.set(
      name,
      new Set(windows.flatMap(({ schedule, isOpen }) => (isOpen ? schedule.name : []))),
    )
  }

  #sayLeftOut(name: string): void {
    if (this.#saidLeftOut.has(name)) return
    this.#saidLeftOut.add(name)
    this.#log.info({ service: name }, 'service opted in, but AUTOSCALER_ONLY leaves it out; left alone')
  }

  #sayPolicy({ name, mode, policy }: Service): void {
    const said = this.#saidOfPolicy.get(name)
    // The mode of a service never changes.
    if (said?.policy === policy) return
    const faults = policy.kind === 'invalid' ? policy.faults.map(describeFault) : []
    const words = `${mode} ${policy.kind} ${policy.kind === 'valid' ? JSON.stringify(policy.policy) : faults.join('; ')}`
    this.#saidOfPolicy.set(name, { words, policy })
    if (said?.words === words) return
    if (mode !== 'replicated') {
      this.#log.warn({ service: name, mode }, 'service is not replicated, left alone')
    } else if (policy.kind === 'invalid') {
      this.#log.warn({ service: name, faults }, 'policy invalid, service left alone')
    } else if (policy.kind === 'valid') {
      const warnings = policy.warnings.map(describeFault)
      this.#log[warnings.length > 0 ? 'warn' : 'info'](
        { service: name, policy: policy.policy, warnings },
        'policy in force',
      )
    }
  }
}

function directionOf({ from, to }: Scaling): 'up' | 'down' {
  return to > from ? 'up' : 'down'
}
