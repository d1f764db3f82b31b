import { boundsAt } from '../../decide/bounds.ts'
import { cooldownUntilMs } from '../../domain/cooldown.ts'
import { defined } from '../../domain/defined.ts'
import type { Direction } from '../../domain/direction.ts'
import { isPaused, type Pause } from '../../domain/pause.ts'
import type { Policy } from '../../domain/policy.ts'
import type { ScalingState, Service } from '../../domain/service.ts'
import type { ServiceStatus } from '../../reconcile/status.ts'
import { timeOf } from './answer.ts'
import { activeAlertView, currentDecisionView } from './decision-view.ts'
import { policyView, windowView } from './policy-view.ts'
import type { LastChange, Service as ServiceAnswer } from './schemas/service.ts'

/** Facts about the installation that an answer needs. */
export interface Installation {
  readonly nowMs: number
  /** Empty: none. */
  readonly currency: string
  /** Whether no service is changed, whatever its policy says. */
  readonly isDryRun: boolean
}

/** The status of a service as the API answers it. */
export function serviceView(status: ServiceStatus, installation: Installation): ServiceAnswer {
  const { service, decision, sinceMs, alerts, atMs } = status
  const { id, name, mode, policy: reading, rollout, state } = service
  const policy = reading.kind === 'valid' ? reading.policy : undefined
  return {
    name,
    id,
    mode,
    policyState: reading.kind,
    ...(policy === undefined ? { windows: [] } : viewOfPolicy(policy, installation.nowMs)),
    faults: reading.kind === 'invalid' ? [...reading.faults] : [],
    warnings: reading.kind === 'valid' ? [...reading.warnings] : [],
    replicas: replicasView(service),
    ...defined({ rollout }),
    ...dryRunView(installation.isDryRun, policy?.isDryRun === true),
    alerts: alerts.map(activeAlertView),
    decision: { ...currentDecisionView(decision), since: timeOf(sinceMs) },
    ...defined({ lastChange: lastChangeOf(state) }),
    cooldownUntil: policy === undefined ? {} : cooldownsView(policy, state, installation.nowMs),
    ...defined({ cost: costView(policy?.costPerHour, service.desiredReplicas, installation.currency) }),
    seenAt: timeOf(atMs),
  }
}

function dryRunView(isOfAll: boolean, isOfService: boolean): Pick<ServiceAnswer, 'dryRun' | 'dryRunBy'> {
  if (!isOfAll && !isOfService) return { dryRun: false }
  return { dryRun: true, dryRunBy: isOfAll ? 'all' : 'service' }
}

/** The last change of the replicas according to the state labels of the service. */
export function lastChangeOf({ lastUpMs = 0, lastDownMs = 0 }: ScalingState): LastChange | undefined {
  const atMs = Math.max(lastUpMs, lastDownMs)
  return atMs === 0 ? undefined : { at: timeOf(atMs), direction: lastUpMs >= lastDownMs ? 'up' : 'down' }
}

function viewOfPolicy(policy: Policy, nowMs: number) {
  const bounds = boundsAt(policy, nowMs)
  const { min, max, nextChangeMs, windows } = bounds
  return {
    policy: policyView(policy),
    bounds: { min, max, ...defined({ nextChange: timeOf(nextChangeMs) }) },
    windows: windows.map(windowView),
    ...defined({ pause: pauseView(policy.pause, nowMs) }),
  }
}

/** Absent if the pause is over. */
function pauseView(pause: Pause | undefined, nowMs: number): ServiceAnswer['pause'] {
  const directions = pause?.directions.filter((direction) => isPaused(pause, direction, nowMs)) ?? []
  return directions.length === 0 ? undefined : { directions, ...defined({ until: timeOf(pause?.untilMs) }) }
}

function replicasView({
  desiredReplicas: desired,
  runningReplicas,
  tasks,
}: Service): ServiceAnswer['replicas'] {
  const { running = runningReplicas, starting, pending, failing, pendingReason, failingReason } = tasks ?? {}
  return { desired, ...defined({ running, starting, pending, failing, pendingReason, failingReason }) }
}

function cooldownsView(policy: Policy, state: ScalingState, nowMs: number): ServiceAnswer['cooldownUntil'] {
  const until = (direction: Direction) => {
    const untilMs = cooldownUntilMs(direction, 'step', policy, state)
    return untilMs === undefined || untilMs <= nowMs ? undefined : timeOf(untilMs)
  }
  return defined({ up: until('up'), down: until('down') })
}

function costView(
  perReplicaHour: number | undefined,
  replicas: number,
  currency: string,
): ServiceAnswer['cost'] {
  if (perReplicaHour === undefined) return undefined
  const perHour = perReplicaHour * replicas
  return { perReplicaHour, perHour, ...(currency === '' ? {} : { currency }) }
}
