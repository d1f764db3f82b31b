import type { JoinedEngine } from '../testbed/engine.ts'
import type { Stack } from '../testbed/stack.ts'
import { within } from '../testbed/wait.ts'

/** One applied change in the receiver's history. */
export interface Scaled {
  readonly atMs: number
  readonly from: number
  readonly to: number
  readonly reason: string
  readonly alertName: string
  readonly alertStartsAtMs: number
}

/** A service as Docker counts it. */
export interface Replicas {
  readonly desired: number
  readonly running: number
}

/** Looks at the parts of a deployed stack from outside, each by the means a user has. */
export class Observation {
  readonly #engine: JoinedEngine
  readonly #stack: Stack

  constructor(engine: JoinedEngine, stack: Stack) {
    this.#engine = engine
    this.#stack = stack
  }

  /** `docker service ls`. */
  async replicas(): Promise<Replicas> {
    const { webService } = this.#stack
    const lines = await this.#engine.docker(['service', 'ls', '--format', '{{.Name}} {{.Replicas}}'])
    const counts = lines
      .split('\n')
      .map((line) => /^(\S+) (\d+)\/(\d+)/.exec(line))
      .find((match) => match?.[1] === webService)
    if (counts === undefined || counts === null) throw new Error(`there is no service ${webService}`)
    return { running: Number(counts[2]), desired: Number(counts[3]) }
  }

  /** The value of an expression that has one at most. */
  async value(expression: string): Promise<number | undefined> {
    const [first] = await this.#query(expression)
    return first?.value === undefined ? undefined : Number(first.value[1])
  }

  /** Raw samples of a counter since `sinceMs`, added up over its series, by the time of their scrape in ms. */
  async scrapes(selector: string, sinceMs: number): Promise<ReadonlyMap<number, number>> {
    const seconds = Math.ceil((Date.now() - sinceMs) / 1_000)
    const sums = new Map<number, number>()
    for (const { values = [] } of await this.#query(`${selector}[${seconds}s]`)) {
      for (const [time, value] of values)
        sums.set(time * 1_000, (sums.get(time * 1_000) ?? 0) + Number(value))
    }
    return new Map([...sums].sort(([a], [b]) => a - b))
  }

  /** Every change of the service that the receiver made, from its history, the first one first. */
  async scalings(): Promise<readonly Scaled[]> {
    const url = new URL('/api/v1/events', this.#stack.urls.receiver)
    url.search = new URLSearchParams({
      service: this.#stack.webService,
      kind: 'scaled',
      limit: '1000',
    }).toString()
    const { events } = await askJson<{ events: readonly ScaledEvent[] }>('the receiver', url)
    return events.map(readScaled).toReversed()
  }

  async #query(expression: string): Promise<readonly PrometheusSeries[]> {
    const url = new URL('/api/v1/query', this.#stack.urls.prometheus)
    url.searchParams.set('query', expression)
    const { data } = await askJson<{ data: { result: readonly PrometheusSeries[] } }>('Prometheus', url)
    return data.result
  }
}

/** Rejects where `who` refuses, and after 5 s of the machine's time. */
async function askJson<T>(who: string, url: URL): Promise<T> {
  const ask = async (signal: AbortSignal) => {
    const response = await fetch(url, { signal })
    if (!response.ok) throw new Error(`${who}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  return within(ask, { for: `an answer of ${who}`, timeoutMs: 5_000 })
}

interface PrometheusSeries {
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [number, string])[]
}

interface ScaledEvent {
  readonly at: string
  readonly from: number
  readonly to: number
  readonly reason: string
  readonly alerts: readonly { readonly name: string; readonly startsAt?: string }[]
}

function readScaled({ at, from, to, reason, alerts: [alert] }: ScaledEvent): Scaled {
  return {
    atMs: Date.parse(at),
    from,
    to,
    reason,
    alertName: alert?.name ?? '',
    alertStartsAtMs: Date.parse(alert?.startsAt ?? ''),
  }
}
