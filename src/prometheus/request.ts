import { z } from 'zod'

/** A request to Prometheus' HTTP API. */
export interface PrometheusRequest<T> {
  /** As the user wrote it; a slash at its end does no harm. */
  readonly address: string
  /** Below the address, such as `/api/v1/query`. */
  readonly path: string
  readonly parameters?: Readonly<Record<string, string>>
  /** `POST` sends the parameters in the body, for expressions that may be long. Default `GET`. */
  readonly method?: 'GET' | 'POST'
  /** The answer, as far as it is needed. */
  readonly schema: z.ZodType<T>
  /** Most that Prometheus may take to answer, in ms. */
  readonly timeoutMs: number
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview */
const Failure = z.object({ error: z.string() })

/** Sends a request. Rejects with a message for the user. */
export async function requestPrometheus<T>(request: PrometheusRequest<T>): Promise<T> {
  const { address, schema } = request
  const response = await send(request).catch((error: Error) => {
    // `fetch` itself only says that it failed.
    const { message } = error.cause instanceof Error ? error.cause : error
    throw new Error(`${address} does not answer: ${message}`, { cause: error })
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const failure = Failure.safeParse(body)
    throw new Error(
      `${address} answers ${response.status}${failure.success ? `: ${failure.data.error}` : ''}`,
    )
  }
  const answer = schema.safeParse(body)
  if (!answer.success) throw new Error(`${address} does not answer like Prometheus; is it Prometheus?`)
  return answer.data
}

function send<T>(request: PrometheusRequest<T>): Promise<Response> {
  const { address, path, parameters = {}, method = 'GET', timeoutMs } = request
  const url = `${address.replace(/\/+$/, '')}${path}`
  const search = new URLSearchParams(parameters)
  const signal = AbortSignal.timeout(timeoutMs)
  if (method === 'POST') return fetch(url, { method, body: search, signal })
  return fetch(search.size === 0 ? url : `${url}?${search}`, { signal })
}
