import type Docker from 'dockerode'
import pLimit from 'p-limit'
import { toSwarmError } from '../reconcile/swarm-error.ts'
import { toDockerError } from './docker-error.ts'
import type { DockerService, DockerSpec } from './docker-service.ts'
import type { DockerTask } from './docker-tasks.ts'
import { withinTime } from './within-time.ts'

/** The calls that are made of the engine, as the metrics name them. */
export type DockerOperation = 'service_list' | 'task_list' | 'service_update' | 'info'

export interface DockerApiOptions {
  readonly docker: Docker
  /** The endpoint as it was given, for messages. */
  readonly host: string
  /** Most that one call may take, in ms. */
  readonly timeoutMs: number
  /** Is told of each call. `outcome` is `ok` or the code of the error. */
  readonly onCall: (operation: DockerOperation, outcome: string, durationMs: number) => void
}

/**
 * Most calls at the same time. The engine is at work with fewer, and one that has stopped answering must not be asked ever
 * more; what waits for its turn is still within its time. An update waits for no reading: the later it comes after its own, the
 * likelier somebody else was quicker.
 */
const mostAtOnce = { readings: 48, updates: 16 }

interface Info {
  readonly Swarm?: { readonly ControlAvailable?: boolean }
}

/** The calls of the engine's API, each within its time, each told of. All of them throw `SwarmError` only. */
export class DockerApi {
  readonly #options: DockerApiOptions
  readonly #readInTurn = pLimit(mostAtOnce.readings)
  readonly #updateInTurn = pLimit(mostAtOnce.updates)

  constructor(options: DockerApiOptions) {
    this.#options = options
  }

  /**
   * The services that the engine's filters let through. They match names and IDs by prefix. `status`: whether the engine counts their
   * tasks, which it has to go through all of them for.
   */
  async services(filters: Record<string, string[]>, status: boolean): Promise<readonly DockerService[]> {
    return this.#readInTurn(() =>
      this.#call('service_list', async (docker, abortSignal) => {
        const listed: unknown = await docker.listServices({ filters, status, abortSignal })
        return expectList<DockerService>(listed, 'services')
      }),
    )
  }

  /** The service of exactly this name, else of exactly this ID; its tasks are not counted. */
  async service(nameOrId: string): Promise<DockerService | undefined> {
    const named = (await this.services({ name: [nameOrId] }, false)).find(
      ({ Spec }) => Spec.Name === nameOrId,
    )
    return named ?? (await this.services({ id: [nameOrId] }, false)).find(({ ID }) => ID === nameOrId)
  }

  /** The tasks of the service of this name or ID, old ones among them. None where there is no such service. */
  async tasks(nameOrId: string): Promise<readonly DockerTask[]> {
    const filters = { service: [nameOrId] }
    try {
      return await this.#readInTurn(() =>
        this.#call('task_list', async (docker, abortSignal) =>
          expectList<DockerTask>(await docker.listTasks({ filters, abortSignal }), 'tasks'),
        ),
      )
    } catch (thrown) {
      if (toSwarmError(thrown).code === 'not_found') return []
      throw thrown
    }
  }

  /**
   * Writes a spec over the one that was read. Throws `conflict` where the service has changed since, and writes nothing then.
   * `credentialsFrom`: the spec whose credentials for the registry the new one takes over, the present one or the one before.
   */
  async update(
    { ID, Version }: DockerService,
    spec: DockerSpec,
    credentialsFrom: 'spec' | 'previous-spec' = 'spec',
  ): Promise<void> {
    await this.#updateInTurn(() =>
      this.#call('service_update', (docker, abortSignal) =>
        docker.getService(ID).update({
          // Named apart, or the client writes the whole spec into the address as well.
          _query: { version: Version.Index, registryAuthFrom: credentialsFrom },
          _body: spec,
          abortSignal,
        }),
      ),
    )
  }

  /** Throws unless the engine answers and is a Swarm manager. It waits for no other call: health checks ask. */
  async check(): Promise<void> {
    const info = await this.#call('info', (docker, abortSignal) =>
      // The client takes a signal here as everywhere; its types do not know.
      (docker as { info: (options: { abortSignal: AbortSignal }) => Promise<Info> }).info({ abortSignal }),
    )
    if (info.Swarm?.ControlAvailable !== true) {
      throw toDockerError(
        { statusCode: 503, message: 'this node is not a swarm manager' },
        this.#options.host,
      )
    }
  }

  async #call<T>(
    operation: DockerOperation,
    call: (docker: Docker, abort: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { docker, host, timeoutMs, onCall } = this.#options
    const startedMs = performance.now()
    const tell = (outcome: string) => onCall(operation, outcome, performance.now() - startedMs)
    try {
      const answer = await withinTime(timeoutMs, (abort) => call(docker, abort))
      tell('ok')
      return answer
    } catch (thrown) {
      const error = toDockerError(thrown, host)
      tell(error.code)
      throw error
    }
  }
}

function expectList<T>(listed: unknown, what: string): readonly T[] {
  if (!Array.isArray(listed)) throw new Error(`the answer is no list of ${what}; is this the Docker API?`)
  return listed
}
