import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { ClusterNode } from '../support/testbed/cluster.ts'

const main = new URL('../../src/main.ts', import.meta.url).pathname

/** A receiver as a process of its own, that uses the engine of one node. */
export interface ReceiverProcess {
  readonly url: string
  /** Kills it with SIGKILL. */
  kill(): Promise<void>
}

/** Resolves once it listens. */
export async function startReceiver(node: ClusterNode): Promise<ReceiverProcess> {
  const args = [main, 'serve', '--listen', `${node.host}:0`]
  const child = node.spawn(process.execPath, args, { DOCKER_HOST: node.dockerHost })
  const exited = once(child, 'exit')
  const { promise: port, resolve, reject } = Promise.withResolvers<number>()
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('a receiver without output')
  // Read to the end, or it would stop at a full pipe.
  createInterface({ input: stdout }).on('line', (line) => {
    const entry = JSON.parse(line) as { msg: string; port?: number }
    if (entry.msg === 'started' && entry.port !== undefined) resolve(entry.port)
  })
  let errors = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  exited.then(() => reject(new Error(`the receiver did not start: ${errors}`)))
  return {
    url: `http://${node.host}:${await port}`,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
