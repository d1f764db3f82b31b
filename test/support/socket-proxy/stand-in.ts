import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { freePorts } from '../testbed/free-ports.ts'
import { repository } from '../testbed/work.ts'
import { startEngineBehind } from './engine-behind.ts'

const script = join(repository, 'test/support/testbed/stand-ins/socket-proxy/socket-proxy')

export interface RunningStandIn {
  /** The status of the answer to each request, `METHOD target`, in their order. */
  readonly send: (requests: readonly string[]) => Promise<readonly number[]>
  /** What got through to the engine behind it. */
  readonly reached: readonly string[]
  readonly close: () => Promise<void>
}

/** The test bed's proxy on loopback, run with these arguments, before an engine that is none. `nginx`: the folder of that program. */
export async function startStandIn(nginx: string, command: readonly string[]): Promise<RunningStandIn> {
  const directory = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-stand-in-'))
  const behind = await startEngineBehind(directory)
  const [port] = await freePorts(1)
  const flags = [
    // The port of the health check is fixed, and may be taken here.
    ...command.filter((argument) => !/^-(listenip|allowhealthcheck)/.test(argument)),
    ...['-listenip=127.0.0.1', `-proxyport=${port}`, `-socketpath=${behind.socket}`],
  ]
  const env = { PATH: `${nginx}${delimiter}/usr/bin${delimiter}/bin`, TMPDIR: directory }
  const proxy = spawn(script, flags, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(proxy, 'exit')
  let log = ''
  proxy.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk
  })
  return {
    send: async (requests) => {
      using client = startClient(port)
      const failed = ended.then(() => Promise.reject(new Error(`the proxy has ended: ${log}`)))
      return await Promise.race([client.send(requests), failed])
    },
    reached: behind.reached,
    close: async () => {
      proxy.kill()
      await ended
      behind.close()
      rmSync(directory, { recursive: true })
    },
  }
}

function startClient(port: number | undefined) {
  const client = spawn(process.execPath, [join(import.meta.dirname, 'send.ts'), `${port}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return {
    send: async (requests: readonly string[]) => {
      client.stdin.end(JSON.stringify(requests))
      return JSON.parse(await text(client.stdout)) as number[]
    },
    [Symbol.dispose]: () => client.kill(),
  }
}
