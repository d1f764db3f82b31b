import { afterDecision } from '../decide/after-decision.ts'
import { isSameState, type Service } from '../domain/service.ts'
import type { DueScaling, Scaling, Subscriber } from './events.ts'
import type { Considered, InHand, Reading, Reconciled } from './outcome.ts'
import type { Clock, Found, Swarm } from './ports.ts'
import type { ServiceState } from './service-state.ts'
import { SwarmError, toSwarmError } from './swarm-error.ts'

export interface ReadDecideWriteOptions {
  readonly state: ServiceState
  readonly swarm: Swarm
  readonly clock: Clock
  readonly emit: Subscriber
  /** What is due for the service as it was just read, and the alerts that it goes by. */
  readonly decide: (service: Service | undefined) => Considered
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
 * Throws `SwarmError` if Swarm cannot be read or written; nothing is then left half done.
 */
export async function readDecideWrite(
  options: ReadDecideWriteOptions,
  inHand: InHand | undefined,
): Promise<Reconciled> {
  const { state, clock, emit, decide } = options
  const { name } = state
  let due: DueScaling | undefined
  let start = inHand
  try {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const reading = start?.kind === 'read' ? start.reading : await read(options, start)
      start = undefined
      if (reading === 'gone') return decide(undefined)
      // Older than what is known already: it would be refused.
      if (reading === 'outdated') continue
      const { decision, alerts, service } = reading
      if (decision.kind !== 'scale') return { decision, alerts, service }
      due = { service, scaling: decision, alerts }
      const changed = await write(reading.found, due, options)
      if (changed !== 'conflict') return { decision, alerts, service: changed }
      emit({ kind: 'conflicted', service: name })
    }
    throw new SwarmError('conflict', `service ${name} was changed by others ${mostAttempts} times in a row`)
  } catch (thrown) {
    const error = toSwarmError(thrown)
    if (due === undefined) emit({ kind: 'unread', service: name, error })
    else {
      const times = state.reported.failed(due.scaling, error)
      emit({ kind: 'failed', due, error, times, atMs: clock.nowMs() })
    }
    throw error
  }
}

/** Reads the service and decides, unless it was decided for the very same already. */
async function read(
  { state, swarm, clock, decide }: ReadDecideWriteOptions,
  cached: InHand | undefined,
): Promise<Reading | 'gone' | 'outdated'> {
  const found = await swarm.find(state.name)
  if (found === undefined) return 'gone'
  const nowMs = clock.nowMs()
  const service = state.memory.settle(found.service, nowMs)
  if (service === undefined) return 'outdated'
  state.reported.read(service, nowMs)
  const holds = cached?.kind === 'cached' && isAlike(cached.service, service)
  return { found, service, ...(holds ? cached.considered : decide(service)) }
}

/** Whether a decision for the one holds for the other: the version covers all but the tasks and the policy beneath the labels. */
function isAlike(a: Service, b: Service): boolean {
  const gates = ({ tasks }: Service) =>
    `${tasks?.starting ?? 0} ${tasks?.pending ?? 0} ${tasks?.failing ?? 0}`
  const isSameVersion = a.id === b.id && a.version !== undefined && a.version === b.version
  return isSameVersion && a.policy === b.policy && isSameState(a.state, b.state) && gates(a) === gates(b)
}

/** Writes one change. The service as it then is, or `conflict` if somebody else changed it first. */
async function write(
  found: Found,
  due: DueScaling,
  { state, swarm, clock, emit }: ReadDecideWriteOptions,
): Promise<Service | 'conflict'> {
  const { scaling } = due
  const nowMs = clock.nowMs()
  const changed = changedBy(scaling, due.service, nowMs)
  state.stepGuard.begin(scaling, nowMs)
  try {
    if (scaling.reason === 'redeploy_restored') await found.restore(scaling.to, changed.state)
    else await found.scale(scaling.to, changed.state)
  } catch (thrown) {
    const error = toSwarmError(thrown)
    // Removed in between: reading again shows it.
    if (error.code === 'conflict' || error.code === 'not_found') return 'conflict'
    // Restoring may take two updates, of which the first was made.
    const mayBeWritten = error.outcomeUnknown || scaling.reason === 'redeploy_restored'
    const isApplied = mayBeWritten && (await isWritten(changed, swarm))
    if (isApplied === undefined) state.memory.mayHaveWritten({ ...due, service: changed })
    if (isApplied !== true) throw error
  }
  state.memory.wrote(changed)
  state.applied({ ...due, service: changed }, clock.nowMs(), emit)
  return changed
}

/** Whether the update whose answer was lost is in Swarm: its number and its exact time show it. Absent if that cannot be known. */
async function isWritten(
  { name, desiredReplicas, state }: Service,
  swarm: Swarm,
): Promise<boolean | undefined> {
  try {
    const found = await swarm.find(name)
    return found?.service.desiredReplicas === desiredReplicas && isSameState(found.service.state, state)
  } catch {
    return undefined
  }
}

/** The service after the change. What was seen of its tasks before says nothing about it. */
function changedBy(scaling: Scaling, service: Service, nowMs: number): Service {
  const { tasks: _, runningReplicas: __, redeploy: ___, ...rest } = service
  return { ...rest, desiredReplicas: scaling.to, state: afterDecision(service.state, scaling, nowMs) }
}
