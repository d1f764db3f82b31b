import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { ConnectionOptions } from 'node:tls'

/** How a caller speaks TLS, and what it sends. */
export interface TlsCall
  extends Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'maxVersion' | 'minVersion' | 'session'> {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Keeps its connection for the next call. Default: a connection of its own. */
  readonly agent?: Agent
}

/** Asks a receiver over TLS. Checks its certificate where `ca` is given. */
export async function askTls(url: string, { body = '', agent, ...call }: TlsCall = {}) {
  const asked = request(url, {
    ...call,
    agent: agent ?? new Agent({ maxCachedSessions: 0 }),
    rejectUnauthorized: call.ca !== undefined,
  })
  let session: Buffer | undefined
  asked.on('socket', (socket) => {
    socket.on('session', (ticket: Buffer) => {
      session = ticket
    })
  })
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  asked.on('error', reject)
  asked.on('response', (response) => {
    text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject)
  })
  asked.end(body)
  return { ...(await promise), session }
}
