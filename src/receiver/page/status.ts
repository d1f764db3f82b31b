import { directions } from '../../domain/direction.ts'
import { isPaused } from '../../domain/pause.ts'
import { isInRollout, type Service } from '../../domain/service.ts'
import type { ServiceStatus } from '../../reconcile/status.ts'

/** How much a state asks for attention: `bad` and `warn` do, `busy` passes, `off` is as somebody wants it. */
export type Tone = 'bad' | 'warn' | 'busy' | 'ok' | 'off'

/** How a service stands, in a word or two. */
export interface Status {
  readonly tone: Tone
  readonly word: string
}

/** What of all that is true of a service matters most. */
export function statusOf(status: ServiceStatus, nowMs: number): Status {
  return (
    refused(status) ??
    troubled(status) ??
    heldByPerson(status, nowMs) ??
    underWay(status) ?? { tone: 'ok', word: 'Steady' }
  )
}

/** Whether somebody should look at it. */
export function needsAttention({ tone }: Status): boolean {
  return tone === 'bad' || tone === 'warn'
}

function refused({ service, decision }: ServiceStatus): Status | undefined {
  if (service.policy.kind === 'invalid') return { tone: 'bad', word: 'Invalid policy' }
  if (service.policy.kind === 'not_enabled') return { tone: 'off', word: 'Not enabled' }
  if (decision.reason === 'not_replicated') return { tone: 'bad', word: 'Not replicated' }
  return undefined
}

function troubled({ service: { tasks }, decision }: ServiceStatus): Status | undefined {
  if ((tasks?.failing ?? 0) > 0) return { tone: 'bad', word: 'Tasks failing' }
  if ((tasks?.pending ?? 0) > 0) return { tone: 'warn', word: 'Tasks pending' }
  if (decision.reason === 'at_max') return { tone: 'warn', word: 'At maximum' }
  return undefined
}

function heldByPerson({ service, decision }: ServiceStatus, nowMs: number): Status | undefined {
  const policy = service.policy.kind === 'valid' ? service.policy.policy : undefined
  if (directions.some((direction) => isPaused(policy?.pause, direction, nowMs))) {
    return { tone: 'off', word: 'Paused' }
  }
  if (decision.reason === 'dry_run' || policy?.isDryRun === true) return { tone: 'off', word: 'Dry run' }
  if (decision.reason === 'switched_off') return { tone: 'off', word: 'Switched off' }
  return undefined
}

function underWay({ service, decision }: ServiceStatus): Status | undefined {
  if (isInRollout(service)) return { tone: 'busy', word: 'Rolling out' }
  if (decision.kind === 'scale') return { tone: 'busy', word: 'Change due' }
  if (isStarting(service)) return { tone: 'busy', word: 'Starting' }
  if (decision.reason === 'cooldown') return { tone: 'busy', word: 'Cooling down' }
  if (decision.reason === 'stabilizing') return { tone: 'busy', word: 'Stabilizing' }
  return undefined
}

function isStarting({ tasks, runningReplicas, desiredReplicas }: Service): boolean {
  return (tasks?.starting ?? 0) > 0 || (runningReplicas ?? desiredReplicas) < desiredReplicas
}
