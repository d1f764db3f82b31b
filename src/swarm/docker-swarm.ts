import pLimit from 'p-limit'
import { type Allowlist, isAllowed } from '../domain/allowlist.ts'
import type { Service } from '../domain/service.ts'
import { type FileLabels, noFileLabels } from '../policy/file-labels.ts'
import { prefix } from '../policy/label-reader.ts'
import { PolicyCache } from '../policy/policy-cache.ts'
import type { Found, Swarm, SwarmListener } from '../reconcile/ports.ts'
import { DockerApi, type DockerApiOptions } from './docker-api.ts'
import { watchServices } from './docker-events.ts'
import { type DockerService, optsIn, readService } from './docker-service.ts'
import { type DockerTask, readTasks } from './docker-tasks.ts'
import { specAgain, withSize } from './relaunch.ts'
import { finishRelaunch, restore } from './restore.ts'

export interface DockerSwarmOptions extends DockerApiOptions {
  /** Labels from the policy file. Default: none. */
  readonly fileLabels?: FileLabels
  /** The services that may be scaled; others are only read. Default: all that opt in. */
  readonly only?: Allowlist
}

/** The characters of names and IDs of services. Swarm's names have at most 63. */
const nameOrIdGrammar = /^[A-Za-z0-9][\w.-]{0,254}$/

/** Most services whose tasks are read at the same time. */
const mostAtOnce = 10

/** Swarm through the engine's API. */
export class DockerSwarm implements Swarm {
  readonly #options: DockerSwarmOptions
  readonly #api: DockerApi
  readonly #fileLabels: FileLabels
  readonly #policies = new PolicyCache()
  /** The IDs of services with tasks that failed or were pending when they were read last. */
  readonly #unhealthy = new Set<string>()

  constructor(options: DockerSwarmOptions) {
    this.#options = options
    this.#api = new DockerApi(options)
    this.#fileLabels = options.fileLabels ?? noFileLabels
  }

  async find(nameOrId: string): Promise<Found | undefined> {
    // An alert can name anything: the engine is only asked for valid names and IDs.
    if (!nameOrIdGrammar.test(nameOrId)) return undefined
    return this.#find(nameOrId, () => this.#api.service(nameOrId))
  }

  async findById(id: string): Promise<Found | undefined> {
    return this.#find(id, () => this.#api.serviceById(id))
  }

  async list(): Promise<readonly Found[]> {
    const label = `${prefix}enable`
    // The engine does not know the policy file: services that it enables are picked out here.
    const listed = await this.#api.services(this.#fileLabels.hasEnable() ? {} : { label: [label] }, true)
    const isNamed = (raw: DockerService) => {
      const fromFile = this.#fileLabels.labelsFor(raw.Spec.Name)
      if (!this.#isAllowed(raw)) return optsIn(raw, fromFile)
      return raw.Spec.Labels?.[label] !== undefined || fromFile['enable'] !== undefined
    }
    const left = new Set(listed.map(({ ID }) => ID))
    for (const id of this.#unhealthy) if (!left.has(id)) this.#unhealthy.delete(id)
    this.#policies.keepOnly(left)
    return pLimit(mostAtOnce).map(listed.filter(isNamed), (raw) => this.#findListed(raw))
  }

  async references(): Promise<ReadonlySet<string>> {
    const all = await this.#api.services({}, false)
    return new Set(all.flatMap(({ ID, Spec }) => [ID, Spec.Name]))
  }

  watch(listener: SwarmListener): () => void {
    return watchServices(this.#options, listener)
  }

  /** Throws `SwarmError` unless the engine answers and is a Swarm manager. */
  async check(): Promise<void> {
    await this.#api.check()
  }

  async #find(reference: string, read: () => Promise<DockerService | undefined>): Promise<Found | undefined> {
    // Both at once: the shorter the time from read to write, the fewer conflicts there are.
    const [raw, tasks] = await Promise.all([read(), this.#api.tasks(reference)])
    if (raw === undefined) return undefined
    if (this.#isAllowed(raw) && specAgain(raw) !== undefined) {
      await finishRelaunch(this.#api, raw.ID)
      return this.findById(raw.ID)
    }
    return this.#found(raw, tasks)
  }

  #found(raw: DockerService, tasks?: readonly DockerTask[]): Found {
    return {
      service: this.#read(raw, tasks),
      scale: (replicas, state) => this.#api.update(raw, withSize(raw.Spec, replicas, state)),
      restore: (replicas, state) => restore(this.#api, raw, replicas, state),
    }
  }

  /** A listed service. Its tasks are read only if some do not run, which few services have. */
  async #findListed(raw: DockerService): Promise<Found> {
    if (!this.#isAllowed(raw)) return this.#found(raw)
    const { RunningTasks = 0, DesiredTasks = 0 } = raw.ServiceStatus ?? {}
    const isUnhealthy = RunningTasks < DesiredTasks || this.#unhealthy.has(raw.ID)
    if (!isUnhealthy && specAgain(raw) === undefined) return this.#found(raw)
    // One service that cannot be read must not hide the others: it is checked by itself later, which reports the error.
    const found = await this.findById(raw.ID).catch(() => undefined)
    return found ?? this.#found(raw)
  }

  #isAllowed({ Spec }: DockerService): boolean {
    return isAllowed(this.#options.only ?? [], Spec.Name, Spec.Labels ?? {})
  }

  #read(raw: DockerService, tasks?: readonly DockerTask[]): Service {
    const service = readService(
      raw,
      this.#fileLabels.labelsFor(raw.Spec.Name),
      this.#policies,
      this.#isAllowed(raw),
    )
    if (service.mode !== 'replicated') return service
    if (tasks === undefined) {
      const { runningReplicas, desiredReplicas } = service
      // The engine counts draining tasks as running too.
      return runningReplicas === undefined
        ? service
        : { ...service, runningReplicas: Math.min(runningReplicas, desiredReplicas) }
    }
    const ofService = tasks.filter(({ ServiceID }) => ServiceID === raw.ID)
    const read = readTasks(ofService, service.desiredReplicas, Date.now())
    // Tasks in a crash loop run at times: with fewer reads they would seem healthy.
    if (read.failing + read.pending > 0) this.#unhealthy.add(raw.ID)
    else this.#unhealthy.delete(raw.ID)
    return { ...service, tasks: read, runningReplicas: read.running }
  }
}
