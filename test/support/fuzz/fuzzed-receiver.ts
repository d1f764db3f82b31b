import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request as askHttp } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import type { Service } from '../../../src/domain/service.ts'
import { SqliteStore } from '../../../src/history/sqlite/sqlite-store.ts'
import { listen } from '../../../src/receiver/listen.ts'
import { createLogger } from '../../../src/telemetry/logger.ts'
import { anApp } from '../fakes/an-app.ts'
import { aPolicy, aService, aWindow, noon } from '../fakes/builders.ts'

/** A few services: opted in, not, of an invalid policy, and of a name that every object has. */
const services: readonly Service[] = [
  aService({ policy: aPolicy({ schedules: [aWindow({ name: 'constructor' })], costPerHour: 0.1 }) }),
  aService({ name: 'api', id: 'id-of-api', policy: aPolicy({ max: 1_000, targets: { constructor: 3 } }) }),
  aService({ name: 'constructor', id: 'id-of-constructor' }),
  { ...aService({ name: 'shy', id: 'id-of-shy' }), policy: { kind: 'not_enabled' } },
  {
    ...aService({ name: 'broken', id: 'id-of-broken' }),
    policy: { kind: 'invalid', faults: [{ key: 'autoscaler.max', message: 'is missing' }] },
  },
]

interface Received {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A receiver on a real socket, whose history is a real file, for all tests of a file. Its clock goes on with each request. */
export async function aFuzzedReceiver() {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
  const keptIn = new SqliteStore(join(folder, 'history.db'))
  const lines: string[] = []
  const log = createLogger('debug', { write: (line) => void lines.push(line) })
  const world = await anApp({ services: [...services], nowMs: noon, keptIn, log })
  const server = await listen(world.app, '127.0.0.1', 0)
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  afterAll(async () => {
    agent.destroy()
    await server.close(0)
    await keptIn.close()
    rmSync(folder, { recursive: true })
  })

  const ask = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body: string | Uint8Array = '',
  ) =>
    new Promise<Received>((resolve, reject) => {
      const asked = askHttp(
        { agent, port: server.port, host: '127.0.0.1', method, path, headers },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const { statusCode: status = 0, headers } = response
            resolve({ status, type: headers['content-type'] ?? '', body: Buffer.concat(chunks).toString() })
          })
        },
      )
      asked.on('error', reject)
      asked.end(body)
    })

  /** What holds after whatever was sent: the log is whole, the history is written, and only what opted in was changed. */
  const expectWell = async () => {
    for (const line of lines.splice(0)) {
      expect(line).toMatch(/^\{[^\p{Cc}\u2028\u2029]*\}\n$/u)
      const { msg } = JSON.parse(line) as { msg: string }
      expect(msg).not.toBe('request failed')
    }
    expect(world.history.status().fault).toBeUndefined()
    for (const { name, replicas } of world.swarm.updates.splice(0)) {
      expect(['web', 'api', 'constructor']).toContain(name)
      expect(Number.isInteger(replicas) && replicas >= 1 && replicas <= 1_000).toBe(true)
    }
    await world.clock.advance(500)
  }

  const post = (body: string | Uint8Array, type = 'application/json') =>
    ask('POST', '/webhook', { 'Content-Type': type }, body)
  return { ...world, port: server.port, ask, post, expectWell }
}
