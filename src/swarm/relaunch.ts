import { createHash } from 'node:crypto'
import type { ScalingState } from '../domain/service.ts'
import { readState, statePrefix, withState } from '../policy/state-labels.ts'
import type { DockerService, DockerSpec } from './docker-service.ts'

/**
 * Restarts the rollout of a redeploy, at the size that the service had before it.
 *
 * A redeploy of another image that resets the replicas removes most tasks at once. A plain update of the replicas would start
 * all of them at once with the new, untested image. A rollback would not help either, because Swarm rolls back to the spec
 * before the last update. So there are two updates: back to the spec before the redeploy, at the full size, and from there to
 * the redeployed spec. The rollout then replaces the old tasks one by one, and a failure brings the old image back at full size.
 *
 * The first update marks the service, so that any receiver can do the second one.
 */
const marker = `${statePrefix}relaunch`

/** The spec before the redeploy, at this size and marked. Absent: it is the same, or it was not scaled by the autoscaler. */
export function specBefore(
  raw: DockerService,
  replicas: number,
  state: ScalingState,
): DockerSpec | undefined {
  const { PreviousSpec: before, Spec } = raw
  if (!before || withoutScaling(before) === withoutScaling(Spec)) return undefined
  if (readState(before.Labels ?? {}).replicas === undefined) return undefined
  const resized = withSize(before, replicas, state)
  return { ...resized, Labels: { ...resized.Labels, [marker]: fingerprint(Spec) } }
}

/** The redeployed spec, at the size of the spec before. Absent: the last update was not the first of the two. */
export function specAgain({
  Spec,
  PreviousSpec: redeployed,
  UpdateStatus,
}: DockerService): DockerSpec | undefined {
  if (UpdateStatus?.State?.startsWith('rollback_')) return undefined
  if (!redeployed || Spec.Labels?.[marker] !== fingerprint(redeployed)) return undefined
  return withSize(redeployed, Spec.Mode?.Replicated?.Replicas ?? 0, readState(Spec.Labels))
}

/** The spec at this size, with this state, and without the mark. */
export function withSize(spec: DockerSpec, replicas: number, state: ScalingState): DockerSpec {
  const { [marker]: _, ...labels } = spec.Labels ?? {}
  return {
    ...spec,
    Labels: withState(labels, state),
    Mode: { ...spec.Mode, Replicated: { ...spec.Mode?.Replicated, Replicas: replicas } },
  }
}

/** A spec without what scaling changes. All of it can cause a rollout: published ports do, like the task template. */
function withoutScaling({ Labels: _, Mode: __, ...rest }: DockerSpec): string {
  return JSON.stringify(rest)
}

function fingerprint(spec: DockerSpec): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 32)
}
