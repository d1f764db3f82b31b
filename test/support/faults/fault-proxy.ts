import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../testbed/wait.ts'
import { type Exchange, everything, type Fault, type Filter } from './faults.ts'
import { relay } from './relay.ts'

/** A fault that is set up and strikes until it is lifted. */
export interface Strike {
  /** How many requests it has struck. */
  readonly count: number
  /** Resolves when it has struck `count` requests. Rejects after 20 s. */
  readonly struck: (count?: number) => Promise<void>
  /** Later requests pass. What it holds already stays as it is. */
  readonly lift: () => void
}

/** A silence that drops all answers of the engine until it is lifted. */
export interface Silence {
  /** How many pieces of answers it has lost. */
  readonly lost: number
  readonly lift: () => void
}

/**
 * A proxy for the socket of an engine. It passes everything on until it is set to fail. Of several faults that fit a
 * request, the one that was set up last strikes.
 */
export class FaultProxy {
  readonly socketPath: string
  readonly #engineSocket: string
  readonly #folder: string
  readonly #faults = new Set<{ readonly fault: Fault; readonly filter: Filter; count: number }>()
  readonly #silences = new Set<{ readonly filter: Filter; lost: number }>()
  readonly #open = new Set<Exchange>()
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  private constructor(engineSocket: string, folder: string) {
    this.#engineSocket = engineSocket
    this.#folder = folder
    this.socketPath = join(folder, 'docker.sock')
  }

  /** Before `dockerHost`, which is `unix:///path`, and there at once unless `isAway`. */
  static async start(dockerHost: string, { isAway = false } = {}): Promise<FaultProxy> {
    const folder = await mkdtemp(join(tmpdir(), 'fault-proxy-'))
    const proxy = new FaultProxy(new URL(dockerHost).pathname, folder)
    if (!isAway) await proxy.comeBack()
    return proxy
  }

  /** As in the environment variable DOCKER_HOST. */
  get dockerHost(): string {
    return `unix://${this.socketPath}`
  }

  /** Has `fault` strike the requests that fit `filter`, until it is lifted. */
  strike(fault: Fault, filter: Filter = everything): Strike {
    const entry = { fault, filter, count: 0 }
    this.#faults.add(entry)
    const struck = async (count = 1) => {
      const probe = async () => (entry.count >= count ? true : undefined)
      await waitFor(probe, { for: `${count} requests to be struck`, timeoutMs: 20_000, everyMs: 2 })
    }
    return {
      get count() {
        return entry.count
      },
      struck,
      lift: () => void this.#faults.delete(entry),
    }
  }

  /** Drops all further answers of the engine to matching requests, open streams included. */
  silence(filter: Filter): Silence {
    const entry = { filter, lost: 0 }
    this.#silences.add(entry)
    return {
      get lost() {
        return entry.lost
      },
      lift: () => void this.#silences.delete(entry),
    }
  }

  /** Closes the connections of the requests that fit and are not answered to their end. */
  cut(filter: Filter): void {
    for (const exchange of this.#open) if (filter(exchange)) exchange.drop()
  }

  /** As an engine that has ended: there is no socket, and no connection is left. */
  async leave(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = once(server, 'close')
    server.close()
    this.#disconnect()
    await closed
  }

  /** As an engine that has started again, with all faults that are set up. */
  async comeBack(): Promise<void> {
    if (this.#server !== undefined) return
    const server = createServer((request, response) => void this.#handle(request, response))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.listen(this.socketPath)
    await once(server, 'listening')
    this.#server = server
  }

  /** Forbids everybody to connect but those whom no file mode stops, and closes all connections. */
  async forbid(): Promise<void> {
    await chmod(this.socketPath, 0o000)
    this.#disconnect()
  }

  async permit(): Promise<void> {
    await chmod(this.socketPath, 0o600)
  }

  async close(): Promise<void> {
    await this.leave()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #disconnect(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const options = {
      engineSocket: this.#engineSocket,
      request,
      response,
      isSilenced: (exchange: Exchange) => this.#isSilenced(exchange),
    }
    // A client that leaves before the end of its request has asked for nothing.
    const exchange = await relay(options).catch(() => undefined)
    if (exchange === undefined) return
    this.#open.add(exchange)
    response.once('close', () => this.#open.delete(exchange))
    const entry = [...this.#faults].findLast(({ filter }) => filter(exchange))
    if (entry === undefined) return exchange.pass()
    entry.count++
    await entry.fault(exchange)
  }

  #isSilenced(exchange: Exchange): boolean {
    const silence = [...this.#silences].find(({ filter }) => filter(exchange))
    if (silence === undefined) return false
    silence.lost++
    return true
  }
}
