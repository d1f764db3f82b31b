import type { Decision } from '../domain/decision.ts'
import type { EventKind } from '../domain/event.ts'
import type { Service } from '../domain/service.ts'
import type { DueScaling, Scaling } from '../reconcile/ports.ts'
import type { SwarmError } from '../reconcile/swarm-error.ts'
import { describe } from './describe.ts'
import type { Logger } from './logger.ts'

/** What became of replicas: the kinds of the record that are about a change, and that all tasks of one run. */
type ChangeKind = Exclude<EventKind, 'rejected'> | 'converged'

/** A failure, and how often in a row. */
interface Failure {
  readonly words: string
  readonly times: number
}

/**
 * The log as an audit trail: one line for each change of replicas, made, failed, held back or made by somebody else. Its field
 * `event` tells the lines from all others, and every fact has the name that the API has for it.
 */
export class ChangeLog {
  readonly #log: Logger
  /** How each service was held when it was looked at last, in words to compare. */
  readonly #held = new Map<string, string>()
  readonly #failures = new Map<string, Failure>()

  constructor(log: Logger) {
    this.#log = log
  }

  scaled(service: Service, scaling: Scaling, atMs: number): void {
    const startsAtMs = scaling.cause?.startsAtMs
    const reactionSeconds = startsAtMs === undefined ? undefined : Math.max(0, atMs - startsAtMs) / 1_000
    this.#log.info({ ...facts('scaled', service), ...describe(scaling), reactionSeconds }, 'scaled')
    // What holds it next is news, even where it is the same as before.
    this.#held.delete(service.name)
    this.#failures.delete(service.name)
  }

  converged(service: Service, { from, to, reason }: Scaling, durationMs: number): void {
    const convergedSeconds = durationMs / 1_000
    this.#log.info({ ...facts('converged', service), reason, from, to, convergedSeconds }, 'all tasks run')
  }

  /** A failure that goes on has a line for each time, which says how often it was. */
  failed({ service, scaling }: DueScaling, { code, message: error }: SwarmError): void {
    const words = `${scaling.from} ${scaling.to} ${code}`
    const last = this.#failures.get(service.name)
    const times = last?.words === words ? last.times + 1 : 1
    this.#failures.set(service.name, { words, times })
    const often = times > 1 ? { times } : {}
    this.#log.error(
      { ...facts('failed', service), ...describe(scaling), code, error, ...often },
      'service not reconciled',
    )
  }

  changedByOthers(service: Service, from: number, actor: 'person' | 'redeploy'): void {
    this.#log.info(
      { ...facts('changed', service), from, to: service.desiredReplicas, actor },
      service.redeploy === undefined
        ? 'replicas changed by somebody else, taken as they are'
        : 'replicas reset by a redeploy, to be restored',
    )
  }

  /** What a person holds back is told as loudly as a change, once: it is what a dry run is for. */
  stands(service: Service, decision: Decision): void {
    if (decision.kind === 'scale' || service.policy.kind === 'not_enabled') return
    const words = inWords(decision)
    if (this.#held.get(service.name) === words) return
    this.#held.set(service.name, words)
    if (decision.kind === 'reject' || decision.wouldBe === undefined) return
    const kind = decision.reason === 'dry_run' ? 'dry_run' : 'held'
    this.#log.info({ ...facts(kind, service), ...describe(decision) }, 'held')
  }

  keepOnly(names: ReadonlySet<string>): void {
    for (const said of [this.#held, this.#failures]) {
      for (const name of said.keys()) if (!names.has(name)) said.delete(name)
    }
  }
}

/** What every line of a change says first. Others than the autoscaler are named after it. */
function facts(event: ChangeKind, { name: service, version: serviceVersion }: Service) {
  return { event, service, serviceVersion, actor: 'autoscaler' }
}

function inWords(decision: Exclude<Decision, { kind: 'scale' }>): string {
  if (decision.kind === 'reject' || decision.wouldBe === undefined) return decision.reason
  return `${decision.reason} ${decision.replicas} ${decision.wouldBe}`
}
