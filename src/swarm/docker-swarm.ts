import pLimit from 'p-limit'
import { type Allowlist, isAllowed } from '../domain/allowlist.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import { type FileLabels, noFileLabels } from '../policy/file-labels.ts'
import { prefix } from '../policy/label-reader.ts'
import { PolicyCache } from '../policy/policy-cache.ts'
import type { Found, Swarm, SwarmListener } from '../reconcile/ports.ts'
import { SwarmError, toSwarmError } from '../reconcile/swarm-error.ts'
import { DockerApi, type DockerApiOptions } from './docker-api.ts'
import { watchServices } from './docker-events.ts'
import { type DockerService, optsIn, readService } from './docker-service.ts'
import { type DockerTask, readTasks } from './docker-tasks.ts'
import { specAgain, specBefore, withSize } from './relaunch.ts'

export interface DockerSwarmOptions extends DockerApiOptions {
  /** Labels from the policy file. Default: none. */
  readonly fileLabels?: FileLabels
  /** The services that may be scaled of those that opt in. All others are read only. Default: all may. */
  readonly only?: Allowlist
}

/** What names and IDs of services are made of; Swarm's own end at 63 characters. */
const nameOrIdGrammar = /^[A-Za-z0-9][\w.-]{0,254}$/

/** Most services whose tasks are read at the same time. */
const mostAtOnce = 10

/** How often the second update of a relaunch is tried; Swarm moves the version a few times only. */
const mostRelaunches = 20

/** Swarm through the engine's API. */
export class DockerSwarm implements Swarm {
  readonly #options: DockerSwarmOptions
  readonly #api: DockerApi
  readonly #fileLabels: FileLabels
  readonly #policies = new PolicyCache()
  /** The services, by ID, of which not all tasks were well when they were read last. */
  readonly #unhealthy = new Set<string>()

  constructor(options: DockerSwarmOptions) {
    this.#options = options
    this.#api = new DockerApi(options)
    this.#fileLabels = options.fileLabels ?? noFileLabels
  }

  async find(nameOrId: string): Promise<Found | undefined> {
    // What an alert names may be anything: the engine is asked only for what it could have.
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
    // Both at once: the sooner the service is written after it was read, the fewer conflicts there are.
    const [raw, tasks] = await Promise.all([read(), this.#api.tasks(reference)])
    if (raw === undefined) return undefined
    if (this.#isAllowed(raw) && specAgain(raw) !== undefined) {
      await this.#relaunchAgain(raw.ID)
      return this.findById(raw.ID)
    }
    return this.#found(raw, tasks)
  }

  #found(raw: DockerService, tasks?: readonly DockerTask[]): Found {
    return {
      service: this.#read(raw, tasks),
      scale: (replicas, state) => this.#api.update(raw, withSize(raw.Spec, replicas, state)),
      restore: (replicas, state) => this.#restore(raw, replicas, state),
    }
  }

  /** A listed service. Its tasks are read only if some do not run: most services are as they should be. */
  async #findListed(raw: DockerService): Promise<Found> {
    if (!this.#isAllowed(raw)) return this.#found(raw)
    const { RunningTasks = 0, DesiredTasks = 0 } = raw.ServiceStatus ?? {}
    const isUnhealthy = RunningTasks < DesiredTasks || this.#unhealthy.has(raw.ID)
    if (!isUnhealthy && specAgain(raw) === undefined) return this.#found(raw)
    // One service that cannot be read or finished must not hide all the others: it is checked by itself, and what went wrong is reported.
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
      // The engine counts draining tasks as running, too.
      return runningReplicas === undefined
        ? service
        : { ...service, runningReplicas: Math.min(runningReplicas, desiredReplicas) }
    }
    const ofService = tasks.filter(({ ServiceID }) => ServiceID === raw.ID)
    const read = readTasks(ofService, service.desiredReplicas, Date.now())
    // Tasks that crash run at times: looked at now and then only, they would seem to be well.
    if (read.failing + read.pending > 0) this.#unhealthy.add(raw.ID)
    else this.#unhealthy.delete(raw.ID)
    return { ...service, tasks: read, runningReplicas: read.running }
  }

  /** Writes what a redeploy has reset. In the midst of its rollout, that one is begun anew: see `relaunch.ts`. */
  async #restore(raw: DockerService, replicas: number, state: ScalingState): Promise<void> {
    const before = raw.UpdateStatus?.State === 'updating' ? specBefore(raw, replicas, state) : undefined
    if (before === undefined) return this.#api.update(raw, withSize(raw.Spec, replicas, state))
    await this.#api.update(raw, before, 'previous-spec')
    await this.#relaunchAgain(raw.ID)
  }

  /** The second update of the two. Swarm itself moves the version while the first one takes effect. */
  async #relaunchAgain(id: string): Promise<void> {
    for (let attempt = 1; attempt <= mostRelaunches; attempt++) {
      const raw = await this.#api.service(id)
      const again = raw && specAgain(raw)
      // Another receiver was quicker, or somebody has updated the service since.
      if (raw === undefined || again === undefined) return
      try {
        return await this.#api.update(raw, again, 'previous-spec')
      } catch (thrown) {
        if (toSwarmError(thrown).code !== 'conflict') throw thrown
      }
    }
    throw new SwarmError(
      'engine',
      `the rollout of service ${id} cannot be started again: others keep changing it`,
    )
  }
}
