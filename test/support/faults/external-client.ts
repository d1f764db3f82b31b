import type Docker from 'dockerode'
import { connectDocker } from '../../../src/swarm/docker-client.ts'

/** What the external client changes. The rest of the spec is sent back as it was read. */
export interface Touch {
  readonly replicas?: number
  readonly labels?: Readonly<Record<string, string>>
}

interface Spec {
  readonly Labels?: Readonly<Record<string, string>>
  readonly Mode: object
}

/** Somebody else who updates services of an engine. */
export class ExternalClient {
  readonly #docker: Docker

  constructor(dockerHost: string) {
    this.#docker = connectDocker({ host: dockerHost, tlsVerify: false })
  }

  /** Updates the service. Where this one loses against another update, it reads and writes again. */
  async update(id: string, { replicas, labels = {} }: Touch): Promise<void> {
    for (;;) {
      const { Version, Spec } = (await this.#docker.getService(id).inspect()) as Docker.Service & {
        Spec: Spec
      }
      const Mode = replicas === undefined ? Spec.Mode : { Replicated: { Replicas: replicas } }
      const body = { ...Spec, Mode, Labels: { ...Spec.Labels, ...labels } }
      try {
        await this.#docker.getService(id).update({ _query: { version: Version?.Index }, _body: body })
        return
      } catch (error) {
        if (!String(error).includes('update out of sequence')) throw error
      }
    }
  }

  async labelsOf(id: string): Promise<Readonly<Record<string, string>>> {
    const { Spec } = (await this.#docker.getService(id).inspect()) as { Spec: Spec }
    return Spec.Labels ?? {}
  }
}
