import type { ScalingState, Service } from '../../../src/domain/service.ts'
import type { Found, Swarm, SwarmListener } from '../../../src/reconcile/ports.ts'
import { SwarmError } from '../../../src/reconcile/swarm-error.ts'

/** One update as it was asked for. */
export interface Update {
  readonly name: string
  readonly replicas: number
  readonly state: ScalingState
}

interface Entry {
  readonly service: Service
  readonly version: number
}

/** A Swarm in memory, with versions as the real one has them. Set what there is, read what was done. */
export class FakeSwarm implements Swarm {
  /** Every update that was applied, in order. */
  readonly updates: Update[] = []
  /** Called before each update is applied: what it throws is the answer, and nothing is applied. */
  beforeUpdate: (name: string) => void | Promise<void> = () => {}
  /** Called after each update was applied: what it throws takes the place of the answer. */
  afterUpdate: (name: string) => void = () => {}
  /** Called when a reading has been made, before it is answered. */
  beforeAnswer: () => Promise<void> = async () => {}
  /** Thrown by every reading while it is set. */
  unreadable: SwarmError | undefined

  /** Whoever listens now. Absent: nobody. */
  listener: SwarmListener | undefined
  /** Whether listeners get an event for every change, as from the real Swarm, or only from the test. */
  tellsOfChanges = false
  /** How often a single service was read, how often that was by ID alone, how often all services were listed, and how often all names were. */
  finds = 0
  findsById = 0
  lists = 0
  referencesRead = 0
  /** How often what a redeploy had reset was written back in the midst of its rollout. */
  relaunches = 0

  readonly #services = new Map<string, Entry>()

  constructor(...services: readonly Service[]) {
    for (const service of services) this.put(service)
  }

  /** Adds or changes a service from outside. */
  put(service: Service): void {
    const version = (this.#services.get(service.name)?.version ?? 0) + 1
    this.#services.set(service.name, { service: { ...service, version }, version })
    if (this.tellsOfChanges) this.listener?.changed(service.id)
  }

  /** Changes parts of a service as an external update would: `previous` has the state before. */
  update(name: string, change: Partial<Service>): void {
    const { desiredReplicas: replicas, state, ...rest } = this.get(name)
    this.put({ ...rest, desiredReplicas: replicas, state, previous: { replicas, state }, ...change })
  }

  /** As `docker stack deploy` does: other replicas, and none of the labels that were there. */
  redeploy(name: string, replicas: number, change: Partial<Service> = {}): void {
    this.update(name, { desiredReplicas: replicas, state: {}, ...change })
  }

  remove(name: string): void {
    this.#services.delete(name)
  }

  get(name: string): Service {
    const entry = this.#services.get(name)
    if (entry === undefined) throw new Error(`no service ${name}`)
    return entry.service
  }

  readonly find = (nameOrId: string): Promise<Found | undefined> =>
    this.#find(this.#services.get(nameOrId) ?? this.#byId(nameOrId))

  readonly findById = (id: string): Promise<Found | undefined> => {
    this.findsById++
    return this.#find(this.#byId(id))
  }

  readonly watch = (listener: SwarmListener): (() => void) => {
    this.listener = listener
    if (this.tellsOfChanges) listener.connected()
    return () => {
      this.listener = undefined
    }
  }

  readonly list = async (): Promise<readonly Found[]> => {
    this.#throwIfUnreadable()
    this.lists++
    const found = [...this.#services.values()].map((entry) => this.#found(entry))
    await this.beforeAnswer()
    return found
  }

  readonly references = async (): Promise<ReadonlySet<string>> => {
    this.#throwIfUnreadable()
    this.referencesRead++
    return new Set([...this.#services.values()].flatMap(({ service: { id, name } }) => [id, name]))
  }

  #byId(id: string): Entry | undefined {
    return this.#services.values().find(({ service }) => service.id === id)
  }

  async #find(entry: Entry | undefined): Promise<Found | undefined> {
    this.#throwIfUnreadable()
    this.finds++
    await this.beforeAnswer()
    return entry && this.#found(entry)
  }

  #found({ service, version }: Entry): Found {
    const write: Found['scale'] = (replicas, state) => this.#update(service.name, version, replicas, state)
    const restore: Found['restore'] = (replicas, state) => {
      if (service.rollout === 'updating') this.relaunches++
      return write(replicas, state)
    }
    return { service, scale: write, restore }
  }

  async #update(name: string, version: number, replicas: number, state: ScalingState): Promise<void> {
    await this.beforeUpdate(name)
    const entry = this.#services.get(name)
    if (entry === undefined) throw new SwarmError('not_found', `service ${name} not found`)
    if (entry.version !== version) throw new SwarmError('conflict', 'update out of sequence')
    this.update(name, { desiredReplicas: replicas, state })
    this.updates.push({ name, replicas, state })
    this.afterUpdate(name)
  }

  #throwIfUnreadable(): void {
    if (this.unreadable !== undefined) throw this.unreadable
  }
}
