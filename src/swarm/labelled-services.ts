import type Docker from 'dockerode'
import { prefix } from '../policy/label-reader.ts'
import { toDockerError } from './docker-error.ts'
import { withinTime } from './within-time.ts'

export interface LabelledService {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/**
 * The services with any label of the autoscaler, in any mode, whether or not they opted in. `host`: the endpoint as the user
 * wrote it, for messages. Throws `SwarmError`, with the code `timeout` if there is no answer within `timeoutMs`.
 */
export async function listLabelled(
  docker: Docker,
  host: string,
  timeoutMs: number,
): Promise<readonly LabelledService[]> {
  try {
    // The engine's filter matches whole keys only, so the prefix is matched here.
    const listed: unknown = await withinTime(timeoutMs, (abortSignal) => docker.listServices({ abortSignal }))
    if (!Array.isArray(listed))
      throw new Error('the answer is not a list of services; is this the Docker API?')
    return (listed as readonly Docker.Service[])
      .map(({ Spec }) => ({ name: Spec?.Name ?? '', labels: Spec?.Labels ?? {} }))
      .filter(({ labels }) => Object.keys(labels).some((key) => key.startsWith(prefix)))
  } catch (thrown) {
    throw toDockerError(thrown, host)
  }
}
