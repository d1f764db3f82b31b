import { once } from 'node:events'
import { request as requestPlainly } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { text } from 'node:stream/consumers'

/** How a receiver is known that speaks TLS, and what it is shown. PEM. */
export interface TlsTrust {
  /** The CA that has signed its certificate. Absent: one of those that Node knows. */
  readonly ca?: string
  /** The client certificate and its key. Absent: none is shown. */
  readonly cert?: string
  readonly key?: string
  /** Whether it is the receiver of this machine, which is known by its address: without `ca`, its certificate is not looked at. */
  readonly isOwn?: true
}

export interface Request {
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Absent: as `fetch` does it. */
  readonly tls?: TlsTrust
}

/** An answer, as far as it is needed. */
export type Answer = Pick<Response, 'status' | 'text'>

/** Asks with `GET`. `fetch` knows no CA and no client certificate; this does. Rejects where there is no answer. */
export async function request(address: string, { headers, signal, tls = {} }: Request): Promise<Answer> {
  const { isOwn = false, ...trust } = tls
  const rejectUnauthorized = !isOwn || trust.ca !== undefined
  const asked = address.startsWith('https:')
    ? requestOverTls(address, { ...trust, headers, signal, rejectUnauthorized, agent: false })
    : requestPlainly(address, { headers, signal, agent: false })
  asked.end()
  const [response] = await once(asked, 'response')
  const body = await text(response)
  return { status: response.statusCode, text: async () => body }
}
