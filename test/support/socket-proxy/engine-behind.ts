import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

export interface EngineBehind {
  /** The socket that it listens on. */
  readonly socket: string
  /** All that got through to it: method and target. */
  readonly reached: readonly string[]
  readonly close: () => void
}

/** An engine that is none, on a socket in `directory`: what gets through to it is written down, and does no harm. */
export async function startEngineBehind(directory: string): Promise<EngineBehind> {
  const reached: string[] = []
  const server = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  const socket = join(directory, 'docker.sock')
  await once(server.listen(socket), 'listening')
  chmodSync(socket, 0o777)
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { socket, reached, close }
}
