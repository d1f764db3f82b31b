import type { Decision } from '../domain/decision.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import type { Clock, Found, Observer, Scaling, Swarm } from './ports.ts'
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
  /** What is due for the service as it was just read. */
  readonly decide: (service: Service | undefined) => Decision
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
  let scaling: Scaling | undefined
  try {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const found = await dependencies.swarm.find(name)
      const nowMs = dependencies.clock.nowMs()
      const decision = dependencies.decide(found?.service)
      if (found === undefined) return { decision }
      dependencies.observer.seen(found.service, nowMs)
      if (decision.kind !== 'scale') return { decision, service: found.service }
      scaling = decision
      const service = await write(found, decision, nowMs, dependencies)
      if (service !== 'conflict') return { decision, service }
      dependencies.observer.conflicted(name)
    }
    throw new SwarmError('conflict', `service ${name} was changed by others ${mostAttempts} times in a row`)
  } catch (thrown) {
    const error = toSwarmError(thrown)
    dependencies.observer.failed(name, error, scaling)
    throw error
  }
}

/** Writes one change. The service as it then is, or `conflict` where somebody else changed it first. */
async function write(
  found: Found,
  scaling: Scaling,
  nowMs: number,
  { swarm, clock, observer }: ApplyDependencies,
): Promise<Service | 'conflict'> {
  const state = stateAfter(found.service.state, scaling, nowMs)
  const changed: Service = { ...found.service, desiredReplicas: scaling.to, state }
  try {
    await found.scale(scaling.to, state)
  } catch (thrown) {
    const error = toSwarmError(thrown)
    // Removed in between: reading again tells so.
    if (error.code === 'conflict' || error.code === 'not_found') return 'conflict'
    if (!(error.outcomeUnknown && (await stands(changed, swarm)))) throw error
  }
  observer.applied(changed, scaling, clock.nowMs())
  return changed
}

/** Whether the update whose answer was lost stands in Swarm: its number and its very time tell. */
async function stands({ name, desiredReplicas, state }: Service, swarm: Swarm): Promise<boolean> {
  const found = await swarm.find(name).catch(() => undefined)
  return (
    found !== undefined &&
    found.service.desiredReplicas === desiredReplicas &&
    found.service.state.lastUpMs === state.lastUpMs &&
    found.service.state.lastDownMs === state.lastDownMs
  )
}

/** The time of a change is part of the change: both are written in one update, or neither. */
function stateAfter(state: ScalingState, { from, to }: Scaling, nowMs: number): ScalingState {
  return to > from ? { ...state, lastUpMs: nowMs } : { ...state, lastDownMs: nowMs }
}
