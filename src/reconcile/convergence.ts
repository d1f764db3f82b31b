import { isInRollout, type Service } from '../domain/service.ts'
import { backoffMs } from './backoff.ts'
import type { Observer, Scaling } from './ports.ts'

interface Watched {
  readonly scaling: Scaling
  readonly appliedAtMs: number
  convergedAtMs?: number
  hasLooped: boolean
}

/** A change whose tasks do not all run by then is no longer watched, in ms. */
const mostMs = 3_600_000

/** So many are looked at as often as can be; of more, each the less often. The resync looks at all of them with one call. */
const fewMost = 25

/** Tasks that ran once may yet turn out to fail again and again: they are watched for so long after, in ms. */
const aftermathMs = 120_000

/** Follows each applied change until all tasks of the service run, and a little longer. */
export class Convergence {
  readonly #watched = new Map<string, Watched>()
  readonly #observer: Observer

  constructor(observer: Observer) {
    this.#observer = observer
  }

  /** From here on the service is followed for this change; an earlier one is no longer waited for. */
  begin(name: string, scaling: Scaling, nowMs: number): void {
    this.#watched.set(name, { scaling, appliedAtMs: nowMs, hasLooped: false })
  }

  /** Takes in how the service is now. Answers in how many ms to look at it again. Absent: nothing is waited for. */
  see(service: Service, nowMs: number): number | undefined {
    const watched = this.#watched.get(service.name)
    if (watched === undefined) return undefined
    if (service.desiredReplicas !== watched.scaling.to || isOver(watched, nowMs)) {
      this.#watched.delete(service.name)
      return undefined
    }
    const sinceMs = nowMs - watched.appliedAtMs
    if (watched.convergedAtMs === undefined && allRun(service)) {
      watched.convergedAtMs = nowMs
      this.#observer.converged(service, watched.scaling, sinceMs)
    }
    if (!watched.hasLooped && (service.tasks?.failing ?? 0) > 0) {
      watched.hasLooped = true
      this.#observer.crashLooped(service, watched.scaling)
    }
    return backoffMs(sinceMs, { leastMs: 250 * this.#crowd, mostMs: 5_000 * this.#crowd })
  }

  /** How much less often to look at each, so that after a burst of changes the engine is not kept busy with them: see `fewMost`. */
  get #crowd(): number {
    return Math.max(1, this.#watched.size / fewMost)
  }

  /** Follows no service but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#watched.delete(name)
  }
}

function isOver({ appliedAtMs, convergedAtMs, hasLooped }: Watched, nowMs: number): boolean {
  if (nowMs - appliedAtMs > mostMs) return true
  return convergedAtMs !== undefined && (hasLooped || nowMs - convergedAtMs > aftermathMs)
}

function allRun(service: Service): boolean {
  const running = service.tasks?.running ?? service.runningReplicas
  return running === service.desiredReplicas && !isInRollout(service)
}
