import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dockerOn } from './docker.ts'
import { createNetwork, namespacePath, overlayPool } from './network.ts'
import { ensurePrograms } from './packages.ts'
import type { Plan } from './plan.ts'
import { waitFor } from './wait.ts'
import { Unavailable, type Work } from './work.ts'

type PrivatePlan = Extract<Plan, { kind: 'private' }>

/** Throws `Unavailable` where a private engine cannot run at all; `reason` is why the reachable one does not serve. */
export function requirePrivateEngine(reason: string): void {
  const instead = `${reason}; an engine that serves is a Swarm manager (docker swarm init) that can pull images`
  if (process.platform !== 'linux') throw new Unavailable(`a private engine needs Linux, and ${instead}`)
  if (process.getuid?.() !== 0) throw new Unavailable(`a private engine needs root (sudo), and ${instead}`)
}

/**
 * In a mount namespace of its own, the engine's mounts end with it, and its /run/docker is not that of another engine. A
 * resolver on the loopback interface cannot be reached from the network namespace; systemd-resolved names the real ones.
 */
const launcher = `
mount -t tmpfs tmpfs /run/docker
if grep -q '^nameserver 127\\.' /etc/resolv.conf && [ -f /run/systemd/resolve/resolv.conf ]; then
  mount --bind /run/systemd/resolve/resolv.conf /etc/resolv.conf
fi
exec dockerd "$@"`

function launch({ directory, dockerHost, network }: PrivatePlan): { readonly log: string } {
  mkdirSync('/run/docker', { recursive: true })
  const log = join(directory, 'dockerd.log')
  const output = openSync(log, 'a')
  const configuration = join(directory, 'daemon.json')
  writeFileSync(configuration, '{}')
  const options = {
    '--data-root': join(directory, 'data'),
    '--exec-root': join(directory, 'exec'),
    '--pidfile': join(directory, 'dockerd.pid'),
    '--host': dockerHost,
    // The configuration of the machine's own engine is not ours.
    '--config-file': configuration,
    '--bridge': 'none',
  }
  const own = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', launcher, 'dockerd']
  const dockerd = Object.entries(options).flat()
  spawn('nsenter', [`--net=${namespacePath(network)}`, ...own, ...dockerd], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  }).unref()
  closeSync(output)
  return { log }
}

/** Starts the engine of `plan` as a Swarm manager. What it needs is installed first. */
export async function startPrivateEngine(plan: PrivatePlan, work: Work): Promise<void> {
  await ensurePrograms(['docker', 'dockerd', 'iptables', 'ip'], work)
  await work.step(`engine: starting a private one in ${plan.directory}`, async () => {
    await createNetwork(plan.network, plan.directory)
    const { log } = launch(plan)
    const docker = dockerOn(plan.dockerHost)
    await waitFor(() => docker(['version'], { timeoutMs: 5_000 }), {
      for: 'dockerd to answer',
      timeoutMs: 60_000,
      signal: work.signal,
      explain: async () => readFileSync(log, 'utf8').split('\n').slice(-15).join('\n'),
    })
    await docker(['swarm', 'init', '--advertise-addr', '127.0.0.1', '--default-addr-pool', overlayPool])
  })
}
