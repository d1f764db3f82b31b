import { z } from 'zod'
import { afterDecision } from '../../decide/after-decision.ts'
import { decide } from '../../decide/decide.ts'
import { type Known, settle } from '../../decide/settle.ts'
import type { ActiveAlert, Demand } from '../../domain/active-alert.ts'
import { parseAmount } from '../../domain/amount.ts'
import { assertNever } from '../../domain/assert-never.ts'
import type { Decision } from '../../domain/decision.ts'
import { scales } from '../../domain/direction.ts'
import type { Policy } from '../../domain/policy.ts'
import type { ScalingState, Service } from '../../domain/service.ts'
import { ActiveAlerts, type AlertUpdate } from '../../reconcile/active-alerts.ts'
import { UsageError } from './usage-error.ts'

const count = z.int().min(0)
const AlertLine = z.strictObject({
  scale: z.enum(scales),
  replicas: z.number().min(0).optional(),
  step: z.union([z.number().min(0), z.string()]).optional(),
  startsAt: z.number(),
})
const Line = z.strictObject({
  t: z.number(),
  replicas: count,
  running: count.optional(),
  alerts: z.array(AlertLine).default([]),
})
type Line = z.infer<typeof Line>

/** What one line is answered with. */
export interface Answer {
  readonly replicas: number
  readonly decision: 'scale' | 'hold' | 'reject'
  readonly reason: string
}

const name = 'service'

/** The real decision, line by line: what the receiver remembers from one look to the next is remembered here. */
export class StepByStep {
  readonly #policy: Policy
  readonly #startMs: number
  readonly #alerts = new ActiveAlerts(Number.POSITIVE_INFINITY)
  /** The alerts of the last line: the fingerprint of each by what it says. */
  #standing: ReadonlyMap<string, string> = new Map()
  #firings = 0
  #last: { readonly atMs: number; readonly decision: Decision } | undefined
  #known: Known | undefined
  /** As it would stand in the labels of the service. */
  #state: ScalingState = {}

  /** `startMs`: what second 0 is, in ms since the epoch. */
  constructor(policy: Policy, startMs: number) {
    this.#policy = policy
    this.#startMs = startMs
  }

  /** Answers a line of JSON. `number` counts from 1, for messages. Throws `UsageError` where the line is wrong. */
  answer(text: string, number: number): Answer {
    const line = readLine(text, number)
    const nowMs = this.#ms(line.t)
    if (this.#last !== undefined && nowMs < this.#last.atMs) {
      throw new UsageError(
        `line ${number}: t=${line.t} is before that of the line before; time never goes back`,
      )
    }
    this.#confirm(line.replicas)
    this.#hear(line, number, nowMs)
    const { service, known } = settle(this.#service(line, nowMs), this.#known, nowMs)
    this.#known = known
    const decision = decide({ service, alerts: this.#alerts.of(name, nowMs), nowMs })
    this.#last = { atMs: nowMs, decision }
    return answerOf(decision, line.replicas)
  }

  /** The last answer was done where the service now has its replicas; one that was not done leaves no trace, as in a swarm. */
  #confirm(replicas: number): void {
    if (this.#last?.decision.kind !== 'scale') return
    const { atMs, decision } = this.#last
    if (replicas !== decision.to) return
    this.#state = afterDecision(this.#state, decision, atMs)
    if (this.#known !== undefined)
      this.#known = { ...this.#known, replicas, state: this.#state, isLabelled: true }
  }

  /** Two alerts that say the same scale are told apart by their place among them. */
  #hear({ alerts }: Line, number: number, nowMs: number): void {
    const standing = new Map<string, string>()
    const updates: AlertUpdate[] = []
    for (const alert of alerts) {
      const place = alerts.filter(({ scale }) => scale === alert.scale).indexOf(alert)
      const key = `${alert.scale} ${place} ${alert.startsAt}`
      this.#firings += 1
      const fingerprint = this.#standing.get(key) ?? `${key} ${this.#firings}`
      standing.set(key, fingerprint)
      updates.push({ kind: 'firing', alert: this.#alertOf(alert, fingerprint, number) })
    }
    for (const [key, fingerprint] of this.#standing) {
      if (!standing.has(key)) updates.push({ kind: 'resolved', fingerprint, endedAtMs: nowMs })
    }
    this.#alerts.update(name, updates, nowMs)
    this.#standing = standing
  }

  #alertOf(alert: z.infer<typeof AlertLine>, fingerprint: string, number: number): ActiveAlert {
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

function readLine(text: string, number: number): Line {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new UsageError(`line ${number} is no JSON; decide --help shows a line`)
  }
  const line = Line.safeParse(json)
  if (line.success) return line.data
  const faults = line.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
  )
  throw new UsageError(`line ${number}: ${faults.join('; ')}; decide --help shows a line`)
}

function demandOf({ scale, replicas, step }: z.infer<typeof AlertLine>, number: number): Demand {
  if (replicas !== undefined) return { kind: 'replicas', replicas }
  if (scale === 'to') throw new UsageError(`line ${number}: an alert of scale "to" needs replicas`)
  if (step === undefined) return { kind: 'policy-step' }
  const amount = parseAmount(`${step}`)
  if (amount === undefined)
    throw new UsageError(`line ${number}: step ${JSON.stringify(step)} must be such as 2 or "50%"`)
  return { kind: 'step', step: amount }
}

function answerOf(decision: Decision, replicas: number): Answer {
  switch (decision.kind) {
    case 'scale':
      return { replicas: decision.to, decision: 'scale', reason: decision.reason }
    case 'hold':
      return { replicas, decision: 'hold', reason: decision.reason }
    case 'reject':
      return { replicas, decision: 'reject', reason: decision.reason }
    default:
      return assertNever(decision)
  }
}
