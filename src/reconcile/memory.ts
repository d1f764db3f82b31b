import { type Known, type Settled, settle } from '../decide/settle.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import { defined } from '../domain/defined.ts'
import { isSameState, type ScalingState, type Service } from '../domain/service.ts'
import type { Observer, Scaling } from './ports.ts'

/** A change of which nobody could tell whether it was applied, the state written with it, and the alerts that stood. */
interface Unsure {
  readonly scaling: Scaling
  readonly state: ScalingState
  readonly alerts: readonly ActiveAlert[]
}

/** What is remembered of each service from one look to the next, so that what others did in between can be told apart. */
export class Memory {
  readonly #known = new Map<string, Known>()
  /** Changes of which nobody could tell whether they were applied. */
  readonly #unsure = new Map<string, Unsure>()
  readonly #observer: Observer
  readonly #onApplied: (name: string, scaling: Scaling, atMs: number) => void

  /** `onApplied` is called for a change that turns out to have been applied after all. */
  constructor(observer: Observer, onApplied: (name: string, scaling: Scaling, atMs: number) => void) {
    this.#observer = observer
    this.#onApplied = onApplied
  }

  /** The service in the light of what is known of it. Absent where the reading is older than what is known already. */
  settle(read: Service, nowMs: number): Service | undefined {
    const before = this.#known.get(read.name)
    if (before?.id === read.id && (read.version ?? 0) < (before.version ?? 0)) return undefined
    const settled = settle(read, before, nowMs)
    this.#known.set(read.name, settled.known)
    this.#tellUnsure(read, nowMs)
    if (read.policy.kind === 'valid') this.#tellOthers(settled, before)
    return settled.service
  }

  /** The service is now as the autoscaler itself has written it. */
  wrote({ id, name, desiredReplicas: replicas, state, version }: Service): void {
    // The version that was written over is out of date: any later one is higher.
    this.#unsure.delete(name)
    const least = version === undefined ? undefined : version + 1
    this.#known.set(name, { id, replicas, state, isLabelled: true, ...defined({ version: least }) })
  }

  /** The service may be as the autoscaler has written it, or as it was: a later reading tells. */
  mayHaveWritten({ name, state }: Service, scaling: Scaling, alerts: readonly ActiveAlert[]): void {
    this.#unsure.set(name, { scaling, state, alerts })
  }

  /** A redeploy that nothing came of, and that nothing but the policy itself held back, has had its answer. */
  decided({ name, redeploy }: Service, decision: Decision): void {
    const isHeld = decision.kind === 'hold' && decision.wouldBe !== undefined
    const isInvalid = decision.kind === 'reject' && decision.reason === 'invalid_policy'
    const known = this.#known.get(name)
    if (redeploy === undefined || known === undefined || isHeld || isInvalid) return
    const { redeploy: _, ...answered } = known
    this.#known.set(name, answered)
  }

  has(name: string): boolean {
    return this.#known.has(name)
  }

  /** Forgets every service but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const map of [this.#known, this.#unsure]) {
      for (const name of map.keys()) if (!names.has(name)) map.delete(name)
    }
  }

  #tellOthers(
    { service, known, changedFrom, changedBy = 'person' }: Settled,
    before: Known | undefined,
  ): void {
    const isNewRedeploy = known.redeploy !== undefined && before?.redeploy === undefined
    if (isNewRedeploy) this.#observer.changedByOthers(service, known.redeploy.from, 'redeploy')
    else if (changedFrom !== undefined) this.#observer.changedByOthers(service, changedFrom, changedBy)
  }

  #tellUnsure(read: Service, nowMs: number): void {
    const unsure = this.#unsure.get(read.name)
    if (unsure === undefined || !isSameState(read.state, unsure.state)) return
    this.#unsure.delete(read.name)
    this.#observer.applied(read, unsure.scaling, nowMs, unsure.alerts)
    this.#onApplied(read.name, unsure.scaling, nowMs)
  }
}
