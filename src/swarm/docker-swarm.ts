import type Docker from 'dockerode'
import type { ScalingState, Service } from '../domain/service.ts'
import type { Found, Swarm } from '../reconcile/ports.ts'
import { toDockerError } from './docker-error.ts'
import { type DockerService, readService } from './docker-service.ts'
import { type LabelLayers, noLabelLayers } from './label-layers.ts'
import { prefix } from './label-reader.ts'
import { withState } from './state-labels.ts'
import { withinTime } from './within-time.ts'

/** The calls that are made of the engine, as the metrics name them. */
export type DockerOperation = 'service_list' | 'service_update' | 'info'

export interface DockerSwarmOptions {
  readonly docker: Docker
  /** The endpoint as it was given, for messages. */
  readonly host: string
  /** Most that one call may take, in ms. */
  readonly timeoutMs: number
  /** Is told of each call. `outcome` is `ok` or the code of the error. */
  readonly onCall: (operation: DockerOperation, outcome: string, durationMs: number) => void
  /** What stands beneath the labels of the services. Default: nothing. */
  readonly layers?: LabelLayers
}

interface Info {
  readonly Swarm?: { readonly ControlAvailable?: boolean }
}

/** Swarm through the engine's API. */
export class DockerSwarm implements Swarm {
  readonly #options: DockerSwarmOptions
  readonly #layers: LabelLayers

  constructor(options: DockerSwarmOptions) {
    this.#options = options
    this.#layers = options.layers ?? noLabelLayers
  }

  async find(nameOrId: string): Promise<Found | undefined> {
    // The engine's filters match by prefix: what comes back is narrowed down to the one that is meant.
    const named = (await this.#list({ name: [nameOrId] })).find(({ Spec }) => Spec.Name === nameOrId)
    const raw = named ?? (await this.#list({ id: [nameOrId] })).find(({ ID }) => ID === nameOrId)
    if (raw === undefined) return undefined
    return {
      service: this.#read(raw),
      scale: (replicas, state) => this.#update(raw, replicas, state),
    }
  }

  async list(): Promise<readonly Service[]> {
    const label = `${prefix}enable`
    // The engine knows nothing of the layers: what they may opt in is picked out here.
    const listed = await this.#list(this.#layers.hasEnable() ? {} : { label: [label] })
    const isNamed = ({ Spec }: DockerService) =>
      Spec.Labels?.[label] !== undefined || this.#layers.of(Spec.Name)['enable'] !== undefined
    return listed.filter(isNamed).map((raw) => this.#read(raw))
  }

  /** Throws `SwarmError` unless the engine answers and is a Swarm manager. */
  async check(): Promise<void> {
    // The client takes a signal here as everywhere; its types do not know.
    const docker = this.#options.docker as { info: (options: { abortSignal: AbortSignal }) => Promise<Info> }
    const info = await this.#call('info', (abortSignal) => docker.info({ abortSignal }))
    if (info.Swarm?.ControlAvailable !== true) {
      throw toDockerError(
        { statusCode: 503, message: 'this node is not a swarm manager' },
        this.#options.host,
      )
    }
  }

  #read(raw: DockerService): Service {
    return readService(raw, this.#layers.of(raw.Spec.Name))
  }

  async #list(filters: Record<string, string[]>): Promise<readonly DockerService[]> {
    return this.#call('service_list', async (abortSignal) => {
      const listed: unknown = await this.#options.docker.listServices({ filters, status: true, abortSignal })
      if (!Array.isArray(listed))
        throw new Error('the answer is no list of services; is this the Docker API?')
      return listed as DockerService[]
    })
  }

  /** The engine replaces the whole spec: everything goes back as it was read, with the version that it was read at. */
  async #update(raw: DockerService, replicas: number, state: ScalingState): Promise<void> {
    const spec = {
      ...raw.Spec,
      Labels: withState(raw.Spec.Labels ?? {}, state),
      Mode: { ...raw.Spec.Mode, Replicated: { ...raw.Spec.Mode?.Replicated, Replicas: replicas } },
    }
    await this.#call('service_update', (abortSignal) =>
      this.#options.docker.getService(raw.ID).update({
        // Named apart, or the client writes the whole spec into the address as well.
        _query: { version: raw.Version.Index },
        _body: spec,
        abortSignal,
      }),
    )
  }

  async #call<T>(operation: DockerOperation, call: (abort: AbortSignal) => Promise<T>): Promise<T> {
    const startedMs = performance.now()
    const tell = (outcome: string) => this.#options.onCall(operation, outcome, performance.now() - startedMs)
    try {
      const answer = await withinTime(this.#options.timeoutMs, call)
      tell('ok')
      return answer
    } catch (thrown) {
      const error = toDockerError(thrown, this.#options.host)
      tell(error.code)
      throw error
    }
  }
}
