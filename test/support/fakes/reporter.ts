import type { ActiveAlert } from '../../../src/domain/active-alert.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import { defined } from '../../../src/domain/defined.ts'
import type { Service } from '../../../src/domain/service.ts'
import type { Hold, Scaling, Subscriber } from '../../../src/reconcile/events.ts'
import { LastResult } from '../../../src/reconcile/last-result.ts'
import { Reported } from '../../../src/reconcile/reported.ts'
import { nextStatus, type ServiceStatus } from '../../../src/reconcile/status.ts'
import type { SwarmError } from '../../../src/reconcile/swarm-error.ts'
import { noon } from './builders.ts'

interface Kept {
  readonly reported: Reported
  status?: ServiceStatus
}

/** Reports about services to a subscriber as the loop does, without a Swarm: what is new is worked out by the loop's own code. */
export class Reporter {
  readonly #emit: Subscriber
  readonly #services = new Map<string, Kept>()
  readonly #lastResync = new LastResult()
  readonly #lastWatch = new LastResult()

  constructor(emit: Subscriber) {
    this.#emit = emit
  }

  read(service: Service, atMs = noon): void {
    this.#of(service.name).reported.read(service, atMs)
  }

  checked(service: Service, decision: Decision, alerts: readonly ActiveAlert[] = [], atMs = noon): void {
    const kept = this.#of(service.name)
    const status = nextStatus(kept.status, { service, decision, alerts, atMs })
    kept.status = status
    this.#emit({ kind: 'checked', status, change: kept.reported.statusChange(decision) })
  }

  applied(service: Service, scaling: Scaling, atMs = noon, alerts: readonly ActiveAlert[] = []): void {
    this.#of(service.name).reported.applied()
    this.#emit({ kind: 'applied', service, scaling, alerts, atMs })
  }

  failed(service: Service, scaling: Scaling, error: SwarmError, atMs = noon): void {
    const times = this.#of(service.name).reported.failed(scaling, error)
    this.#emit({ kind: 'failed', due: { service, scaling, alerts: [] }, error, times, atMs })
  }

  converged(service: Service, scaling: Scaling, durationMs: number): void {
    this.#emit({ kind: 'converged', service, scaling, durationMs })
  }

  crashLooped(service: Service, scaling: Scaling): void {
    this.#emit({ kind: 'crash_looped', service, scaling })
  }

  blocked(service: Service, hold: Hold, sinceMs: number): void {
    this.#emit({ kind: 'blocked', service, hold, sinceMs })
  }

  externalChange(service: Service, from: number, by: 'person' | 'redeploy'): void {
    this.#emit({ kind: 'external_change', service, from, by })
  }

  resynced(error?: SwarmError, atMs = noon): void {
    this.#emit({ kind: 'resynced', isNew: this.#lastResync.isNew(error), atMs, ...defined({ error }) })
  }

  watched(error?: SwarmError): void {
    this.#emit({ kind: 'watched', isNew: this.#lastWatch.isNew(error), ...defined({ error }) })
  }

  forgotten(service: string, atMs = noon): void {
    this.#services.delete(service)
    this.#emit({ kind: 'forgotten', service, atMs })
  }

  #of(name: string): Kept {
    const kept = this.#services.get(name) ?? { reported: new Reported(this.#emit) }
    this.#services.set(name, kept)
    return kept
  }
}
