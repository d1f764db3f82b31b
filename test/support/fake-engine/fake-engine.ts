import {
  anUpdateEvent,
  aService,
  type MadeUpService,
  type ServiceJson,
  type SpecJson,
  tasksOf,
  timeOf,
} from './docker-json.ts'

export type Filters = Readonly<Record<string, readonly string[]>>

/** An answer of the API: its status and its body, as JSON. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** A service, and what was printed of it: thousands of reads may come between two changes. */
interface Kept {
  readonly service: ServiceJson
  readonly listed: string
  readonly counted: string
  readonly sinceMs: number
  tasks?: string
}

const specFields = [
  'Name',
  'Labels',
  'TaskTemplate',
  'Mode',
  'UpdateConfig',
  'RollbackConfig',
  'Networks',
  'EndpointSpec',
]

/** The services of a Swarm whose tasks run as soon as they are wanted, and what the engine's API says of them. */
export class FakeEngine {
  readonly #byId = new Map<string, Kept>()
  readonly #listeners = new Set<(event: string) => void>()
  #version = 10

  add(made: MadeUpService): string {
    const service = aService(made, ++this.#version, Date.now())
    this.#keep(service)
    return service.ID
  }

  /** The replicas of each service, by name. */
  replicas(): ReadonlyMap<string, number> {
    return new Map([...this.#byId.values()].map(({ service: { Spec } }) => [Spec.Name, replicasOf(Spec)]))
  }

  /** Is told each event, as a line of JSON, until the answer is called. */
  listen(listener: (event: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * As the engine does, names and IDs match by their beginning, labels by their key or as `key=value`. `status`: how many tasks run and
   * should is told as well.
   */
  list(filters: Filters, status: boolean): Answer {
    const found = [...this.#byId.values()].filter(({ service }) => matches(service, filters))
    return {
      status: 200,
      body: `[${found.map(({ listed, counted }) => (status ? counted : listed)).join(',')}]`,
    }
  }

  inspect(nameOrId: string): Answer {
    const kept = this.#find(nameOrId)
    return kept === undefined ? notFound(nameOrId) : { status: 200, body: JSON.stringify(kept.service) }
  }

  tasks({ service = [] }: Filters): Answer {
    const kept = service.map((nameOrId) => this.#find(nameOrId))
    const missing = kept.indexOf(undefined)
    if (missing >= 0) return notFound(service[missing] ?? '')
    const printed = kept.flatMap((one) => (one === undefined ? [] : [printTasks(one)]))
    return { status: 200, body: `[${printed.filter((tasks) => tasks !== '').join(',')}]` }
  }

  /** Refuses a version that is not the present one in the engine's own words. */
  update(nameOrId: string, version: number, spec: SpecJson): Answer {
    const kept = this.#find(nameOrId)
    if (kept === undefined) return notFound(nameOrId)
    const { service } = kept
    if (service.Version.Index !== version) {
      return failure(500, 'rpc error: code = Unknown desc = update out of sequence')
    }
    const nowMs = Date.now()
    const changed = {
      ...service,
      Version: { Index: ++this.#version },
      UpdatedAt: timeOf(nowMs),
      Spec: onlyKnown(spec),
      PreviousSpec: service.Spec,
    }
    this.#keep(changed)
    const event = JSON.stringify(anUpdateEvent(changed, service.Spec, nowMs))
    for (const tell of this.#listeners) tell(event)
    return { status: 200, body: '{"Warnings":null}' }
  }

  #keep(service: ServiceJson): void {
    const { ID, Spec } = service
    const tasks = replicasOf(Spec)
    const ServiceStatus = { RunningTasks: tasks, DesiredTasks: tasks, CompletedTasks: 0 }
    this.#byId.set(ID, {
      service,
      listed: JSON.stringify(service),
      counted: JSON.stringify({ ...service, ServiceStatus }),
      sinceMs: Date.now(),
    })
  }

  #find(nameOrId: string): Kept | undefined {
    const byId = this.#byId.get(nameOrId)
    return byId ?? [...this.#byId.values()].find(({ service: { Spec } }) => Spec.Name === nameOrId)
  }
}

export function failure(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ message }) }
}

function notFound(nameOrId: string): Answer {
  return failure(404, `service ${nameOrId} not found`)
}

function replicasOf({ Mode }: SpecJson): number {
  return Mode?.Replicated?.Replicas ?? 0
}

/** The engine drops what it does not know. */
function onlyKnown(spec: SpecJson): SpecJson {
  return Object.fromEntries(
    Object.entries(spec).filter(([key]) => specFields.includes(key)),
  ) as unknown as SpecJson
}

function matches({ ID, Spec }: ServiceJson, { name = [], id = [], label = [] }: Filters): boolean {
  const begins = (text: string, starts: readonly string[]) =>
    starts.length === 0 || starts.some((start) => text.startsWith(start))
  const hasLabel = (wanted: string) => {
    const [key = '', ...value] = wanted.split('=')
    const own = Spec.Labels?.[key]
    return own !== undefined && (value.length === 0 || own === value.join('='))
  }
  return begins(Spec.Name, name) && begins(ID, id) && label.every(hasLabel)
}

function printTasks(kept: Kept): string {
  kept.tasks ??= tasksOf(kept.service, kept.sinceMs)
    .map((task) => JSON.stringify(task))
    .join(',')
  return kept.tasks
}
