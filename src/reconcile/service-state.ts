import { Convergence } from './convergence.ts'
import type { DueScaling, Subscriber } from './events.ts'
import { GateWatch } from './gate-watch.ts'
import { Memory } from './memory.ts'
import type { InHand, Outcome } from './outcome.ts'
import type { Clock } from './ports.ts'
import { Reported } from './reported.ts'
import { SingleFlight } from './single-flight.ts'
import type { ServiceStatus } from './status.ts'
import { StepGuard } from './step-guard.ts'
import { Timer } from './timer.ts'

export interface ServiceStateOptions {
  readonly name: string
  readonly emit: Subscriber
  readonly clock: Clock
  /** How often every service is checked without any alert, in ms. */
  readonly resyncIntervalMs: number
  /** How many services follow a change now. */
  readonly converging: () => number
  /** Reads, decides and writes; starts from what is in hand, if anything is. */
  readonly reconcile: (inHand?: InHand) => Promise<Outcome>
  /** Reads, and reconciles if something is due. */
  readonly check: () => Promise<void>
}

/**
 * Everything that the loop knows of one service, but for its alerts and its last reading. To forget a service is to drop this
 * object. What moves a service from one state to the next is in CONTRIBUTING, as a picture.
 */
export class ServiceState {
  readonly name: string
  readonly memory: Memory
  readonly reported: Reported
  readonly convergence: Convergence
  readonly gateWatch: GateWatch
  readonly stepGuard: StepGuard
  /** Rings when the service has to be checked without any event. */
  readonly timer: Timer
  /** One reconciliation of a service at a time, whatever causes it. */
  readonly reconciling: SingleFlight<Outcome, InHand>
  readonly checking: SingleFlight<void>
  /** Absent: it was not checked yet, or the allowlist leaves it out. */
  status: ServiceStatus | undefined

  constructor(options: ServiceStateOptions) {
    const { name, emit, clock, resyncIntervalMs, converging, reconcile, check } = options
    this.name = name
    this.reported = new Reported(emit)
    this.memory = new Memory(emit, (due, atMs) => this.applied(due, atMs, emit))
    this.convergence = new Convergence(emit, converging)
    this.gateWatch = new GateWatch(emit)
    this.stepGuard = new StepGuard(resyncIntervalMs)
    this.reconciling = new SingleFlight(reconcile)
    this.checking = new SingleFlight(check)
    this.timer = new Timer(clock, () => void this.checking.run())
  }

  get isIdle(): boolean {
    return this.reconciling.isIdle && this.checking.isIdle
  }

  /** A change was applied; from now on it is followed. */
  applied(due: DueScaling, atMs: number, emit: Subscriber): void {
    this.reported.applied()
    emit({ kind: 'applied', ...due, atMs })
    this.convergence.begin(due.scaling, atMs)
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await Promise.all([this.reconciling.idle(), this.checking.idle()])
  }
}
