import { once } from 'node:events'
import { type ClientRequest, request } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/** A change of replicas, by anybody. */
export interface ReplicaChange {
  /** Full name of the service. */
  readonly service: string
  readonly from: number
  readonly to: number
  /** In ms since the epoch. */
  readonly atMs: number
}

interface ServiceEvent {
  readonly time: number
  readonly timeNano: number
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> }
}

/** Every change of replicas in the events of an engine, also those while nobody listened. */
export class DockerChanges {
  readonly changes: ReplicaChange[] = []
  readonly #socketPath: string
  readonly #seen = new Set<string>()
  #lastSeconds = Math.floor(Date.now() / 1_000)
  #asked: ClientRequest | undefined
  #isStopped = false

  constructor(dockerHost: string) {
    this.#socketPath = new URL(dockerHost).pathname
    void this.#follow()
  }

  stop(): void {
    this.#isStopped = true
    this.#asked?.destroy()
  }

  async #follow(): Promise<void> {
    while (!this.#isStopped) {
      await this.#listen().catch(() => {})
      await sleep(100)
    }
  }

  /** Resolves or rejects when the event stream ends. The last events are read once more. */
  async #listen(): Promise<void> {
    const filters = encodeURIComponent(JSON.stringify({ type: ['service'] }))
    const path = `/events?filters=${filters}&since=${this.#lastSeconds - 1}`
    const asked = request({ socketPath: this.#socketPath, path, agent: false })
    this.#asked = asked
    const answered = once(asked, 'response')
    asked.end()
    const [stream] = await answered
    for await (const line of createInterface({ input: stream })) this.#take(JSON.parse(line) as ServiceEvent)
  }

  #take({ time, timeNano, Actor: { Attributes: attributes } }: ServiceEvent): void {
    const { name: service = '', 'replicas.old': from, 'replicas.new': to } = attributes
    this.#lastSeconds = time
    const key = `${timeNano} ${service} ${from} ${to}`
    if (from === undefined || to === undefined || this.#seen.has(key)) return
    this.#seen.add(key)
    this.changes.push({ service, from: Number(from), to: Number(to), atMs: Math.floor(timeNano / 1e6) })
  }
}
