import type Docker from 'dockerode'
import pLimit from 'p-limit'
import { toSwarmError } from '../reconcile/swarm-error.ts'
import { toDockerError } from './docker-error.ts'
import type { DockerService, DockerSpec } from './docker-service.ts'
import type { DockerTask } from './docker-tasks.ts'
import { withinTime } from './within-time.ts'

/** The calls to the engine, as the label `operation` of the metrics names them. */
export type DockerOperation = 'service_list' | 'task_list' | 'service_update' | 'info'

export interface DockerApiOptions {
  readonly docker: Docker
  /** The endpoint as the user wrote it, for messages. */
  readonly host: string
  /** Most that one call may take, in ms. */
  readonly timeoutMs: number
  /** Called after each call. `outcome` is `ok` or the code of the error. */
  readonly onCall: (operation: DockerOperation, outcome: string, durationMs: number) => void
}

/**
 * Most calls at the same time. Fewer keep the engine busy, and an engine that has stopped answering must not get ever more. A
 * call that waits for its turn is not yet within its timeout. Updates do not wait for reads: the older the read before an
 * update is, the likelier is a conflict.
 */
const mostAtOnce = { reads: 48, updates: 16 }

interface Info {
  readonly Swarm?: { readonly ControlAvailable?: boolean }
}

/** The calls to the engine's API, each with a timeout and reported to `onCall`. They throw `SwarmError` only. */
export class DockerApi {
  readonly #options: DockerApiOptions
  readonly #readQueue = pLimit(mostAtOnce.reads)
  readonly #updateQueue = pLimit(mostAtOnce.updates)

  constructor(options: DockerApiOptions) {
    this.#options = options
  }

  /**
   * The services that match the filters of the engine, which match names and IDs by prefix. `status`: whether the engine counts their
   * tasks, for which it has to read all of them.
   */
  async services(filters: Record<string, string[]>, status: boolean): Promise<readonly DockerService[]> {
    return this.#readQueue(() =>
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
    return named ?? this.serviceById(nameOrId)
  }

  /** The service of exactly this ID; its tasks are not counted. */
  async serviceById(id: string): Promise<DockerService | undefined> {
    return (await this.services({ id: [id] }, false)).find(({ ID }) => ID === id)
  }

  /** The tasks of the service of this name or ID, old ones included. None if there is no such service. */
  async tasks(nameOrId: string): Promise<readonly DockerTask[]> {
    const filters = { service: [nameOrId] }
    try {
      return await this.#readQueue(() =>
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
   * Replaces the spec that was read. Throws `conflict` without a change if the service has changed since then.
   * `credentialsFrom`: the spec whose registry credentials the new spec gets, the current one or the previous one.
   */
  async update(
    { ID, Version }: DockerService,
    spec: DockerSpec,
    credentialsFrom: 'spec' | 'previous-spec' = 'spec',
  ): Promise<void> {
    await this.#updateQueue(() =>
      this.#call('service_update', (docker, abortSignal) =>
        docker.getService(ID).update({
          // Without these two names the client writes the whole spec into the address as well.
          _query: { version: Version.Index, registryAuthFrom: credentialsFrom },
          _body: spec,
          abortSignal,
        }),
      ),
    )
  }

  /** Throws unless the engine answers and is a Swarm manager. It does not wait for other calls, since health checks use it. */
  async check(): Promise<void> {
    const info = await this.#call('info', (docker, abortSignal) =>
      // The client accepts a signal here too; only its types lack it.
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
    const report = (outcome: string) => onCall(operation, outcome, performance.now() - startedMs)
    try {
      const answer = await withinTime(timeoutMs, (abort) => call(docker, abort))
      report('ok')
      return answer
    } catch (thrown) {
      const error = toDockerError(thrown, host)
      report(error.code)
      throw error
    }
  }
}

function expectList<T>(listed: unknown, what: string): readonly T[] {
  if (!Array.isArray(listed)) throw new Error(`the answer is not a list of ${what}; is this the Docker API?`)
  return listed
}
