import type { Server, ServerOptions } from 'node:http'

/** Limits for one caller, so that the others are served. Times in ms, sizes in bytes. */
export interface ServerLimits {
  /** Most bytes of the request line and all headers; above it 431. Tokens and proxies need far less. */
  readonly mostHeaderBytes: number
  /** Most headers that are read; more are ignored. Callers and their proxies send about 20. */
  readonly mostHeaders: number
  /** From the connection to the last header; above it 408. Headers arrive in one packet. */
  readonly headersMs: number
  /** From the connection to the end of the body; above it 408. For the largest body that is 70 KB per second. */
  readonly requestMs: number
  /**
   * How long a connection stays open between two requests. Longer than the interval of Alertmanager's posts (30 s) and of most
   * scrapes: otherwise each needs a new connection, and a post could use one that was just closed.
   */
  readonly keepAliveMs: number
  /** How often the two times are checked: a slow caller is cut off later by up to this much. */
  readonly checkMs: number
  /** Most open connections. About a dozen are used. Each needs a file descriptor, and the limit of a process is often 1,024. */
  readonly mostConnections: number
}

export const serverLimits: ServerLimits = {
  mostHeaderBytes: 16_384,
  mostHeaders: 100,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  checkMs: 2_000,
  mostConnections: 512,
}

/** The options for a new server, for HTTP and HTTPS alike. */
export function serverOptions(limits: ServerLimits = serverLimits): ServerOptions {
  return {
    maxHeaderSize: limits.mostHeaderBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
  }
}

/** Sets what is not an option of a new server. */
export function limitConnections(server: Server, limits: ServerLimits = serverLimits): void {
  server.maxHeadersCount = limits.mostHeaders
  server.maxConnections = limits.mostConnections
  // Unused connections make room for the next caller.
  server.on('drop', () => server.closeIdleConnections())
}
