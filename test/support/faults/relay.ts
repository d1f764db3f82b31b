import {
  type IncomingMessage,
  request as newRequest,
  type RequestOptions,
  type ServerResponse,
} from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Exchange } from './faults.ts'

/** Of one hop only: this relay and its two neighbours settle them anew. */
const ofOneHop = new Set(['connection', 'keep-alive', 'transfer-encoding'])

export interface RelayOptions {
  readonly engineSocket: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Asked for each piece of an answer's body: whether it is to get lost. */
  readonly isSilenced: (exchange: Exchange) => boolean
}

/** Reads a request to its end. The caller decides what happens to it then. */
export async function relay({
  engineSocket,
  request,
  response,
  isSilenced,
}: RelayOptions): Promise<Exchange> {
  const body = await buffer(request)
  const { method = '', url = '', headers } = request
  const ask = () => askEngine(engineSocket, { method, path: url, headers }, body)
  const exchange: Exchange = {
    method,
    path: url.replace(/\?.*$/, '').replace(/^\/v[\d.]+(?=\/)/, ''),
    pass: async () => {
      const answer = await ask().catch(() => undefined)
      if (answer === undefined) response.destroy()
      else await forward(answer, response, () => isSilenced(exchange))
    },
    askEngine: async () => {
      await buffer(await ask())
    },
    answer: (status, message) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }))
    },
    drop: () => response.destroy(),
  }
  return exchange
}

async function askEngine(socketPath: string, head: RequestOptions, body: Buffer): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const asked = newRequest({ ...head, socketPath, agent: false }, resolve)
  asked.once('error', reject)
  asked.end(body)
  return promise
}

/** Piece by piece, so that a stream of events arrives as it happens. Ends early where either side goes. */
async function forward(
  answer: IncomingMessage,
  response: ServerResponse,
  isSilenced: () => boolean,
): Promise<void> {
  const headers = Object.entries(answer.headers).filter(([name]) => !ofOneHop.has(name))
  response.writeHead(answer.statusCode ?? 502, Object.fromEntries(headers)).flushHeaders()
  response.once('close', () => answer.destroy())
  try {
    for await (const piece of answer) if (!isSilenced()) response.write(piece)
    response.end()
  } catch {
    response.destroy()
  }
}
