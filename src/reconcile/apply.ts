import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import { isSameState, type ScalingState, type Service } from '../domain/service.ts'
import type { Memory } from './memory.ts'
import type { Clock, DueScaling, Found, Observer, Scaling, Swarm } from './ports.ts'
import { SwarmError, toSwarmError } from './swarm-error.ts'

/** What became of one consideration of a service. */
export interface Outcome {
  readonly decision: Decision
  /** The service as it is after the decision, the change included. Absent where there is none of that name. */
  readonly service?: Service
}

export interface ApplyDependencies {
  readonly swarm: Swarm
  readonly clock: Clock
  readonly observer: Observer
  readonly memory: Memory
  /** What is due for the service as it was just read, and the alerts that it goes by. */
  readonly decide: (service: Service | undefined) => Considered
}

/** A decision, and the alerts that stood when it was made. */
export interface Considered {
  readonly decision: Decision
  readonly alerts: readonly ActiveAlert[]
}

/**
 * How often a change is decided anew after a conflict. Somebody who updates a service without pause could otherwise keep
 * the loop busy for ever; the next delivery or resync tries again.
 */
const mostAttempts = 20

/**
 * Reads the service, decides, and writes what is due. After a conflict it reads and decides again, so that a change is
 * only ever made to the service that it was decided for.
 *
 * Throws `SwarmError` where Swarm cannot be read or written; nothing is then left half done.
 */
export async function readDecideWrite(name: string, dependencies: ApplyDependencies): Promise<Outcome> {
  const { swarm, clock, observer, memory, decide } = dependencies
  let due: DueScaling | undefined
  try {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const found = await swarm.find(name)
      const nowMs = clock.nowMs()
      if (found === undefined) return { decision: decide(undefined).decision }
      const service = memory.settle(found.service, nowMs)
      // Older than what is known already: it would be refused.
      if (service === undefined) continue
      const { decision, alerts } = decide(service)
      observer.seen(service, nowMs)
      if (decision.kind !== 'scale') return { decision, service }
      due = { service, scaling: decision, alerts }
      const changed = await write(found, due, nowMs, dependencies)
      if (changed !== 'conflict') return { decision, service: changed }
      observer.conflicted(name)
    }
    throw new SwarmError('conflict', `service ${name} was changed by others ${mostAttempts} times in a row`)
  } catch (thrown) {
    const error = toSwarmError(thrown)
    dependencies.observer.failed(name, error, due)
    throw error
  }
}

/** Writes one change. The service as it then is, or `conflict` where somebody else changed it first. */
async function write(
  found: Found,
  { service, scaling, alerts }: DueScaling,
  nowMs: number,
  { swarm, clock, observer, memory }: ApplyDependencies,
): Promise<Service | 'conflict'> {
  const changed = changedBy(scaling, service, nowMs)
  const { state } = changed
  try {
    if (scaling.reason === 'redeploy_restored') await found.restore(scaling.to, state)
    else await found.scale(scaling.to, state)
  } catch (thrown) {
    const error = toSwarmError(thrown)
    // Removed in between: reading again tells so.
    if (error.code === 'conflict' || error.code === 'not_found') return 'conflict'
    // Restoring may take two updates, of which the first was made.
    const mayStand = error.outcomeUnknown || scaling.reason === 'redeploy_restored'
    const isApplied = mayStand && (await stands(changed, swarm))
    if (isApplied === undefined) memory.mayHaveWritten(changed, scaling, alerts)
    if (isApplied !== true) throw error
  }
  memory.wrote(changed)
  observer.applied(changed, scaling, clock.nowMs(), alerts)
  return changed
}

/** Whether the update whose answer was lost stands in Swarm: its number and its very time tell. Absent where nobody can tell. */
async function stands({ name, desiredReplicas, state }: Service, swarm: Swarm): Promise<boolean | undefined> {
  try {
    const found = await swarm.find(name)
    return found?.service.desiredReplicas === desiredReplicas && isSameState(found.service.state, state)
  } catch {
    return undefined
  }
}

/** The service after the change. What was seen of its tasks before says nothing of it. */
function changedBy(scaling: Scaling, service: Service, nowMs: number): Service {
  const { tasks: _, runningReplicas: __, redeploy: ___, ...rest } = service
  return { ...rest, desiredReplicas: scaling.to, state: stateAfter(service.state, scaling, nowMs) }
}

/**
 * The time of a change is part of the change: both are written in one update, or neither. What a redeploy has reset was
 * changed long ago, so its time stays.
 */
function stateAfter(state: ScalingState, { from, to, reason }: Scaling, nowMs: number): ScalingState {
  if (reason === 'redeploy_restored') return { ...state, replicas: to }
  return { ...state, replicas: to, ...(to > from ? { lastUpMs: nowMs } : { lastDownMs: nowMs }) }
}
