import { defined } from '../domain/defined.ts'
import { hasState, type Redeploy, type ScalingState, type Service } from '../domain/service.ts'

/** What is remembered of a service from one check to the next. */
export interface Known {
  readonly id: string
  /** Any reading of an earlier version is out of date. Absent if versions are not known. */
  readonly version?: number
  readonly replicas: number
  readonly state: ScalingState
  /** Whether the labels of the service had the state. */
  readonly isLabelled: boolean
  /** A redeploy that was seen and is not answered yet. */
  readonly redeploy?: Redeploy
}

/** A service in the light of what was known of it. */
export interface Settled {
  /** With the state that holds, and the redeploy that has to be answered. */
  readonly service: Service
  readonly known: Known
  /** The replicas before an external change since the last check. Absent: there was none, as far as is known. */
  readonly changedFrom?: number
  /** What changed them: a redeploy that the policy accepts, or somebody (or some program). Absent: nothing did. */
  readonly changedBy?: 'person' | 'redeploy'
}

/**
 * Finds out what happened to a service since it was last scaled or checked: nothing, an external change, or a redeploy.
 * `known` is what was remembered at the last check; absent at the first one.
 *
 * `docker stack deploy` replaces every label, the state among them; any other external change keeps them. So labels
 * that are gone mean a redeploy. What it removed is in the previous spec, or is remembered.
 *
 * Replicas that somebody else has set are the new baseline, and start the cooldown of that direction at the service's last
 * update: that was it, or was later.
 */
export function settle(read: Service, known: Known | undefined, nowMs: number): Settled {
  const before = known?.id === read.id ? known : undefined
  const isLabelled = hasState(read.state)
  const isAccepted = acceptsRedeploys(read)
  const redeploy = isLabelled || isAccepted ? undefined : redeployOf(read, before)
  const kept = latest(latest(read.state, isLabelled ? {} : (read.previous?.state ?? {})), before?.state ?? {})
  const changedFrom = redeploy === undefined ? changedByOthers(read, before) : undefined
  const atMs = Math.min(read.updatedAtMs ?? nowMs, nowMs)
  const state =
    changedFrom === undefined ? kept : latest(kept, changeAt(atMs, changedFrom, read.desiredReplicas))
  return {
    service: { ...read, state, ...defined({ redeploy }) },
    known: {
      id: read.id,
      replicas: read.desiredReplicas,
      state,
      isLabelled,
      ...defined({ version: read.version, redeploy }),
    },
    // At the first check it may have happened, and been reported, long ago.
    ...(before === undefined || changedFrom === undefined
      ? {}
      : {
          changedFrom,
          changedBy: isAccepted && !isLabelled && wipedOut(read, before) ? 'redeploy' : 'person',
        }),
  }
}

function acceptsRedeploys({ policy }: Service): boolean {
  return policy.kind === 'valid' && policy.policy.onRedeploy === 'accept'
}

/** The redeploy that has wiped out the labels of a service; one that was seen before stays until its number is changed. */
function redeployOf(read: Service, before: Known | undefined): Redeploy | undefined {
  const { desiredReplicas: to } = read
  const last = wipedOut(read, before)
  if (last === undefined) return before?.redeploy?.to === to ? before.redeploy : undefined
  return last.replicas === to ? undefined : { from: last.replicas, to }
}

/** What the service was before labels were wiped out, since the last check. Absent: they were not. */
function wipedOut(
  { desiredReplicas, previous, rollout }: Service,
  before: Known | undefined,
): { readonly replicas: number } | undefined {
  // A rollback to a spec from before the first scaling has no labels either.
  if (rollout?.startsWith('rollback_')) return undefined
  const wasLabelled = before === undefined || before.isLabelled
  if (previous !== undefined && hasState(previous.state)) {
    return wasLabelled || isLater(previous.state, before.state) ? previous : undefined
  }
  // Another update came after the redeploy. If it changed the number, that is an external change.
  const isChangedSince = previous !== undefined && previous.replicas !== desiredReplicas
  return before?.isLabelled === true && !isChangedSince ? before : undefined
}

/**
 * The replicas before somebody other than an autoscaler changed them. Absent if nobody did.
 *
 * The labels have the last number of an autoscaler, this one or another, if they are newer than what is known, or are back
 * after a redeploy had wiped them out. Labels that are older came back with `docker service rollback`.
 */
function changedByOthers(read: Service, before: Known | undefined): number | undefined {
  const { desiredReplicas, state, previous } = read
  const areNews = before === undefined || !before.isLabelled || isLater(state, before.state)
  const last = (areNews ? state.replicas : undefined) ?? before?.replicas ?? previous?.replicas
  return last === desiredReplicas ? undefined : last
}

function isLater(a: ScalingState, b: ScalingState): boolean {
  return (a.lastUpMs ?? 0) > (b.lastUpMs ?? 0) || (a.lastDownMs ?? 0) > (b.lastDownMs ?? 0)
}

function changeAt(atMs: number, from: number, to: number): ScalingState {
  return to > from ? { lastUpMs: atMs } : { lastDownMs: atMs }
}

/** Of each time the later one; the replicas of the first. */
function latest(a: ScalingState, b: ScalingState): ScalingState {
  const later = (x: number | undefined, y: number | undefined) =>
    x === undefined || y === undefined ? (x ?? y) : Math.max(x, y)
  return defined({
    lastUpMs: later(a.lastUpMs, b.lastUpMs),
    lastDownMs: later(a.lastDownMs, b.lastDownMs),
    replicas: a.replicas ?? b.replicas,
  })
}
