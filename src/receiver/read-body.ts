import type { Request, RequestHandler } from 'express'
import { shapeFault } from './json-shape.ts'
import { Problem } from './problem.ts'

/** Most that a message may weigh, in bytes: room for some ten thousand alerts in one group. */
export const mostBytes = 16 * 1_048_576

/** Most bytes of bodies that are held at once while they are read, of all callers together, before large ones have to wait. */
export const mostBytesHeld = 2 * mostBytes

/** A body up to so many bytes is read, whatever else is: messages of Alertmanager have a few thousand. */
export const smallBytes = 262_144

/** What all callers together have sent of bodies that are not read to their end. */
interface Held {
  readonly most: number
  bytes: number
}

/**
 * Reads a body of JSON, whatever it says. What is too large, compressed, of another type or no JSON is refused as soon as that is known; the rest of
 * it is thrown away as it comes, so that the caller hears the answer, until the time for a request is over.
 */
export function readBody(most = mostBytesHeld): RequestHandler {
  const held: Held = { most, bytes: 0 }
  return async (request, _response, next) => {
    requireJson(request)
    const body = await bytesOf(request, held)
    sizes.set(request, body.length)
    request.body = parse(body)
    next()
  }
}

const sizes = new WeakMap<object, number>()

/** How large the body of a request was, in bytes. 0 where `readBody` has read none. */
export function bodySizeOf(request: object): number {
  return sizes.get(request) ?? 0
}

function requireJson(request: Request): void {
  if (request.is('application/json') === false) throw new Problem(415, 'the body must be application/json')
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(type)?.[1] ?? 'utf-8'
  if (charset.toLowerCase() !== 'utf-8')
    throw new Problem(415, 'the body must be UTF-8, as all JSON that is sent')
  // Alertmanager never compresses, and some kilobytes could stand for gigabytes.
  if (encoding.toLowerCase() !== 'identity')
    throw new Problem(415, 'the body is compressed; send it as it is, without Content-Encoding')
}

function parse(body: Buffer): unknown {
  const fault = shapeFault(body)
  if (fault !== undefined) throw new Problem(400, `the body ${fault}`)
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw new Problem(400, 'the body is no JSON')
  }
}

async function bytesOf(request: Request, held: Held): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let size = 0
  const take = (chunk: Buffer) => {
    size += chunk.length
    held.bytes += chunk.length
    const refusal = refusalOf(size, held)
    if (refusal === undefined) chunks.push(chunk)
    else reject(refusal)
  }
  // A length that is told spares reading what is refused at its end.
  const refusal = refusalOf(Number(request.headers['content-length'] ?? 0), held)
  if (refusal !== undefined) reject(refusal)
  else request.on('data', take)
  request.once('end', () => resolve(Buffer.concat(chunks)))
  request.once('error', () => reject(new Problem(400, 'the request ended before its body')))
  try {
    return await promise
  } finally {
    request.off('data', take)
    request.resume()
    held.bytes -= size
    // A refused body may go on for long: what was read of it is not kept until it ends.
    chunks.length = 0
  }
}

function refusalOf(size: number, held: Held): Problem | undefined {
  if (size > mostBytes) return new Problem(413, 'the body is larger than 16 MB')
  // A passing fault: it is tried again.
  if (size > smallBytes && held.bytes > held.most)
    return new Problem(503, 'too many large messages at the same time; send it again')
  return undefined
}
