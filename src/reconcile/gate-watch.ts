import type { Decision } from '../domain/decision.ts'
import type { HoldReason } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import { backoffMs } from './backoff.ts'
import type { Observer } from './ports.ts'

/** What only Swarm can end: neither time nor a person's label does. */
const gates: readonly HoldReason[] = ['rollout', 'tasks_pending', 'tasks_starting']

/** Whether a change is due that waits for Swarm, which tells of no task that gets further. */
export function isAtGate(decision: Decision): boolean {
  return decision.kind === 'hold' && decision.wouldBe !== undefined && gates.includes(decision.reason)
}

/** An up that is held for longer is told as a warning, in ms. */
const longMs = 60_000

interface Held {
  readonly reason: HoldReason
  readonly direction: 'up' | 'down'
  readonly sinceMs: number
  isTold: boolean
}

/** Follows changes that are due and that the state of their service holds. */
export class GateWatch {
  readonly #held = new Map<string, Held>()
  readonly #observer: Observer

  constructor(observer: Observer) {
    this.#observer = observer
  }

  /** Takes in what was decided. Answers in how many ms to look again. Absent: nothing is held. */
  see(service: Service, decision: Decision, nowMs: number): number | undefined {
    const { name } = service
    if (decision.kind !== 'hold' || decision.wouldBe === undefined || !gates.includes(decision.reason)) {
      this.#held.delete(name)
      return undefined
    }
    const direction = decision.wouldBe > decision.replicas ? 'up' : 'down'
    const before = this.#held.get(name)
    const isSame = before?.reason === decision.reason && before.direction === direction
    const held: Held = isSame ? before : { reason: decision.reason, direction, sinceMs: nowMs, isTold: false }
    this.#held.set(name, held)
    const sinceMs = nowMs - held.sinceMs
    if (direction === 'up' && sinceMs >= longMs && !held.isTold) {
      held.isTold = true
      this.#observer.blocked(service, decision, held.sinceMs)
    }
    return backoffMs(sinceMs, { leastMs: 500, mostMs: 15_000 })
  }

  /** Follows no service but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#held.keys()) if (!names.has(name)) this.#held.delete(name)
  }
}
