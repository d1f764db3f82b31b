import { assertNever } from '../domain/assert-never.ts'
import type { EventKind } from '../domain/event.ts'
import { isExcluded } from '../domain/policy.ts'
import type { HoldReason } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import type { LoopEvent, StatusChange, Subscriber } from '../reconcile/events.ts'
import type { ServiceStatus } from '../reconcile/status.ts'
import type { SwarmError } from '../reconcile/swarm-error.ts'
import { describeFault } from '../text/describe-fault.ts'
import { describe } from './describe.ts'
import type { Logger } from './logger.ts'

/** What became of replicas: the kinds of the history that are about a change, and that all tasks of one run. */
type ChangeKind = Exclude<EventKind, 'rejected'> | 'converged'

type Event<K extends LoopEvent['kind']> = Extract<LoopEvent, { kind: K }>

/** What to do if more replicas are needed and wait for the state of their service. */
const remedies: Partial<Record<HoldReason, string>> = {
  rollout: 'more replicas are needed, and wait for a rollout; finish it, or roll it back',
  tasks_pending: 'more replicas are needed, and present ones cannot be placed or fail; see docker service ps',
}

/**
 * Turns the loop's events into log lines: a line for each change of replicas, and for each change of what is wrong. The field `event`
 * marks the lines about replicas, an audit trail whose facts have the names that the API has for them.
 */
export class LoopLog {
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  readonly subscriber: Subscriber = (event) => {
    switch (event.kind) {
      case 'applied':
        return this.#applied(event)
      case 'failed':
        return this.#failed(event)
      case 'converged':
        return this.#converged(event)
      case 'external_change':
        return this.#externalChange(event)
      case 'checked':
        return this.#checked(event.status, event.change)
      case 'crash_looped':
        return this.#crashLooped(event)
      case 'blocked':
        return this.#blocked(event)
      case 'policy_changed':
        return this.#policyChanged(event.service)
      case 'window_changed':
        return this.#windowChanged(event)
      case 'alerts_dropped':
        return event.isFirst ? this.#dropped(event) : undefined
      case 'resynced':
        return event.isNew ? this.#resynced(event.error) : undefined
      case 'watched':
        return event.isNew ? this.#watched(event.error) : undefined
      case 'unread':
        return this.#unread(event)
      case 'conflicted':
        return this.#log.debug({ service: event.service }, 'conflicting update; deciding again')
      case 'decided':
        return this.#decided(event)
      case 'read':
      case 'forgotten':
        return
      default:
        return assertNever(event)
    }
  }

  #applied({ service, scaling, atMs }: Event<'applied'>): void {
    const startsAtMs = scaling.cause?.startsAtMs
    const reactionSeconds = startsAtMs === undefined ? undefined : Math.max(0, atMs - startsAtMs) / 1_000
    this.#log.info({ ...factsOf('scaled', service), ...describe(scaling), reactionSeconds }, 'scaled')
  }

  #converged({ service, scaling: { from, to, reason }, durationMs }: Event<'converged'>): void {
    const convergedSeconds = durationMs / 1_000
    this.#log.info({ ...factsOf('converged', service), reason, from, to, convergedSeconds }, 'all tasks run')
  }

  /** A failure that goes on has a line for each time, with how often it happened. */
  #failed({ due: { service, scaling }, error: { code, message: error }, times }: Event<'failed'>): void {
    const often = times > 1 ? { times } : {}
    this.#log.error(
      { ...factsOf('failed', service), ...describe(scaling), code, error, ...often },
      'service not reconciled',
    )
  }

  #unread({ service, error: { code, message: error } }: Event<'unread'>): void {
    this.#log.error({ service, code, error }, 'service not reconciled')
  }

  #externalChange({ service, from, by: actor }: Event<'external_change'>): void {
    this.#log.info(
      { ...factsOf('changed', service), from, to: service.desiredReplicas, actor },
      service.redeploy === undefined
        ? 'replicas changed externally; taken as the new baseline'
        : 'replicas reset by a redeploy; restoring them',
    )
  }

  /** What somebody holds back is logged as clearly as a change, once: it is what a dry run is for. */
  #checked({ service, decision }: ServiceStatus, change: StatusChange): void {
    if (service.policy.kind === 'not_enabled' || (change !== 'reason' && change !== 'held_change')) return
    if (decision.kind !== 'hold' || decision.wouldBe === undefined) return
    const kind = decision.reason === 'dry_run' ? 'dry_run' : 'held'
    this.#log.info({ ...factsOf(kind, service), ...describe(decision) }, 'held')
  }

  #crashLooped({ service, scaling: { from, to } }: Event<'crash_looped'>): void {
    const { failing, failingReason: error } = service.tasks ?? {}
    this.#log.error(
      { service: service.name, from, to, failing, error },
      'tasks fail again and again after a change; see docker service ps and docker service logs',
    )
  }

  #blocked({ service, hold, sinceMs }: Event<'blocked'>): void {
    this.#log.warn(
      { service: service.name, ...describe(hold), since: new Date(sinceMs).toISOString() },
      remedies[hold.reason] ?? 'more replicas are needed, and wait',
    )
  }

  #dropped({ service, alerts }: Event<'alerts_dropped'>): void {
    this.#log.warn(
      { service, alerts },
      'more alerts are active for the service than are kept; the oldest are dropped; let fewer alerts name it',
    )
  }

  #resynced(error: SwarmError | undefined): void {
    if (error === undefined) this.#log.info('Docker connected')
    else this.#log.error({ code: error.code, error: error.message }, 'Docker not usable')
  }

  #watched(error: SwarmError | undefined): void {
    if (error === undefined) {
      this.#log.info('Docker event stream connected')
      return
    }
    // An engine that cannot be reached has forbidden nothing.
    const remedy = error.outcomeUnknown ? '' : '; let the socket proxy allow GET /events'
    this.#log.warn(
      { code: error.code, error: error.message },
      `Docker event stream disconnected; falling back to the resync${remedy}`,
    )
  }

  /** Most decisions change nothing, and come with each post: they are formatted only if somebody reads them. */
  #decided({ service, decision }: Event<'decided'>): void {
    if (this.#log.isLevelEnabled('debug'))
      this.#log.debug({ service: service?.name, ...describe(decision) }, 'decided')
  }

  #windowChanged({ service, schedule, isOpen, nextChangeMs }: Event<'window_changed'>): void {
    const { name, min, max } = schedule
    const next = nextChangeMs === undefined ? undefined : new Date(nextChangeMs).toISOString()
    const facts = { service: service.name, schedule: name }
    if (isOpen) this.#log.info({ ...facts, min, max, closes: next }, 'window opened')
    else this.#log.info({ ...facts, opens: next }, 'window closed')
  }

  #policyChanged({ name: service, mode, policy }: Service): void {
    if (policy.kind === 'not_enabled') {
      if (isExcluded(policy))
        this.#log.info({ service }, 'service opted in, but AUTOSCALER_ONLY leaves it out; not scaled')
    } else if (mode !== 'replicated') {
      this.#log.warn({ service, mode }, 'service is not replicated; not scaled')
    } else if (policy.kind === 'invalid') {
      this.#log.warn(
        { service, faults: policy.faults.map(describeFault) },
        'policy invalid; service not scaled',
      )
    } else {
      const warnings = policy.warnings.map(describeFault)
      const level = warnings.length > 0 ? 'warn' : 'info'
      this.#log[level]({ service, policy: policy.policy, warnings }, 'policy loaded')
    }
  }
}

/** What every line about replicas begins with. Others than the autoscaler are named after it. */
function factsOf(event: ChangeKind, { name: service, version: serviceVersion }: Service) {
  return { event, service, serviceVersion, actor: 'autoscaler' }
}
