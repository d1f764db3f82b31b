import { type Known, type Settled, settle } from '../decide/settle.ts'
import type { Decision } from '../domain/decision.ts'
import { defined } from '../domain/defined.ts'
import { isSameState, type Service } from '../domain/service.ts'
import type { DueScaling, Subscriber } from './events.ts'

/** What is remembered of one service from one check to the next, so that what others did in between can be told apart. */
export class Memory {
  readonly #emit: Subscriber
  readonly #onApplied: (due: DueScaling, atMs: number) => void
  #known: Known | undefined
  /** A change that may have been applied, with the service as it would then be. */
  #unconfirmed: DueScaling | undefined

  /** `onApplied` is called for a change that turns out to have been applied after all. */
  constructor(emit: Subscriber, onApplied: (due: DueScaling, atMs: number) => void) {
    this.#emit = emit
    this.#onApplied = onApplied
  }

  /** The service in the light of what is known of it. Absent if the reading is older than what is known already. */
  settle(read: Service, nowMs: number): Service | undefined {
    const before = this.#known
    if (before?.id === read.id && (read.version ?? 0) < (before.version ?? 0)) return undefined
    const settled = settle(read, before, nowMs)
    this.#known = settled.known
    this.#confirm(read, nowMs)
    if (read.policy.kind === 'valid') this.#reportExternal(settled, before)
    return settled.service
  }

  /** The service is now as the autoscaler itself has written it. */
  wrote({ id, desiredReplicas: replicas, state, version }: Service): void {
    this.#unconfirmed = undefined
    // The version that was written over is out of date: any later one is higher.
    const least = version === undefined ? undefined : version + 1
    this.#known = { id, replicas, state, isLabelled: true, ...defined({ version: least }) }
  }

  /** The service may be as the change leaves it, or as it was: a later reading shows which. */
  mayHaveWritten(due: DueScaling): void {
    this.#unconfirmed = due
  }

  /** A redeploy that nothing came of, and that nothing but the policy itself held back, has had its answer. */
  decided({ redeploy }: Service, decision: Decision): void {
    const isHeld = decision.kind === 'hold' && decision.wouldBe !== undefined
    const isInvalid = decision.kind === 'reject' && decision.reason === 'invalid_policy'
    if (redeploy === undefined || this.#known === undefined || isHeld || isInvalid) return
    const { redeploy: _, ...answered } = this.#known
    this.#known = answered
  }

  /** Whether the service was ever read or written. */
  get isKnown(): boolean {
    return this.#known !== undefined
  }

  #reportExternal(
    { service, known, changedFrom, changedBy = 'person' }: Settled,
    before: Known | undefined,
  ): void {
    const isNewRedeploy = known.redeploy !== undefined && before?.redeploy === undefined
    const from = isNewRedeploy ? known.redeploy.from : changedFrom
    if (from === undefined) return
    this.#emit({ kind: 'external_change', service, from, by: isNewRedeploy ? 'redeploy' : changedBy })
  }

  #confirm(read: Service, nowMs: number): void {
    const due = this.#unconfirmed
    if (due === undefined || !isSameState(read.state, due.service.state)) return
    this.#unconfirmed = undefined
    this.#onApplied({ ...due, service: read }, nowMs)
  }
}
