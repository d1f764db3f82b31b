import { directions } from '../../domain/direction.ts'
import { isPaused } from '../../domain/pause.ts'
import { isInRollout, type Service } from '../../domain/service.ts'
import type { ServiceStatus } from '../../reconcile/status.ts'

/** How urgent a state is: `bad` and `warn` need attention, `busy` is temporary, `off` is intended. */
export type Tone = 'bad' | 'warn' | 'busy' | 'ok' | 'off'

/** The state of a service in a word or two. */
export interface Badge {
  readonly tone: Tone
  readonly text: string
}

/** The most important state of a service. */
export function badgeOf(status: ServiceStatus, nowMs: number): Badge {
  return (
    rejected(status) ??
    unhealthy(status) ??
    heldByUser(status, nowMs) ??
    inProgress(status) ?? { tone: 'ok', text: 'Steady' }
  )
}

/** Whether somebody should look at the service. */
export function needsAttention({ tone }: Badge): boolean {
  return tone === 'bad' || tone === 'warn'
}

function rejected({ service, decision }: ServiceStatus): Badge | undefined {
  if (service.policy.kind === 'invalid') return { tone: 'bad', text: 'Invalid policy' }
  if (service.policy.kind === 'not_enabled') return { tone: 'off', text: 'Not enabled' }
  if (decision.reason === 'not_replicated') return { tone: 'bad', text: 'Not replicated' }
  return undefined
}

function unhealthy({ service: { tasks }, decision }: ServiceStatus): Badge | undefined {
  if ((tasks?.failing ?? 0) > 0) return { tone: 'bad', text: 'Tasks failing' }
  if ((tasks?.pending ?? 0) > 0) return { tone: 'warn', text: 'Tasks pending' }
  if (decision.reason === 'at_max') return { tone: 'warn', text: 'At maximum' }
  return undefined
}

function heldByUser({ service, decision }: ServiceStatus, nowMs: number): Badge | undefined {
  const policy = service.policy.kind === 'valid' ? service.policy.policy : undefined
  if (directions.some((direction) => isPaused(policy?.pause, direction, nowMs))) {
    return { tone: 'off', text: 'Paused' }
  }
  if (decision.reason === 'dry_run' || policy?.isDryRun === true) return { tone: 'off', text: 'Dry run' }
  if (decision.reason === 'switched_off') return { tone: 'off', text: 'Switched off' }
  return undefined
}

function inProgress({ service, decision }: ServiceStatus): Badge | undefined {
  if (isInRollout(service)) return { tone: 'busy', text: 'Rolling out' }
  if (decision.kind === 'scale') return { tone: 'busy', text: 'Change due' }
  if (isStarting(service)) return { tone: 'busy', text: 'Starting' }
  if (decision.reason === 'cooldown') return { tone: 'busy', text: 'Cooling down' }
  if (decision.reason === 'stabilizing') return { tone: 'busy', text: 'Stabilizing' }
  return undefined
}

function isStarting({ tasks, runningReplicas, desiredReplicas }: Service): boolean {
  return (tasks?.starting ?? 0) > 0 || (runningReplicas ?? desiredReplicas) < desiredReplicas
}
