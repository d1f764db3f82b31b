import type { ScalingState } from '../domain/service.ts'
import { SwarmError, toSwarmError } from '../reconcile/swarm-error.ts'
import type { DockerApi } from './docker-api.ts'
import type { DockerService } from './docker-service.ts'
import { specAgain, specBefore, withSize } from './relaunch.ts'

/** Most attempts at the second update of a relaunch. Swarm itself changes the version a few times only. */
const mostAttempts = 20

/** Writes the replicas that a redeploy has reset. If its rollout is under way, it is restarted: see `relaunch.ts`. */
export async function restore(
  api: DockerApi,
  raw: DockerService,
  replicas: number,
  state: ScalingState,
): Promise<void> {
  const before = raw.UpdateStatus?.State === 'updating' ? specBefore(raw, replicas, state) : undefined
  if (before === undefined) return api.update(raw, withSize(raw.Spec, replicas, state))
  await api.update(raw, before, 'previous-spec')
  await finishRelaunch(api, raw.ID)
}

/** Makes the second of the two updates. Swarm itself changes the version while the first one takes effect, hence the attempts. */
export async function finishRelaunch(api: DockerApi, id: string): Promise<void> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const raw = await api.service(id)
    const again = raw && specAgain(raw)
    // Another receiver has made it, or somebody has updated the service since.
    if (raw === undefined || again === undefined) return
    try {
      return await api.update(raw, again, 'previous-spec')
    } catch (thrown) {
      if (toSwarmError(thrown).code !== 'conflict') throw thrown
    }
  }
  throw new SwarmError(
    'engine',
    `the rollout of service ${id} cannot be started again: others keep changing it`,
  )
}
