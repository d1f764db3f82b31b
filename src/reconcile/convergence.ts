import { isInRollout, type Service } from '../domain/service.ts'
import { backoffMs } from './backoff.ts'
import type { Scaling, Subscriber } from './events.ts'

interface Change {
  readonly scaling: Scaling
  readonly appliedAtMs: number
  convergedAtMs?: number
  hasLooped: boolean
}

/** A change whose tasks do not all run by then is no longer followed, in ms. */
const mostMs = 3_600_000

/** So many services are checked as often as possible; if more converge, each is checked less often. The resync checks all with one call. */
const fewMost = 25

/** Tasks that ran once may still turn out to fail again and again: they are followed for this long after, in ms. */
const aftermathMs = 120_000

/** Follows an applied change until all tasks of the service run, and a little longer. */
export class Convergence {
  readonly #emit: Subscriber
  readonly #converging: () => number
  #change: Change | undefined

  /** `converging`: how many services follow a change now. */
  constructor(emit: Subscriber, converging: () => number) {
    this.#emit = emit
    this.#converging = converging
  }

  /** From now on the service is followed for this change; an earlier one is no longer waited for. */
  begin(scaling: Scaling, nowMs: number): void {
    this.#change = { scaling, appliedAtMs: nowMs, hasLooped: false }
  }

  get isUnderWay(): boolean {
    return this.#change !== undefined
  }

  /** Follows the service as it is now. Returns in how many ms to check it again. Absent: nothing is waited for. */
  follow(service: Service, nowMs: number): number | undefined {
    const change = this.#change
    if (change === undefined) return undefined
    if (service.desiredReplicas !== change.scaling.to || isOver(change, nowMs)) {
      this.#change = undefined
      return undefined
    }
    const { scaling } = change
    const sinceMs = nowMs - change.appliedAtMs
    if (change.convergedAtMs === undefined && allRun(service)) {
      change.convergedAtMs = nowMs
      this.#emit({ kind: 'converged', service, scaling, durationMs: sinceMs })
    }
    if (!change.hasLooped && (service.tasks?.failing ?? 0) > 0) {
      change.hasLooped = true
      this.#emit({ kind: 'crash_looped', service, scaling })
    }
    // After a burst of changes the engine must not be kept busy with them.
    const crowd = Math.max(1, this.#converging() / fewMost)
    return backoffMs(sinceMs, { leastMs: 250 * crowd, mostMs: 5_000 * crowd })
  }
}

function isOver({ appliedAtMs, convergedAtMs, hasLooped }: Change, nowMs: number): boolean {
  if (nowMs - appliedAtMs > mostMs) return true
  return convergedAtMs !== undefined && (hasLooped || nowMs - convergedAtMs > aftermathMs)
}

function allRun(service: Service): boolean {
  const running = service.tasks?.running ?? service.runningReplicas
  return running === service.desiredReplicas && !isInRollout(service)
}
