import { once } from 'node:events'
import { request as requestWithoutTls } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { text } from 'node:stream/consumers'

/** How to verify a receiver with TLS, and the client certificate. PEM. */
export interface TlsTrust {
  /** The CA that signed its certificate. Absent: one of Node's. */
  readonly ca?: string
  /** The client certificate and its key. Absent: none. */
  readonly cert?: string
  readonly key?: string
  /** Whether it is the receiver on this machine: without `ca`, its certificate is not verified. */
  readonly isLocal?: true
}

export interface Request {
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Absent: the defaults of `fetch`. */
  readonly tls?: TlsTrust
}

/** The parts of an answer that are used. */
export type Answer = Pick<Response, 'status' | 'text'>

/** Sends a `GET`. Unlike `fetch` it takes a CA and a client certificate. Rejects if there is no answer. */
export async function request(address: string, { headers, signal, tls = {} }: Request): Promise<Answer> {
  const { isLocal = false, ...trust } = tls
  const rejectUnauthorized = !isLocal || trust.ca !== undefined
  const sent = address.startsWith('https:')
    ? requestOverTls(address, { ...trust, headers, signal, rejectUnauthorized, agent: false })
    : requestWithoutTls(address, { headers, signal, agent: false })
  sent.end()
  const [response] = await once(sent, 'response')
  const body = await text(response)
  return { status: response.statusCode, text: async () => body }
}
