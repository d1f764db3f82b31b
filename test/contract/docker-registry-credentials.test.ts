import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectDocker } from '../../src/swarm/docker-client.ts'
import { DockerSwarm } from '../../src/swarm/docker-swarm.ts'
import { type PrivateRegistry, startPrivateRegistry } from '../support/faults/private-registry.ts'
import { engine } from '../support/testbed/describe-with-engine.ts'
import { type Docker, lines } from '../support/testbed/docker.ts'
import { waitFor } from '../support/testbed/wait.ts'

const swarm = new DockerSwarm({
  docker: connectDocker({ host: engine.dockerHost, tlsVerify: false }),
  host: engine.dockerHost,
  timeoutMs: 60_000,
  onCall: () => {},
})

// A registry on the network of an engine that is somebody's own is not for a test to start.
describe.skipIf(engine.kind !== 'private')('credentials for the registry of a private image', () => {
  let registry: PrivateRegistry

  beforeAll(async () => {
    registry = await startPrivateRegistry(engine)
  })

  afterAll(async () => {
    await registry?.close()
  })

  it('are needed: without them no replica can pull', async () => {
    const name = await create(engine.docker, [])
    await scale(name, 1)
    await waitFor(async () => ((await tasks(name)).includes('No such image') ? true : undefined), {
      for: 'a pull to be refused',
      timeoutMs: 30_000,
    })
    expect(await tasks(name)).not.toContain('Running')
  })

  it('survive a scale, and the next one: a new replica pulls and runs', async () => {
    const name = await create(registry.docker, ['--with-registry-auth'])
    for (const replicas of [1, 2]) {
      expect(await imageIds()).toEqual([])
      await scale(name, replicas)
      await isRunning(name, replicas)
      await scale(name, 0)
      await isRunning(name, 0)
      await engine.docker(['image', 'rm', '--force', ...(await imageIds())])
    }
  })

  async function create(docker: Docker, options: readonly string[]): Promise<string> {
    const name = `faults-${randomUUID().slice(0, 8)}`
    await docker([
      ...[
        'service',
        'create',
        '--quiet',
        '--detach',
        '--no-resolve-image',
        '--name',
        name,
        '--replicas',
        '0',
      ],
      ...['--label', 'autoscaler.enable=true', '--label', 'autoscaler.min=0', '--label', 'autoscaler.max=3'],
      ...['--stop-grace-period', '0s', ...options, registry.image, '/bin/busybox', 'sleep', '3600'],
    ])
    onTestFinished(async () => void (await engine.docker(['service', 'rm', name])))
    return name
  }

  async function imageIds(): Promise<readonly string[]> {
    const repository = registry.image.replace(/:\w+$/, '')
    return [...new Set(lines(await engine.docker(['image', 'ls', '--quiet', '--no-trunc', repository])))]
  }
})

async function scale(name: string, replicas: number): Promise<void> {
  await (await swarm.find(name))?.scale(replicas, {})
}

/** State and error of each task, wanted or not. */
async function tasks(name: string): Promise<string> {
  return engine.docker(['service', 'ps', '--no-trunc', '--format', '{{.CurrentState}} {{.Error}}', name])
}

/** Waits until so many containers of the service run. */
async function isRunning(name: string, count: number): Promise<void> {
  const containers = ['ps', '--quiet', '--filter', `label=com.docker.swarm.service.name=${name}`]
  await waitFor(async () => (lines(await engine.docker(containers)).length === count ? true : undefined), {
    for: `${count} containers of ${name}`,
    timeoutMs: 30_000,
    explain: () => tasks(name),
  })
}
