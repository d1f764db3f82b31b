import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JoinedEngine } from '../testbed/engine.ts'
import { foreignImages } from '../testbed/image-names.ts'
import { startEngineBehind } from './engine-behind.ts'
import { type ProxyName, shippedProxy } from './rules.ts'

/** The port that the proxies of the stack file listen on. */
const port = 2375

/** What one request came to. */
export interface Verdict {
  readonly request: string
  /** Of the answer; 0 where there was none. */
  readonly status: number
}

/**
 * A proxy in a container, run as the stack file has it, before an engine that is none: what gets through is written down and does no
 * harm. `send` gives the status of each request, `reached` has all that got through.
 */
export async function aGuardedEngine(engine: JoinedEngine, name: ProxyName) {
  const directory = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-proxy-'))
  const behind = await startEngineBehind(directory)
  chmodSync(directory, 0o755)
  copyFileSync(join(import.meta.dirname, 'send.ts'), join(directory, 'send.ts'))

  const { image, user, command } = shippedProxy(name)
  const hardened = ['--read-only', '--cap-drop', 'ALL', '--user', user]
  const mounted = ['--volume', `${behind.socket}:/var/run/docker.sock:ro`]
  // It has the loopback interface alone: nobody else can reach it.
  const run = ['run', '--detach', '--network', 'none', ...hardened, ...mounted, image, ...command]
  const container = (await engine.docker(run)).trim()

  const send = async (requests: readonly string[]): Promise<readonly Verdict[]> => {
    const beside = ['--network', `container:${container}`, '--volume', `${directory}:/beside:ro`]
    const node = foreignImages().get('node') ?? ''
    const client = ['run', '--rm', '--interactive', ...beside, node, 'node', '/beside/send.ts', `${port}`]
    const statuses = JSON.parse(await engine.docker(client, { input: JSON.stringify(requests) })) as number[]
    return requests.map((request, index) => ({ request, status: statuses[index] ?? 0 }))
  }
  const close = async () => {
    await engine.docker(['rm', '--force', container])
    behind.close()
    rmSync(directory, { recursive: true })
  }
  return { send, reached: behind.reached, [Symbol.asyncDispose]: close }
}
