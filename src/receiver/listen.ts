import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { Express } from 'express'
import type { TlsMaterial } from './ports.ts'
import { limitConnections, type ServerLimits, serverLimits, serverOptions } from './server-limits.ts'

interface ListenOptions {
  /** Absent: plain HTTP. */
  readonly tls?: TlsMaterial
  /** Default: those for production. */
  readonly limits?: ServerLimits
}

/** A running server. */
export interface Listening {
  /** The address that it is bound to. */
  readonly address: string
  readonly port: number
  /** Serves TLS with this from now on. If the client CA changed, all connections are closed; otherwise they continue. */
  readonly secure: (material: TlsMaterial) => void
  /** Stops accepting connections. Resolves when the open requests are answered, or aborted after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>
}

/** Longest TLS handshake. */
const handshakeTimeoutMs = 10_000

/** Starts a server at the address, over TLS if that is given. Rejects if the address cannot be bound. */
export async function listen(
  app: Express,
  host: string,
  port: number,
  { tls, limits = serverLimits }: ListenOptions = {},
): Promise<Listening> {
  const { server, secure } = tls === undefined ? plain(app, limits) : secured(app, tls, limits)
  limitConnections(server, limits)
  server.listen(port, host)
  await once(server, 'listening')
  const { address, port: bound } = server.address() as AddressInfo
  return { address, port: bound, secure, close: (graceMs) => close(server, graceMs) }
}

function plain(app: Express, limits: ServerLimits): { server: Server; secure: Listening['secure'] } {
  return { server: createServer(serverOptions(limits), app), secure: () => undefined }
}

function secured(
  app: Express,
  material: TlsMaterial,
  limits: ServerLimits,
): { server: TlsServer; secure: Listening['secure'] } {
  const server = createTlsServer(
    {
      ...serverOptions(limits),
      ...optionsOf(material),
      // Callers without a valid certificate may still use the health checks.
      requestCert: material.clientCa !== undefined,
      rejectUnauthorized: false,
      handshakeTimeout: handshakeTimeoutMs,
    },
    app,
  )
  const closeAll = closerOf(server)
  let served = material
  const secure = (next: TlsMaterial) => {
    if (next.cert === served.cert && next.key === served.key && next.clientCa === served.clientCa) return
    const isOtherCa = next.clientCa !== served.clientCa
    served = next
    server.setSecureContext(optionsOf(next))
    // Not at once: the answer to the reload itself is still to be sent.
    if (isOtherCa) setImmediate(closeAll)
  }
  return { server, secure }
}

/** Closes all connections, even during the TLS handshake, which still uses the CA from its start. */
function closerOf(server: TlsServer): () => void {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) socket.destroy()
  }
}

function optionsOf({ cert, key, clientCa }: TlsMaterial): TlsOptions {
  return { cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }), minVersion: 'TLSv1.2' }
}

async function close(server: Server | TlsServer, graceMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  // A connection stays open for the next request after its last one is answered.
  const tidy = setInterval(() => server.closeIdleConnections(), 50)
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(cutOff)
  clearInterval(tidy)
}
