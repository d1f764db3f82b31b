import type { Server, ServerOptions } from 'node:http'

/** What one caller may take of the server, so that the others are served. Times in ms, sizes in bytes. */
export interface ServerLimits {
  /** Most bytes of the request line and all header lines: above it 431. Tokens and forwarding proxies stay far below. */
  readonly mostHeaderBytes: number
  /** Most header lines that are looked at; what comes after them is left out. Callers and their proxies send some twenty. */
  readonly mostHeaders: number
  /** Until all header lines are here, from the connection on: above it 408. They come in one packet. */
  readonly headersMs: number
  /** Until the whole request is here: above it 408. Of 16 MB, that is half a megabyte a second. */
  readonly requestMs: number
  /**
   * How long a connection stays open between two requests. Longer than Alertmanager waits between two posts (30 s), and most
   * scrapes, or each would need a new one, and a post could meet a connection just closed.
   */
  readonly keepAliveMs: number
  /** How often the two times are looked at: a slow caller is cut off by so much later. */
  readonly checkMs: number
  /** Most open connections. A dozen are used; each costs a file descriptor, and the soft limit of a process is often 1,024. */
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

/** What the runtime takes when a server is made, for HTTP and HTTPS alike. */
export function serverOptions(limits: ServerLimits = serverLimits): ServerOptions {
  return {
    maxHeaderSize: limits.mostHeaderBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
  }
}

/** What it takes only of a server that is made. */
export function limitConnections(server: Server, limits: ServerLimits = serverLimits): void {
  server.maxHeadersCount = limits.mostHeaders
  server.maxConnections = limits.mostConnections
  // Whoever holds connections open without using them makes room for the next caller.
  server.on('drop', () => server.closeIdleConnections())
}
