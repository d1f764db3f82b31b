import { lines, machineDockerOn } from './docker.ts'
import { pullImages } from './images.ts'
import { run } from './processes.ts'
import type { Work } from './work.ts'

/** The network of docker-compose.yml that has one name for all stacks. */
const sharedNetwork = 'autoscaler-scrape'

/** The engine that the docker command would use, if the test bed may and can use it; otherwise why not. */
export async function findReachableEngine(
  work: Work,
): Promise<{ readonly dockerHost: string } | { readonly reason: string }> {
  const soon = { timeoutMs: 10_000, signal: work.signal }
  try {
    const format = '{{.Endpoints.docker.Host}}'
    const dockerHost = (await run('docker', ['context', 'inspect', '--format', format], soon)).trim()
    if (!dockerHost.startsWith('unix://')) return { reason: `${dockerHost} may be another machine` }
    const docker = machineDockerOn(dockerHost)
    // `docker info` succeeds without an engine.
    await docker(['version', '--format', '{{.Server.Version}}'], soon)
    const swarm = (await docker(['info', '--format', '{{.Swarm.ControlAvailable}}'], soon)).trim()
    if (swarm !== 'true') return { reason: `the engine at ${dockerHost} is no Swarm manager` }

    const scaled = lines(await docker(['service', 'ls', '-q', '--filter', 'label=autoscaler.enable'], soon))
    if (scaled.length > 0)
      return { reason: `the engine at ${dockerHost} runs services with autoscaler labels` }
    const networks = lines(await docker(['network', 'ls', '--format', '{{.Name}}'], soon))
    if (networks.includes(sharedNetwork))
      return { reason: `the engine at ${dockerHost} has a network ${sharedNetwork}` }

    const images = await pullImages(docker, work)
    return images === 'pulled' ? { dockerHost } : images
  } catch (error) {
    work.signal.throwIfAborted()
    return {
      reason: `no engine answers (${error instanceof Error ? error.message.split('\n').at(-1) : error})`,
    }
  }
}
