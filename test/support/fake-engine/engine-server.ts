import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type FakeEngine, type Filters, failure } from './fake-engine.ts'

export type EngineOperation =
  | 'service_list'
  | 'service_inspect'
  | 'service_update'
  | 'task_list'
  | 'info'
  | 'events'
  | 'unknown'

/** Serves what a `FakeEngine` says over HTTP, with or without `/v1.…` before the path. Counts the calls, and can be slow. */
export class EngineServer {
  /** How long each call takes, in ms. */
  delayMs = 0
  readonly #engine: FakeEngine
  readonly #server: Server
  readonly #calls = new Map<EngineOperation, number>()
  /** Resolves when it answers. */
  #hanging: Promise<void> = Promise.resolve()

  constructor(engine: FakeEngine) {
    this.#engine = engine
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error))
    })
    // As the engine: it leaves connections open.
    this.#server.keepAliveTimeout = 0
  }

  /** Listens on a unix socket at the path. */
  async listen(path: string): Promise<void> {
    this.#server.listen(path)
    await once(this.#server, 'listening')
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** Answers nothing until the answer is called: what was asked meanwhile is done and answered then. */
  hang(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#hanging = promise
    return resolve
  }

  /** How many calls there were since it was asked last, by operation. */
  takeCalls(): Partial<Record<EngineOperation, number>> {
    const calls = Object.fromEntries(this.#calls)
    this.#calls.clear()
    return calls
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine')
    const path = url.pathname.replace(/^\/v1\.\d+(?=\/)/, '')
    const operation = operationOf(request.method ?? '', path)
    this.#calls.set(operation, (this.#calls.get(operation) ?? 0) + 1)
    if (operation === 'events') return this.#stream(response)
    const body = await text(request)
    if (this.delayMs > 0) await sleep(this.delayMs)
    await this.#hanging
    const { status, body: answer } = this.#call(operation, path, url.searchParams, body)
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(answer),
    })
    response.end(answer)
  }

  #call(operation: EngineOperation, path: string, query: URLSearchParams, body: string): Answer {
    const filters: Filters = JSON.parse(query.get('filters') ?? '{}')
    const nameOrId = decodeURIComponent(path.split('/')[2] ?? '')
    switch (operation) {
      case 'service_list':
        return this.#engine.list(filters, query.get('status') === 'true')
      case 'service_inspect':
        return this.#engine.inspect(nameOrId)
      case 'service_update':
        return this.#engine.update(nameOrId, Number(query.get('version')), JSON.parse(body))
      case 'task_list':
        return this.#engine.tasks(filters)
      case 'info':
        return { status: 200, body: info }
      default:
        return failure(404, 'page not found')
    }
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.flushHeaders()
    const stop = this.#engine.listen((event) => response.write(`${event}\n`))
    response.on('close', stop)
  }
}

const info = JSON.stringify({
  ServerVersion: '29.0.0',
  Swarm: { LocalNodeState: 'active', ControlAvailable: true },
})

function operationOf(method: string, path: string): EngineOperation {
  if (method === 'POST' && /^\/services\/[^/]+\/update$/.test(path)) return 'service_update'
  if (method !== 'GET') return 'unknown'
  if (path === '/services') return 'service_list'
  if (path === '/tasks') return 'task_list'
  if (path === '/info' || path === '/events') return path === '/info' ? 'info' : 'events'
  return /^\/services\/[^/]+$/.test(path) ? 'service_inspect' : 'unknown'
}
