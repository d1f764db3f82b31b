import { boundsAt } from '../decide/bounds.ts'
import type { Decision } from '../domain/decision.ts'
import type { ParsedPolicy } from '../domain/policy.ts'
import type { Service } from '../domain/service.ts'
import type { Scaling, StatusChange, Subscriber } from './events.ts'
import type { SwarmError } from './swarm-error.ts'

/** What was reported of one service last, and so what of the next report is new. All edges of a service are worked out here. */
export class Reported {
  readonly #emit: Subscriber
  #policy: { readonly reading: ParsedPolicy; readonly key: string } | undefined
  #openWindows: ReadonlySet<string> = new Set()
  /** Kind and reason of the last status that was no change, and the change that it held. */
  #status: { readonly reason: string; readonly held: string } | undefined
  /** Whether nobody has asked for anything since the start. */
  #isIdle = true
  #hasDropped = false
  #failure: { readonly key: string; readonly times: number } | undefined

  constructor(emit: Subscriber) {
    this.#emit = emit
  }

  /** A service was read. */
  read(service: Service, atMs: number): void {
    this.#emit({ kind: 'read', service, atMs })
    this.#readPolicy(service)
    this.#readWindows(service, atMs)
  }

  /** What is new about the decision of a check. */
  statusChange(decision: Decision): StatusChange {
    if (decision.kind === 'scale') return 'none'
    // Nothing is due any more: the next failure begins anew.
    this.#failure = undefined
    const before = this.#status
    const status = { reason: `${decision.kind} ${decision.reason}`, held: heldChange(decision) }
    this.#status = status
    const wasIdle = this.#isIdle
    this.#isIdle = wasIdle && isIdle(decision)
    // That a service has not opted in is nothing new at the start either.
    if (wasIdle && (this.#isIdle || (before === undefined && decision.reason === 'not_enabled')))
      return 'idle'
    if (before?.reason !== status.reason) return 'reason'
    return before.held === status.held ? 'none' : 'held_change'
  }

  /** A change was applied: what is held next is new, even if it is the same as before. */
  applied(): void {
    this.#failure = undefined
    if (this.#status !== undefined) this.#status = { ...this.#status, held: '' }
  }

  /** How often this change has failed in a row with this error, this time included. */
  failed({ from, to }: Scaling, { code }: SwarmError): number {
    const key = `${from} ${to} ${code}`
    const times = this.#failure?.key === key ? this.#failure.times + 1 : 1
    this.#failure = { key, times }
    return times
  }

  dropped(service: string, alerts: number): void {
    this.#emit({ kind: 'alerts_dropped', service, alerts, isFirst: !this.#hasDropped })
    this.#hasDropped = true
  }

  #readPolicy(service: Service): void {
    const { policy, mode } = service
    const before = this.#policy
    // The mode of a service never changes.
    if (before?.reading === policy) return
    const key = `${mode} ${JSON.stringify(policy)}`
    this.#policy = { reading: policy, key }
    if (before?.key === key) return
    this.#emit({ kind: 'policy_changed', service })
  }

  #readWindows(service: Service, atMs: number): void {
    const { policy } = service
    const windows = policy.kind === 'valid' ? boundsAt(policy.policy, atMs).windows : []
    for (const window of windows) {
      if (window.isOpen !== this.#openWindows.has(window.schedule.name))
        this.#emit({ kind: 'window_changed', service, ...window })
    }
    this.#openWindows = new Set(windows.flatMap(({ schedule, isOpen }) => (isOpen ? schedule.name : [])))
  }
}

/** The change that a decision holds back, as a text to compare; empty if it holds none. */
function heldChange(decision: Decision): string {
  if (decision.kind !== 'hold' || decision.wouldBe === undefined) return ''
  return `${decision.replicas} ${decision.wouldBe}`
}

function isIdle({ reason }: Decision): boolean {
  return reason === 'no_alert' || reason === 'at_target'
}
