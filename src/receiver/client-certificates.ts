import type { Server } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/**
 * Which callers have shown a certificate of the CA in force. The handshake lets everybody in, since health checks need no
 * certificate: who may ask for what is said request by request.
 */
export class ClientCertificates {
  #known = new WeakSet<Socket>()
  /** The callers that connected under the CA in force. A handshake that began before it ends by the CA that it began with. */
  readonly #begun = new Set<string>()

  /** Sees the handshakes of the server. */
  watch(server: Server): void {
    server.on('connection', (socket) => {
      const caller = callerOf(socket)
      this.#begun.add(caller)
      socket.once('close', () => this.#begun.delete(caller))
    })
    server.on('secureConnection', (socket) => {
      if (socket.authorized && this.#begun.has(callerOf(socket))) this.#known.add(socket)
    })
  }

  /** The CA has been exchanged: what the one before it has signed counts no more, on connections that stand either. */
  forget(): void {
    this.#known = new WeakSet()
    this.#begun.clear()
  }

  /** Lets through who has shown a certificate of the CA in force. */
  readonly require: RequestHandler = (request, response, next) => {
    if (this.#known.has(request.socket)) return next()
    const { authorized, authorizationError } = request.socket as TLSSocket
    if (authorized) {
      // It may be good for the new CA as well, which only another handshake tells: Alertmanager tries again after 503.
      response.set('Connection', 'close')
      throw new Problem(503, 'the CA of client certificates has been exchanged; connect again')
    }
    throw new Problem(
      403,
      hasCertificate(request.socket)
        ? `the client certificate is refused (${String(authorizationError)}); show one that the CA of AUTOSCALER_TLS_CLIENT_CA_FILE has signed`
        : 'a client certificate is missing; show one that the CA of AUTOSCALER_TLS_CLIENT_CA_FILE has signed',
    )
  }
}

/** By its address and port: the socket that speaks TLS is another one than that which was connected. */
function callerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

function hasCertificate(socket: Socket): boolean {
  return 'getPeerX509Certificate' in socket && (socket as TLSSocket).getPeerX509Certificate() !== undefined
}
