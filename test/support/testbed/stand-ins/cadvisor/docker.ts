import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** What the engine's API answers to a GET. Rejects where that is not 200. */
export async function askDocker<T>(path: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request({ socketPath: '/var/run/docker.sock', path }, resolve).once('error', reject).end()
  const response = await promise
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${body}`)
  return JSON.parse(body)
}
