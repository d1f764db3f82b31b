import type { Request, RequestHandler, Response } from 'express'
import getRawBody from 'raw-body'
import { Problem } from './problem.ts'

/** Most bytes of a message: 2 KB for each of a thousand alerts. JSON of this size is parsed within a second and 64 MB, whatever it contains. */
export const mostBytes = 2 * 1_048_576

/** Most bytes of all messages without an answer yet before another large one is refused. */
export const mostBytesUnderWay = 4 * mostBytes

/** Messages up to this many bytes are always read. Those of Alertmanager have a few thousand. */
export const smallBytes = 65_536

/** The messages without an answer yet. */
interface UnderWay {
  readonly most: number
  bytes: number
}

/** Reads a body of JSON, whatever it contains. Refuses other bodies as early as possible. */
export function readBody(most = mostBytesUnderWay): RequestHandler {
  const underWay: UnderWay = { most, bytes: 0 }
  return async (request, response, next) => {
    requireJson(request)
    admit(request, response, underWay)
    request.body = parse(await bytesOf(request))
    next()
  }
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

function admit(request: Request, response: Response, underWay: UnderWay): void {
  // A chunked body has no length.
  const bytes = Number(request.headers['content-length'] ?? mostBytes)
  if (bytes > mostBytes) throw tooLarge()
  // A temporary fault: Alertmanager retries.
  if (bytes > smallBytes && underWay.bytes + bytes > underWay.most)
    throw new Problem(503, 'too many large messages at the same time; send it again')
  underWay.bytes += bytes
  response.once('close', () => {
    underWay.bytes -= bytes
  })
}

async function bytesOf(request: Request): Promise<Buffer> {
  try {
    return await getRawBody(request, { limit: mostBytes })
  } catch (error) {
    // Discards the rest, so that the caller reads the answer.
    request.resume()
    if ((error as getRawBody.RawBodyError).type === 'entity.too.large') throw tooLarge()
    throw new Problem(400, 'the request ended before its body')
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw new Problem(400, 'the body is no JSON')
  }
}

function tooLarge(): Problem {
  return new Problem(413, `the body is larger than ${mostBytes / 1_048_576} MB`)
}
