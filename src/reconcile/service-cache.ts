import { defined } from '../domain/defined.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import type { Found, Swarm, SwarmListener } from './ports.ts'
import { SingleFlight } from './single-flight.ts'

/** When something happened, in the order in which it did: later is greater. */
type Moment = number

interface Reading {
  readonly service: Service
  /** When the reading was begun. */
  readonly at: Moment
}

/**
 * A Swarm, with the last reading of each service for as long as that holds. Swarm tells of every change: what it was silent
 * about is as it was read. While it cannot tell, no reading holds.
 */
export class ServiceCache implements Swarm {
  readonly #swarm: Swarm
  readonly #readings = new Map<string, Reading>()
  readonly #nameOfId = new Map<string, string>()
  /** When Swarm last told of a change, by the ID of the service. */
  readonly #changedAt = new Map<string, Moment>()
  /** When changes were begun that Swarm has not told of yet although this autoscaler makes them itself, by the ID of the service. */
  readonly #own = new Map<string, readonly Moment[]>()
  /** Every name and ID that there is. */
  #references: { readonly all: ReadonlySet<string>; readonly at: Moment } | undefined
  readonly #readReferences = new SingleFlight(() => this.#doReadReferences())
  #now: Moment = 0
  #lastChangeAt: Moment = 0
  /** No reading from before holds. */
  #blurredAt: Moment = 0
  #isTold = false

  constructor(swarm: Swarm) {
    this.#swarm = swarm
  }

  /** The name of a service that was read, by its name or ID. */
  nameOf(reference: string): string | undefined {
    return this.#readings.get(reference)?.service.name ?? this.#nameOfId.get(reference)
  }

  /** The service of this name as it was read last, where nothing has changed since, as far as Swarm tells. */
  of(name: string): Service | undefined {
    const reading = this.#readings.get(name)
    return reading !== undefined && this.#holds(reading) ? reading.service : undefined
  }

  /**
   * Whether there is a service of this name or ID, opted in or not. However many names are asked for, it costs one call at a
   * time, and none while nothing changes: whoever makes up names must not keep the engine busy.
   */
  async has(reference: string): Promise<boolean> {
    const { all, at } = this.#references ?? { all: new Set<string>(), at: 0 }
    if (this.#holdsSince(at, this.#lastChangeAt)) return all.has(reference)
    return (await this.#readReferences.run()).has(reference)
  }

  /** What services are read by has changed, or changes may have been missed: no reading from before holds. */
  blur(): void {
    this.#blurredAt = this.#tick()
  }

  readonly find = async (reference: string): Promise<Found | undefined> => {
    const at = this.#tick()
    const found = await this.#swarm.find(reference)
    if (found === undefined) {
      this.#drop(this.nameOf(reference))
      return undefined
    }
    const { service } = found
    this.#saw(service, at)
    return {
      service,
      scale: (...change) => this.#scale(found, ...change),
      // It can take several updates, and in the midst of a rollout what it leaves is not foreseen.
      restore: (...change) => found.restore(...change).finally(() => this.#changed(service.id)),
    }
  }

  /** What was written is known without reading it, and so is the change that Swarm tells of then. */
  async #scale({ service, scale }: Found, replicas: number, state: ScalingState): Promise<void> {
    const at = this.#tick()
    const { id } = service
    this.#own.set(id, [...(this.#own.get(id) ?? []), at])
    try {
      await scale(replicas, state)
      this.#saw(asWritten(service, replicas, state), at)
    } catch (thrown) {
      // Whether it was applied is not always known.
      this.#own.delete(id)
      this.#changed(id)
      throw thrown
    }
  }

  readonly list = async (): Promise<readonly Service[]> => {
    const at = this.#tick()
    // Were events lost without a sign, nothing else would tell of new services.
    this.#references = undefined
    try {
      const services = await this.#swarm.list()
      for (const service of services) this.#saw(service, at)
      this.#keepOnly(new Set(services.map(({ name }) => name)), at)
      return services
    } catch (thrown) {
      this.blur()
      throw thrown
    }
  }

  readonly references = (): Promise<ReadonlySet<string>> => this.#swarm.references()

  readonly watch = (listener: SwarmListener): (() => void) =>
    this.#swarm.watch({
      connected: () => {
        this.#own.clear()
        this.blur()
        this.#isTold = true
        listener.connected()
      },
      changed: (id) => {
        this.#lastChangeAt = this.#tick()
        if (this.#isOwn(id)) return
        this.#changed(id)
        listener.changed(id)
      },
      lost: (error) => {
        this.#isTold = false
        listener.lost(error)
      },
    })

  #tick(): Moment {
    return ++this.#now
  }

  #holds({ service: { id }, at }: Reading): boolean {
    return this.#holdsSince(at, this.#changedAt.get(id) ?? 0)
  }

  /** Whether what was read at this moment still holds, where it changed last at `changedAt`. */
  #holdsSince(at: Moment, changedAt: Moment): boolean {
    return this.#isTold && at > this.#blurredAt && at > changedAt
  }

  #changed(id: string): void {
    this.#lastChangeAt = this.#tick()
    this.#changedAt.set(id, this.#lastChangeAt)
  }

  /**
   * Whether this may be the change that the autoscaler itself has made. Where it is another one, that of the autoscaler is told as well,
   * and taken for the other.
   */
  #isOwn(id: string): boolean {
    const [first, ...others] = this.#own.get(id) ?? []
    if (others.length > 0) this.#own.set(id, others)
    else this.#own.delete(id)
    return first !== undefined
  }

  /** A reading that was begun earlier than the one that is known may be older. */
  #saw(service: Service, at: Moment): void {
    const before = this.#readings.get(service.name)
    if (before !== undefined && before.at > at) return
    if (before !== undefined && before.service.id !== service.id) this.#nameOfId.delete(before.service.id)
    this.#readings.set(service.name, { service, at })
    this.#nameOfId.set(service.id, service.name)
  }

  #drop(name: string | undefined): void {
    const reading = name === undefined ? undefined : this.#readings.get(name)
    if (reading === undefined) return
    this.#readings.delete(reading.service.name)
    this.#nameOfId.delete(reading.service.id)
  }

  /** Keeps these services, and what was read since `at`. */
  #keepOnly(names: ReadonlySet<string>, at: Moment): void {
    for (const [name, reading] of this.#readings) {
      if (reading.at < at && !names.has(name)) this.#drop(name)
    }
    for (const [id, changedAt] of this.#changedAt) if (changedAt < at) this.#changedAt.delete(id)
    // What was read since shows them, should Swarm never tell.
    for (const [id, begunAt] of this.#own) if ((begunAt.at(-1) ?? 0) < at) this.#own.delete(id)
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
