import { decide } from '../decide/decide.ts'
import { type NextChanges, nextChanges } from '../decide/next-change.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Service } from '../domain/service.ts'
import type { ActiveAlerts } from './active-alerts.ts'
import type { Considered } from './outcome.ts'
import type { Clock } from './ports.ts'

export interface DeciderOptions {
  readonly clock: Clock
  readonly alerts: ActiveAlerts
  /** Whether the whole autoscaler changes nothing. */
  readonly isDryRun: boolean
}

/** Decides by the clock and the active alerts. */
export class Decider {
  readonly #options: DeciderOptions

  constructor(options: DeciderOptions) {
    this.#options = options
  }

  /** What is due for the service now. */
  decide(service: Service | undefined): Considered {
    const { alerts, nowMs } = this.#situation(service)
    const { isDryRun } = this.#options
    return { decision: decide({ alerts, nowMs, service, isDryRun }), alerts }
  }

  /** What the next alert of each direction would result in. */
  next(service: Service): NextChanges {
    return nextChanges({ service, ...this.#situation(service), isDryRun: this.#options.isDryRun })
  }

  #situation(service: Service | undefined): { alerts: readonly ActiveAlert[]; nowMs: number } {
    const { clock, alerts } = this.#options
    const nowMs = clock.nowMs()
    return { alerts: service === undefined ? [] : alerts.of(service.name, nowMs), nowMs }
  }
}
