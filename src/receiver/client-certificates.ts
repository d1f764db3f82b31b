import type { TLSSocket } from 'node:tls'
import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** Accepts callers with a certificate of the client CA. The TLS handshake accepts everybody, since health checks need no certificate. */
export const requireClientCertificate: RequestHandler = (request, _response, next) => {
  const socket = request.socket as TLSSocket
  if (socket.authorized) return next()
  const isMissing = socket.getPeerX509Certificate() === undefined
  const fault = isMissing
    ? 'a client certificate is missing'
    : `the client certificate is refused (${String(socket.authorizationError)})`
  throw new Problem(403, `${fault}; show one that the CA of AUTOSCALER_TLS_CLIENT_CA_FILE has signed`)
}
