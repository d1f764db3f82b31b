import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { thisMachine } from '../debian/machine.ts'
import { ensurePrograms, requirePrograms } from '../debian/packages.ts'
import { all } from './clean-up.ts'
import { dockerOn } from './docker.ts'
import { bringEngine, rootOf } from './engine-programs.ts'
import { connectNode, createNetwork, namespacePath, overlayPool } from './network.ts'
import type { NodePlan, PrivatePlan } from './plan.ts'
import { waitFor } from './wait.ts'
import { Unavailable, type Work } from './work.ts'

/** What the host needs around the engines. */
const hostPrograms = ['iptables', 'ip', 'debootstrap'] as const

/** Where every node's engine can be reached by containers on that node: a path that is the same on all of them. */
export const socketOnNodes = '/run/docker/engine.sock'

/**
 * Throws `Unavailable` where a private engine cannot run at all, before anything is downloaded. `reason` is why it has to be one; the
 * message ends with what to do.
 */
export function requirePrivateEngine(reason: string, machine = thisMachine): void {
  const instead = 'install Docker (https://docs.docker.com/engine/install/) and run: docker swarm init'
  if (machine.platform !== 'linux')
    throw new Unavailable(`${reason}, and a private engine needs Linux: ${instead}`)
  if (!machine.has('apt-get'))
    throw new Unavailable(`${reason}, and a private engine is made with Debian's apt-get: ${instead}`)
  if (!machine.isRoot)
    throw new Unavailable(
      `${reason}, and a private engine needs root: run this again with sudo, or ${instead}`,
    )
  requirePrograms(hostPrograms, machine)
}

/**
 * In a mount namespace of its own, the engine's mounts end with it, and its /run/docker is not that of another engine. Its programs and
 * their libraries are those of a root of the suite, which is mounted over this machine's; all other folders are this machine's.
 */
const launcher = `
set -e
root=$1 name=$2 resolver=$3
shift 3
mount -t tmpfs tmpfs /run/docker
echo "$name" >/proc/sys/kernel/hostname
if [ -n "$root" ]; then
  mount --bind "$root/etc" "$root/etc"
  mount --bind "$resolver" "$root/etc/resolv.conf"
  for file in /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
    if [ -f $file ] && [ -f "$root$file" ]; then mount --bind $file "$root$file"; fi
  done
  mount --rbind "$root/etc" /etc
  mount --bind "$root/usr" /usr
else
  mount --bind "$resolver" /etc/resolv.conf
fi
exec dockerd "$@"`

function launch(node: NodePlan): { readonly log: string } {
  const { directory } = node
  mkdirSync('/run/docker', { recursive: true })
  const log = join(directory, 'dockerd.log')
  const output = openSync(log, 'a')
  const configuration = join(directory, 'daemon.json')
  writeFileSync(configuration, '{}')
  // Of an engine that was killed; its number may be another process's by now.
  rmSync(pidFile(node), { force: true })
  const options = [
    ...['--data-root', join(directory, 'data')],
    ...['--exec-root', join(directory, 'exec')],
    ...['--pidfile', pidFile(node)],
    ...['--host', node.dockerHost, '--host', `unix://${socketOnNodes}`],
    // The configuration of the machine's own engine is not ours.
    ...['--config-file', configuration],
    ...['--bridge', 'none'],
  ]
  const own = ['unshare', '--mount', '--uts', '--propagation', 'private', 'sh', '-c', launcher, 'dockerd']
  spawn(
    'nsenter',
    [`--net=${namespacePath(node)}`, ...own, rootOf(node), node.name, writeResolver(node), ...options],
    {
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    },
  ).unref()
  closeSync(output)
  return { log }
}

/**
 * What the engine and its containers resolve names with. A resolver on the loopback interface cannot be reached from the network namespace;
 * systemd-resolved names the real ones. Two questions at once from one port can lose an answer on the way through the host's NAT, so they
 * are asked one after the other.
 */
function writeResolver({ directory }: NodePlan): string {
  const resolved = '/run/systemd/resolve/resolv.conf'
  const own = readFileSync('/etc/resolv.conf', 'utf8')
  const text = /^nameserver 127\./m.test(own) && existsSync(resolved) ? readFileSync(resolved, 'utf8') : own
  const path = join(directory, 'resolv.conf')
  writeFileSync(path, `${text.trimEnd()}\noptions single-request-reopen timeout:3 attempts:5\n`)
  return path
}

export function pidFile({ directory }: NodePlan): string {
  return join(directory, 'dockerd.pid')
}

/** Starts the engine of `node` in its namespace, for the first time or again, and waits until it answers. */
export async function startNode(node: NodePlan, signal?: AbortSignal): Promise<void> {
  const { log } = launch(node)
  await waitFor(() => dockerOn(node.dockerHost)(['version'], { timeoutMs: 5_000 }), {
    for: `dockerd of ${node.name} to answer`,
    timeoutMs: 60_000,
    signal,
    explain: async () => readFileSync(log, 'utf8').split('\n').slice(-15).join('\n'),
  })
}

/** Starts the engines of `plan`, all of them managers of one swarm. What they need is installed first. */
export async function startPrivateEngines(plan: PrivatePlan, work: Work): Promise<void> {
  await ensurePrograms(hostPrograms, work)
  for (const node of plan.nodes) mkdirSync(node.directory)
  await bringEngine(plan.nodes, work)
  const [first, ...others] = plan.nodes
  const what = others.length === 0 ? 'a private one' : `${plan.nodes.length} private ones`
  await work.step(`engine: starting ${what} in ${plan.directory}`, async () => {
    await createNetwork(plan.network, plan.directory)
    for (const node of plan.nodes) {
      await connectNode(plan.network, node)
    }
    await all(plan.nodes.map((node) => startNode(node, work.signal)))
    const docker = dockerOn(first.dockerHost)
    const advertise = ({ address }: NodePlan) => ['--advertise-addr', address]
    await docker(['swarm', 'init', ...advertise(first), '--default-addr-pool', overlayPool])
    const token = (await docker(['swarm', 'join-token', '--quiet', 'manager'])).trim()
    // One at a time: a swarm that changes from one manager to three must not lose its quorum on the way.
    for (const node of others) {
      const join = ['swarm', 'join', ...advertise(node), '--token', token, first.address]
      await dockerOn(node.dockerHost)(join)
    }
  })
}
