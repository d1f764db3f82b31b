import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'

/** A server that answers requests. */
export interface Listening {
  readonly port: number
  /** Takes no more connections, and resolves when the requests under way are answered, or cut off after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>
}

/** Starts to answer requests at the address. Rejects where the address cannot be had. */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = app.listen(port, host)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: (graceMs) => close(server, graceMs) }
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(cutOff)
}
