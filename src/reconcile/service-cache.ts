import { defined } from '../domain/defined.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import { type Moment, OwnChanges } from './own-changes.ts'
import type { Found, Swarm, SwarmListener } from './ports.ts'
import { SingleFlight } from './single-flight.ts'

interface Entry {
  readonly service: Service
  /** When the reading began. */
  readonly at: Moment
}

/**
 * A Swarm, with the last reading of each service for as long as it is valid. Swarm reports every change: what it did not report is as
 * it was read. While it cannot report, no reading is valid.
 */
export class ServiceCache implements Swarm {
  readonly #swarm: Swarm
  readonly #entries = new Map<string, Entry>()
  readonly #nameOfId = new Map<string, string>()
  /** When Swarm last reported a change, by the ID of the service. */
  readonly #changedAt = new Map<string, Moment>()
  readonly #own = new OwnChanges()
  /** Every name and ID that there is. */
  #references: { readonly all: ReadonlySet<string>; readonly at: Moment } | undefined
  readonly #readReferences = new SingleFlight(() => this.#doReadReferences())
  #now: Moment = 0
  #lastChangeAt: Moment = 0
  /** No reading from before is valid. */
  #invalidatedAt: Moment = 0
  #isReported = false

  constructor(swarm: Swarm) {
    this.#swarm = swarm
  }

  /** The name of a service that was read, by its name or ID. */
  nameOf(reference: string): string | undefined {
    return this.#entries.get(reference)?.service.name ?? this.#nameOfId.get(reference)
  }

  /** The service of this name as it was read last, if nothing has changed since, as far as Swarm reports. */
  of(name: string): Service | undefined {
    const entry = this.#entries.get(name)
    return entry !== undefined && this.#isValid(entry) ? entry.service : undefined
  }

  /**
   * Whether there is a service of this name or ID, opted in or not. However many names are asked for, it costs one call at a
   * time, and none while nothing changes: whoever makes up names must not keep the engine busy.
   */
  async has(reference: string): Promise<boolean> {
    const { all, at } = this.#references ?? { all: new Set<string>(), at: 0 }
    if (this.#isValidSince(at, this.#lastChangeAt)) return all.has(reference)
    return (await this.#readReferences.run()).has(reference)
  }

  /** What services are read by has changed, or changes may have been missed: no reading from before is valid. */
  invalidate(): void {
    this.#invalidatedAt = this.#tick()
  }

  readonly find = (reference: string): Promise<Found | undefined> =>
    this.#read(reference, this.#swarm.find(reference))

  readonly findById = (id: string): Promise<Found | undefined> => this.#read(id, this.#swarm.findById(id))

  readonly list = async (): Promise<readonly Found[]> => {
    const at = this.#tick()
    // If events were lost without a sign, nothing else would show new services.
    this.#references = undefined
    try {
      const listed = await this.#swarm.list()
      for (const { service } of listed) this.#keep(service, at)
      this.#dropOthers(new Set(listed.map(({ service }) => service.name)), at)
      return listed.map((found) => this.#remembering(found))
    } catch (thrown) {
      this.invalidate()
      throw thrown
    }
  }

  readonly references = (): Promise<ReadonlySet<string>> => this.#swarm.references()

  readonly watch = (listener: SwarmListener): (() => void) =>
    this.#swarm.watch({
      connected: () => {
        this.#own.clear()
        this.invalidate()
        this.#isReported = true
        listener.connected()
      },
      changed: (id) => {
        this.#lastChangeAt = this.#tick()
        if (this.#own.isExpected(id)) return
        this.#changed(id)
        listener.changed(id)
      },
      lost: (error) => {
        this.#isReported = false
        listener.lost(error)
      },
    })

  async #read(reference: string, reading: Promise<Found | undefined>): Promise<Found | undefined> {
    const at = this.#tick()
    const found = await reading
    if (found === undefined) {
      this.#drop(this.nameOf(reference))
      return undefined
    }
    this.#keep(found.service, at)
    return this.#remembering(found)
  }

  /** The same service; what is written to it is remembered. */
  #remembering(found: Found): Found {
    const { service } = found
    return {
      service,
      scale: (...change) => this.#write(found, 'scale', change),
      // In the midst of a rollout it takes several updates, and what they leave is not foreseen.
      restore: (...change) =>
        service.rollout === 'updating'
          ? found.restore(...change).finally(() => this.#changed(service.id))
          : this.#write(found, 'restore', change),
    }
  }

  /** What was written is known without reading it, and so is the change that Swarm reports then. */
  async #write(
    found: Found,
    method: 'scale' | 'restore',
    change: [replicas: number, state: ScalingState],
  ): Promise<void> {
    const at = this.#tick()
    const { service } = found
    this.#own.begin(service.id, at)
    try {
      await found[method](...change)
      this.#keep(asWritten(service, ...change), at)
    } catch (thrown) {
      this.#own.forget(service.id)
      this.#changed(service.id)
      throw thrown
    }
  }

  #tick(): Moment {
    return ++this.#now
  }

  #isValid({ service: { id }, at }: Entry): boolean {
    return this.#isValidSince(at, this.#changedAt.get(id) ?? 0)
  }

  /** Whether what was read at this moment is still valid, if it changed last at `changedAt`. */
  #isValidSince(at: Moment, changedAt: Moment): boolean {
    return this.#isReported && at > this.#invalidatedAt && at > changedAt
  }

  #changed(id: string): void {
    this.#lastChangeAt = this.#tick()
    this.#changedAt.set(id, this.#lastChangeAt)
  }

  /** A reading that began earlier than the one that is known may be older. */
  #keep(service: Service, at: Moment): void {
    const before = this.#entries.get(service.name)
    if (before !== undefined && before.at > at) return
    if (before !== undefined && before.service.id !== service.id) this.#nameOfId.delete(before.service.id)
    this.#entries.set(service.name, { service, at })
    this.#nameOfId.set(service.id, service.name)
  }

  #drop(name: string | undefined): void {
    const entry = name === undefined ? undefined : this.#entries.get(name)
    if (entry === undefined) return
    this.#entries.delete(entry.service.name)
    this.#nameOfId.delete(entry.service.id)
  }

  /** Drops every service but these, except those read since `at`. */
  #dropOthers(names: ReadonlySet<string>, at: Moment): void {
    for (const [name, entry] of this.#entries) {
      if (entry.at < at && !names.has(name)) this.#drop(name)
    }
    for (const [id, changedAt] of this.#changedAt) if (changedAt < at) this.#changedAt.delete(id)
    this.#own.forgetBefore(at)
  }

  async #doReadReferences(): Promise<ReadonlySet<string>> {
    const at = this.#tick()
    const all = await this.#swarm.references()
    this.#references = { all, at }
    return all
  }
}

/** A service as the update of its size leaves it. Of its tasks nothing is known then. */
function asWritten(service: Service, replicas: number, state: ScalingState): Service {
  const { tasks: _, runningReplicas: __, rollout: ___, updatedAtMs: ____, version, ...rest } = service
  return {
    ...rest,
    desiredReplicas: replicas,
    state,
    previous: { replicas: service.desiredReplicas, state: service.state },
    // The version that was written over is out of date: any later one is higher.
    ...defined({ version: version === undefined ? undefined : version + 1 }),
  }
}
