import type { Decision } from '../domain/decision.ts'
import type { Direction } from '../domain/direction.ts'
import type { HoldReason } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import { backoffMs } from './backoff.ts'
import type { Hold, Subscriber } from './events.ts'

/** What only Swarm can end: neither time nor a label does. */
const gates: readonly HoldReason[] = ['rollout', 'tasks_pending', 'tasks_starting']

/** Whether a change is due that waits for Swarm, which reports no progress of tasks. */
export function isAtGate(decision: Decision): decision is Hold & { readonly wouldBe: number } {
  return decision.kind === 'hold' && decision.wouldBe !== undefined && gates.includes(decision.reason)
}

/** An up that is held for longer is reported as blocked, in ms. */
const longMs = 60_000

interface Waiting {
  readonly reason: HoldReason
  readonly direction: Direction
  readonly sinceMs: number
  isReported: boolean
}

/** Follows a change that is due and that the state of its service holds. */
export class GateWatch {
  readonly #emit: Subscriber
  #waiting: Waiting | undefined

  constructor(emit: Subscriber) {
    this.#emit = emit
  }

  /** Follows what was decided. Returns in how many ms to check again. Absent: nothing is held. */
  follow(service: Service, decision: Decision, nowMs: number): number | undefined {
    if (!isAtGate(decision)) {
      this.#waiting = undefined
      return undefined
    }
    const { reason } = decision
    const direction: Direction = decision.wouldBe > decision.replicas ? 'up' : 'down'
    const before = this.#waiting
    const goesOn = before?.reason === reason && before.direction === direction
    const waiting: Waiting = goesOn ? before : { reason, direction, sinceMs: nowMs, isReported: false }
    this.#waiting = waiting
    const { sinceMs } = waiting
    if (direction === 'up' && nowMs - sinceMs >= longMs && !waiting.isReported) {
      waiting.isReported = true
      this.#emit({ kind: 'blocked', service, hold: decision, sinceMs })
    }
    return backoffMs(nowMs - sinceMs, { leastMs: 500, mostMs: 15_000 })
  }
}
