import { createHash } from 'node:crypto'
import type { ScalingState } from '../domain/service.ts'
import { readState, statePrefix, withState } from '../policy/state-labels.ts'
import type { DockerService, DockerSpec } from './docker-service.ts'

/**
 * Begins the rollout of a redeploy anew, at the size that the service had before it.
 *
 * A redeploy of another image that resets the replicas takes most tasks away at once. A plain update of the replicas would
 * bring them back with the new image, all at once and unproven, and would leave the rollout nothing to go back to: Swarm
 * rolls back to the spec before the last update. So there are two updates: back to the spec before the redeploy, at the full
 * size, and from there to the redeployed one. The rollout then replaces the old tasks one by one, and a failure brings the
 * old image back, at full size.
 *
 * The first update marks the service, so that any receiver can make the second one.
 */
const marker = `${statePrefix}relaunch`

/** The spec before the redeploy, at this size, marked. Absent where the spec before is the same or was no autoscaled one. */
export function specBefore(
  raw: DockerService,
  replicas: number,
  state: ScalingState,
): DockerSpec | undefined {
  const { PreviousSpec: before, Spec } = raw
  if (!before || proper(before) === proper(Spec)) return undefined
  if (readState(before.Labels ?? {}).replicas === undefined) return undefined
  const resized = withSize(before, replicas, state)
  return { ...resized, Labels: { ...resized.Labels, [marker]: fingerprint(Spec) } }
}

/** The redeployed spec, at the size of the spec before. Absent where the first of the two updates was not the last one. */
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

/** All of a spec but what a scaling changes. Published ports make a rollout as much as the task template does. */
function proper({ Labels: _, Mode: __, ...rest }: DockerSpec): string {
  return JSON.stringify(rest)
}

function fingerprint(spec: DockerSpec): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 32)
}
