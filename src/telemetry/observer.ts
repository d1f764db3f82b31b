import { boundsAt } from '../decide/bounds.ts'
import type { Decision } from '../domain/decision.ts'
import type { Scale } from '../domain/direction.ts'
import { faultInWords } from '../domain/fault-in-words.ts'
import type { HoldReason } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import type { Hold, Observer, Scaling } from '../reconcile/ports.ts'
import type { SwarmError } from '../reconcile/swarm-error.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

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
  /** What was said last of each service's policy, so that it is said once and not at every resync. */
  readonly #saidOfPolicy = new Map<string, string>()
  readonly #saidOfHeld = new Map<string, string>()
  /** The windows that were open when each service was seen last. */
  readonly #openWindows = new Map<string, ReadonlySet<string>>()
  /** What was said last of Docker, and of its events: `ok`, or the code of what was wrong. */
  #saidOfDocker: string | undefined
  #saidOfEvents: string | undefined

  constructor(metrics: Metrics, log: Logger) {
    this.#metrics = metrics
    this.#log = log
  }

  seen(service: Service, atMs: number): void {
    if (service.policy.kind === 'not_enabled') return
    // A number of replicas that means nothing would have the rules ask for more for ever.
    if (service.mode === 'replicated') this.#metrics.services.show(service, atMs)
    this.#sayPolicy(service)
    this.#sayWindows(service, atMs)
  }

  onlyLeft(services: readonly Service[]): void {
    const optedIn = services.filter(({ policy }) => policy.kind !== 'not_enabled').map(({ name }) => name)
    const names = new Set(optedIn)
    for (const said of [this.#saidOfPolicy, this.#saidOfHeld, this.#openWindows]) {
      for (const name of said.keys()) if (!names.has(name)) said.delete(name)
    }
    this.#metrics.keepOnly(names).catch((error) => this.#log.error({ err: error }, 'metrics not tidied'))
  }

  heard(scale: Scale | undefined, status: 'firing' | 'resolved'): void {
    this.#metrics.alerts.inc({ scale: scale ?? '', status })
  }

  decided(service: Service | undefined, decision: Decision): void {
    const isOptedIn = service !== undefined && service.policy.kind !== 'not_enabled'
    const name = isOptedIn ? service.name : ''
    this.#metrics.decisions.inc({ service: name, decision: decision.kind, reason: decision.reason })
    if (isOptedIn && decision.kind !== 'reject' && decision.needed !== undefined) {
      this.#metrics.services.showNeeded(name, decision.needed)
    }
    this.#log.debug({ service: service?.name, ...describe(decision) }, 'decided')
    if (isOptedIn) this.#sayHeld(name, decision)
  }

  applied(service: Service, scaling: Scaling, atMs: number): void {
    this.#metrics.scalings.inc({ service: service.name, direction: directionOf(scaling), outcome: 'applied' })
    this.#metrics.services.show(service, atMs)
    const startsAtMs = scaling.cause?.startsAtMs
    if (startsAtMs !== undefined) this.#metrics.reaction.observe(Math.max(0, atMs - startsAtMs) / 1_000)
    if (scaling.reason === 'redeploy_restored') this.#metrics.redeploysRestored.inc({ service: service.name })
    this.#log.info({ service: service.name, ...describe(scaling) }, 'scaled')
  }

  converged(service: Service, { from, to }: Scaling, durationMs: number): void {
    const seconds = durationMs / 1_000
    this.#metrics.convergence.observe(seconds)
    this.#log.info({ service: service.name, from, to, seconds }, 'all tasks run')
  }

  crashLooped(service: Service, { from, to }: Scaling): void {
    this.#metrics.crashLoops.inc({ service: service.name })
    const { failing, failingReason: error } = service.tasks ?? {}
    this.#log.error(
      { service: service.name, from, to, failing, error },
      'tasks fail again and again after a change; see docker service ps and docker service logs',
    )
  }

  changedByOthers(service: Service, from: number): void {
    this.#log.info(
      { service: service.name, from, to: service.desiredReplicas },
      'replicas changed by somebody else, taken as they are',
    )
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
    if (error === undefined) this.#log.info('Docker tells of changes')
    else {
      this.#log.warn(
        { code: error.code, error: error.message },
        'Docker tells of no changes, the resync finds them; let the socket proxy allow GET /events',
      )
    }
  }

  failed(service: string, error: SwarmError, scaling?: Scaling): void {
    if (scaling !== undefined) {
      this.#metrics.scalings.inc({ service, direction: directionOf(scaling), outcome: 'failed' })
    }
    const due = scaling === undefined ? {} : describe(scaling)
    this.#log.error({ service, code: error.code, error: error.message, ...due }, 'service not reconciled')
  }

  conflicted(service: string): void {
    this.#metrics.dockerConflicts.inc()
    this.#log.debug({ service }, 'conflicting update, deciding anew')
  }

  resynced(error?: SwarmError): void {
    this.#metrics.dockerUp.set(error === undefined ? 1 : 0)
    const words = error?.code ?? 'ok'
    if (words === this.#saidOfDocker) return
    this.#saidOfDocker = words
    if (error === undefined) this.#log.info('Docker reached')
    else this.#log.error({ code: error.code, error: error.message }, 'Docker not usable')
  }

  refused({
    service,
    fingerprint,
    problem,
  }: {
    service: string
    fingerprint: string
    problem: string
  }): void {
    this.#log.warn({ service, fingerprint, problem }, 'alert refused')
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

  /** The policy file was read again; `faults` are what it was refused for. */
  reloaded(faults: readonly string[]): void {
    this.#metrics.configReloadSuccessful.set(faults.length === 0 ? 1 : 0)
    if (faults.length === 0) this.#log.info('policies reloaded')
    else this.#log.error({ faults }, 'policy file refused, the old one stays in force')
  }

  dockerCalled(operation: string, outcome: string, durationMs: number): void {
    this.#metrics.dockerRequests.inc({ operation, outcome })
    this.#metrics.dockerDuration.observe({ operation }, durationMs / 1_000)
  }

  /** What a person holds back is told as loudly as a change, once: it is what a dry run is for. */
  #sayHeld(service: string, decision: Decision): void {
    const isHeld = decision.kind === 'hold' && decision.wouldBe !== undefined
    const words = isHeld ? `${decision.reason} ${decision.replicas} ${decision.wouldBe}` : ''
    if ((this.#saidOfHeld.get(service) ?? '') === words) return
    this.#saidOfHeld.set(service, words)
    if (isHeld) this.#log.info({ service, ...describe(decision) }, 'held')
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

  #sayPolicy({ name, mode, policy }: Service): void {
    const faults = policy.kind === 'invalid' ? policy.faults.map(faultInWords) : []
    const words = `${mode} ${policy.kind} ${policy.kind === 'valid' ? JSON.stringify(policy.policy) : faults.join('; ')}`
    if (this.#saidOfPolicy.get(name) === words) return
    this.#saidOfPolicy.set(name, words)
    if (mode !== 'replicated') {
      this.#log.warn({ service: name, mode }, 'service is not replicated, left alone')
    } else if (policy.kind === 'invalid') {
      this.#log.warn({ service: name, faults }, 'policy invalid, service left alone')
    } else if (policy.kind === 'valid') {
      const warnings = policy.warnings.map(faultInWords)
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

/** A decision as fields of a log line, with the alert behind it. */
function describe(decision: Decision): Record<string, unknown> {
  if (decision.kind === 'reject') return { decision: decision.kind, reason: decision.reason }
  const { cause, kind, ...rest } = decision
  if (cause === undefined) return { decision: kind, ...rest }
  const { alertName, fingerprint, startsAtMs, summary } = cause
  const alert = { name: alertName, fingerprint, startsAt: new Date(startsAtMs).toISOString(), summary }
  return { decision: kind, ...rest, alert }
}
