import type Docker from 'dockerode'
import { connectDocker } from '../../../src/swarm/docker-client.ts'
import { engine } from '../testbed/describe-with-engine.ts'

const docker = connectDocker({ host: engine.dockerHost, tlsVerify: false })

/** What somebody else changes; all the rest of the spec goes back as it was read. */
export interface Touch {
  readonly replicas?: number
  readonly labels?: Readonly<Record<string, string>>
}

/** Updates the service as somebody else would. Where that one loses against another, it reads and writes again. */
export async function updateForeign(id: string, { replicas, labels = {} }: Touch): Promise<void> {
  for (;;) {
    const { Version, Spec } = (await docker.getService(id).inspect()) as Docker.Service & { Spec: Spec }
    const Mode = replicas === undefined ? Spec.Mode : { Replicated: { Replicas: replicas } }
    const body = { ...Spec, Mode, Labels: { ...Spec.Labels, ...labels } }
    try {
      await docker.getService(id).update({ _query: { version: Version?.Index }, _body: body })
      return
    } catch (error) {
      if (!String(error).includes('update out of sequence')) throw error
    }
  }
}

interface Spec {
  readonly Labels?: Readonly<Record<string, string>>
  readonly Mode: object
}

export async function labelsOf(id: string): Promise<Readonly<Record<string, string>>> {
  const { Spec } = (await docker.getService(id).inspect()) as { Spec: Spec }
  return Spec.Labels ?? {}
}
