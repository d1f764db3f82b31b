import type { z } from 'zod'
import { defined } from '../../domain/defined.ts'
import { Problem } from '../../receiver/api/schemas.ts'
import { AskError } from './ask-error.ts'
import type { Fetch } from './ports.ts'
import type { ReceiverAddress } from './receiver-address.ts'

/** Most that a receiver may take to answer, in ms. */
const usualTimeoutMs = 10_000

/** Parameters of a question. Those without a value are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>

/** An answer: as it was understood, and as it came, with whatever a newer receiver says more. */
export interface Answer<T> {
  readonly known: T
  readonly whole: unknown
}

/** Asks a receiver through its HTTP API. Every question ends within a bounded time, and fails with an `AskError` only. */
export class ReceiverClient {
  readonly #address: ReceiverAddress
  readonly #fetch: Fetch
  readonly #timeoutMs: number

  constructor(address: ReceiverAddress, fetcher: Fetch, timeoutMs = usualTimeoutMs) {
    this.#address = address
    this.#fetch = fetcher
    this.#timeoutMs = timeoutMs
  }

  /** `signal` gives up the question. */
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
    if (status !== 200) throw this.#refusal(status, body)
    const parsed = schema.safeParse(body)
    if (parsed.success) return { known: parsed.data, whole: body }
    throw isNamedAlike(body, schema) ? this.#skew(parsed.error) : this.#foreign(`status ${status}`)
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
      throw new AskError('away', `cannot reach ${url}: ${why}; ${advice}`, { cause })
    }
  }

  #refusal(status: number, body: unknown): AskError {
    const { url, authorization, credentials } = this.#address
    const problem = Problem.safeParse(body)
    if (status === 401 && authorization === undefined) {
      const remedy =
        'set AUTOSCALER_READ_TOKEN to its read token, or AUTOSCALER_READ_TOKEN_FILE to the path of a file with it'
      return new AskError('refused', `${url} asks for credentials; ${remedy}`)
    }
    if (status === 403 && problem.success && problem.data.detail.includes('client certificate')) {
      return new AskError('refused', `${url}: ${problem.data.detail}, with --cert-file and --key-file`)
    }
    if (status === 401 || status === 403) {
      const shown = authorization === undefined ? 'questions without credentials' : credentials
      return new AskError('refused', `${url} does not accept ${shown}`)
    }
    if (status >= 500) {
      const why = problem.success ? problem.data.detail : `status ${status}`
      return new AskError('away', `${url} cannot answer now: ${why}`)
    }
    if (!problem.success) return this.#foreign(`status ${status}`)
    const { detail, faults = [] } = problem.data
    return new AskError('refused', [detail, ...faults].join('; '))
  }

  #skew(error: z.ZodError): AskError {
    const [issue] = error.issues
    const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`
    const words = `${this.#address.url} answers in words that this version does not know${where}`
    return new AskError('foreign', `${words}; use the command of the receiver's own version`)
  }

  #foreign(what: string): AskError {
    const words = `${this.#address.url} answers, but not as a receiver of this version does (${what})`
    return new AskError('foreign', `${words}; --url must be its address, port 9095 by default`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether it has any field that the answer should have: then it is one, in the words of another version. */
function isNamedAlike(body: unknown, schema: z.ZodObject): boolean {
  return typeof body === 'object' && body !== null && Object.keys(schema.shape).some((name) => name in body)
}

/** Why a request failed: `fetch` itself says no more than that it did. */
function reasonOf(thrown: unknown): string {
  const { cause, message } = thrown as Error
  const { code, message: inner } = (cause ?? {}) as { code?: string; message?: string }
  return inner || code || message
}
