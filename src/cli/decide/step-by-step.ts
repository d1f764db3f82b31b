import { afterDecision } from '../../decide/after-decision.ts'
import { decide } from '../../decide/decide.ts'
import { type Known, settle } from '../../decide/settle.ts'
import type { ActiveAlert } from '../../domain/active-alert.ts'
import { assertNever } from '../../domain/assert-never.ts'
import type { Decision } from '../../domain/decision.ts'
import type { Policy } from '../../domain/policy.ts'
import type { ScalingState, Service } from '../../domain/service.ts'
import { ActiveAlerts, type AlertUpdate } from '../../reconcile/active-alerts.ts'
import { UsageError } from '../usage-error.ts'
import { type AlertLine, demandOf, type Line, readLine } from './line.ts'

/** The answer to one line. */
export interface Answer {
  readonly replicas: number
  readonly decision: Decision['kind']
  readonly reason: string
}

const name = 'service'

/** Makes the receiver's decision for one line after the other. It keeps between lines what the receiver keeps between two decisions. */
export class StepByStep {
  readonly #policy: Policy
  readonly #startMs: number
  readonly #alerts = new ActiveAlerts(Number.POSITIVE_INFINITY)
  /** The fingerprint of each alert of the last line, by its key. */
  #active: ReadonlyMap<string, string> = new Map()
  #alertCount = 0
  #last: { readonly atMs: number; readonly decision: Decision } | undefined
  #known: Known | undefined
  /** As it would be in the labels of the service. */
  #state: ScalingState = {}

  /** `startMs`: the time of second 0, in ms since the epoch. */
  constructor(policy: Policy, startMs: number) {
    this.#policy = policy
    this.#startMs = startMs
  }

  /** Answers a line of JSON. `number` counts from 1, for messages. Throws `UsageError` if the line is invalid. */
  answer(text: string, number: number): Answer {
    const line = readLine(text, number)
    const nowMs = this.#ms(line.t)
    if (this.#last !== undefined && nowMs < this.#last.atMs) {
      throw new UsageError(
        `line ${number}: t=${line.t} is less than in the line before; time must not go back`,
      )
    }
    this.#confirm(line.replicas)
    this.#ingest(line, number, nowMs)
    const { service, known } = settle(this.#service(line, nowMs), this.#known, nowMs)
    this.#known = known
    const decision = decide({ service, alerts: this.#alerts.of(name, nowMs), nowMs })
    this.#last = { atMs: nowMs, decision }
    return answerOf(decision, line.replicas)
  }

  /** The last answer was applied if the service now has its replicas. An answer that was not applied changes nothing, as in a swarm. */
  #confirm(replicas: number): void {
    if (this.#last?.decision.kind !== 'scale') return
    const { atMs, decision } = this.#last
    if (replicas !== decision.to) return
    this.#state = afterDecision(this.#state, decision, atMs)
    if (this.#known !== undefined)
      this.#known = { ...this.#known, replicas, state: this.#state, isLabelled: true }
  }

  /** Alerts with the same scale and start are told apart by their order. */
  #ingest({ alerts }: Line, number: number, nowMs: number): void {
    const active = new Map<string, string>()
    const updates: AlertUpdate[] = []
    for (const alert of alerts) {
      const index = alerts.filter(({ scale }) => scale === alert.scale).indexOf(alert)
      const key = `${alert.scale} ${index} ${alert.startsAt}`
      this.#alertCount += 1
      const fingerprint = this.#active.get(key) ?? `${key} ${this.#alertCount}`
      active.set(key, fingerprint)
      updates.push({ kind: 'firing', alert: this.#alertOf(alert, fingerprint, number) })
    }
    for (const [key, fingerprint] of this.#active) {
      if (!active.has(key)) updates.push({ kind: 'resolved', fingerprint, endedAtMs: nowMs })
    }
    this.#alerts.update(name, updates, nowMs)
    this.#active = active
  }

  #alertOf(alert: AlertLine, fingerprint: string, number: number): ActiveAlert {
    const demand = demandOf(alert, number)
    return {
      fingerprint,
      scale: alert.scale,
      demand,
      startsAtMs: this.#ms(alert.startsAt),
      alertName: alert.scale,
    }
  }

  #service({ replicas, running = replicas }: Line, nowMs: number): Service {
    return {
      id: name,
      name,
      mode: 'replicated',
      desiredReplicas: replicas,
      runningReplicas: running,
      tasks: { running, starting: Math.max(0, replicas - running), pending: 0, failing: 0 },
      policy: { kind: 'valid', policy: this.#policy, warnings: [] },
      state: this.#state,
      updatedAtMs: nowMs,
      cpuLimitCores: 1,
    }
  }

  #ms(second: number): number {
    return this.#startMs + Math.round(second * 1_000)
  }
}

function answerOf(decision: Decision, replicas: number): Answer {
  const { kind, reason } = decision
  switch (kind) {
    case 'scale':
      return { replicas: decision.to, decision: kind, reason }
    case 'hold':
    case 'reject':
      return { replicas, decision: kind, reason }
    default:
      return assertNever(kind)
  }
}
