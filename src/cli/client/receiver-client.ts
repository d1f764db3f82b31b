import type { z } from 'zod'
import { defined } from '../../domain/defined.ts'
import { Problem } from '../../receiver/api/schemas.ts'
import type { Fetch } from './ports.ts'
import type { ReceiverAddress } from './receiver-address.ts'
import { ReceiverError } from './receiver-error.ts'

/** Maximum time of an answer, in ms. */
const defaultTimeoutMs = 10_000

/** Query parameters. Those without a value are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>

/** An answer: its known fields, and the whole body, which may have more fields from a newer receiver. */
export interface Answer<T> {
  readonly known: T
  readonly whole: unknown
}

/** A client of a receiver's HTTP API. Every request ends within a bounded time, and fails only with a `ReceiverError`. */
export class ReceiverClient {
  readonly #address: ReceiverAddress
  readonly #fetch: Fetch
  readonly #timeoutMs: number

  constructor(address: ReceiverAddress, fetcher: Fetch, timeoutMs = defaultTimeoutMs) {
    this.#address = address
    this.#fetch = fetcher
    this.#timeoutMs = timeoutMs
  }

  /** `signal` cancels the request. */
  async get<T extends z.ZodObject>(
    path: string,
    { schema, query = {}, signal }: { schema: T; query?: Query; signal?: AbortSignal },
  ): Promise<Answer<z.output<T>>> {
    const { url } = this.#address
    const parameters = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    const search = parameters.length > 0 ? `?${new URLSearchParams(parameters)}` : ''
    const { status, text } = await this.#fetchText(`${url}${path}${search}`, signal)
    const body = parseJson(text)
    if (status !== 200) throw this.#rejected(status, body)
    const parsed = schema.safeParse(body)
    if (parsed.success) return { known: parsed.data, whole: body }
    throw hasKnownField(body, schema)
      ? this.#otherVersion(parsed.error)
      : this.#notReceiver(`status ${status}`)
  }

  async #fetchText(address: string, signal?: AbortSignal): Promise<{ status: number; text: string }> {
    const { url, authorization, tls } = this.#address
    const limit = AbortSignal.timeout(this.#timeoutMs)
    try {
      const response = await this.#fetch(address, {
        headers: {
          Accept: 'application/json',
          ...(authorization === undefined ? {} : { Authorization: authorization }),
        },
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
        ...defined({ tls }),
      })
      return { status: response.status, text: await response.text() }
    } catch (cause) {
      const why = limit.aborted ? `no answer within ${this.#timeoutMs / 1_000}s` : reasonOf(cause)
      const advice = 'is the receiver running there? --url names another address'
      throw new ReceiverError('unavailable', `cannot reach ${url}: ${why}; ${advice}`, { cause })
    }
  }

  #rejected(status: number, body: unknown): ReceiverError {
    const { url, authorization, credentials } = this.#address
    const problem = Problem.safeParse(body)
    if (status === 401 && authorization === undefined) {
      const remedy =
        'set AUTOSCALER_READ_TOKEN to its read token, or AUTOSCALER_READ_TOKEN_FILE to the path of a file with it'
      return new ReceiverError('rejected', `${url} needs credentials; ${remedy}`)
    }
    if (status === 403 && problem.success && problem.data.detail.includes('client certificate')) {
      return new ReceiverError('rejected', `${url}: ${problem.data.detail}, with --cert-file and --key-file`)
    }
    if (status === 401 || status === 403) {
      const sent = authorization === undefined ? 'requests without credentials' : credentials
      return new ReceiverError('rejected', `${url} does not accept ${sent}`)
    }
    if (status >= 500) {
      const why = problem.success ? problem.data.detail : `status ${status}`
      return new ReceiverError('unavailable', `${url} cannot answer now: ${why}`)
    }
    if (!problem.success) return this.#notReceiver(`status ${status}`)
    const { detail, faults = [] } = problem.data
    return new ReceiverError('rejected', [detail, ...faults].join('; '))
  }

  #otherVersion(error: z.ZodError): ReceiverError {
    const [issue] = error.issues
    const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`
    const problem = `${this.#address.url} answers in the format of another version${where}`
    return new ReceiverError('incompatible', `${problem}; use the command of the receiver's version`)
  }

  #notReceiver(what: string): ReceiverError {
    const problem = `${this.#address.url} does not answer like a receiver (${what})`
    return new ReceiverError('incompatible', `${problem}; --url must be its address, port 9095 by default`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether the body has any field of the schema: then it is an answer of another version. */
function hasKnownField(body: unknown, schema: z.ZodObject): boolean {
  return typeof body === 'object' && body !== null && Object.keys(schema.shape).some((name) => name in body)
}

/** Why a request failed: the error of `fetch` has the reason only in its cause. */
function reasonOf(thrown: unknown): string {
  const { cause, message } = thrown as Error
  const { code, message: inner } = (cause ?? {}) as { code?: string; message?: string }
  return inner || code || message
}
