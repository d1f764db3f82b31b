import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkPlan, NodePlan } from './plan.ts'
import { run, tryRun } from './processes.ts'

/**
 * Everything lives in 198.18.0.0/15, the range for benchmarks, which no real network uses: the lower half joins engines to the
 * host, the upper half is the engines' overlay networks.
 */
const range = '198.18.0.0/15'
export const overlayPool = '198.19.0.0/16'
const forwardSetting = '/proc/sys/net/ipv4/ip_forward'

/** An interface name holds 15 characters. */
function shortened(id: string): string {
  return id.slice(0, 8)
}

export function planNetwork(id: string): { network: NetworkPlan; address: (node: number) => string } {
  const third = randomInt(0, 256)
  const fourth = randomInt(0, 32) * 8
  const address = (host: number) => `198.18.${third}.${fourth + host}`
  const network = {
    bridge: `tbed-${shortened(id)}`,
    hostAddress: address(1),
    subnet: `${address(0)}/29`,
  }
  return { network, address: (node) => address(1 + node) }
}

/** Node `number`, counted from 1, of a bed in `directory`. There can be five. */
export function planNode(
  id: string,
  directory: string,
  number: number,
  address: (node: number) => string,
): NodePlan {
  const own = join(directory, `${number}`)
  return {
    name: `manager-${number}`,
    directory: own,
    dockerHost: `unix://${join(own, 'docker.sock')}`,
    namespace: `testbed-${shortened(id)}-${number}`,
    hostInterface: `tbed-${shortened(id)}-${number}`,
    address: address(number),
  }
}

export function namespacePath({ namespace }: NodePlan): string {
  return `/run/netns/${namespace}`
}

/** Where a bridge's traffic passes iptables, traffic between the nodes does so as well, and must keep its source address. */
function rules({ subnet }: NetworkPlan): readonly (readonly string[])[] {
  return [
    ['nat', 'POSTROUTING', '-s', subnet, '!', '-d', subnet, '-j', 'MASQUERADE'],
    ['filter', 'FORWARD', '-s', subnet, '-j', 'ACCEPT'],
    ['filter', 'FORWARD', '-d', subnet, '-j', 'ACCEPT'],
  ]
}

async function iptables(action: '-I' | '-D', [table = '', ...rule]: readonly string[]): Promise<void> {
  await run('iptables', ['--wait', '10', '-t', table, action, ...rule])
}

/** The host's link is not always 1500 bytes wide, and path discovery does not work everywhere. */
async function hostMtu(): Promise<string> {
  const device = /dev (\S+)/.exec((await tryRun('ip', ['-4', 'route', 'show', 'default'])) ?? '')?.[1]
  if (device === undefined) return '1500'
  return readFileSync(`/sys/class/net/${device}/mtu`, 'utf8').trim()
}

/**
 * An overlay address is not routed from the host: without this route, a request to one would leave the machine for whoever has
 * that address there.
 */
async function blackhole(directory: string): Promise<void> {
  const present = await run('ip', ['route', 'show', 'type', 'blackhole', range])
  if (present.trim() !== '') return
  writeFileSync(join(directory, 'route-added'), '')
  await run('ip', ['route', 'add', 'blackhole', range])
}

async function forward(directory: string): Promise<void> {
  if (readFileSync(forwardSetting, 'utf8').trim() === '1') return
  writeFileSync(join(directory, 'forward-enabled'), '')
  writeFileSync(forwardSetting, '1')
}

/** Makes the bridge and its way out. What hangs on it can be reached from this host only. */
export async function createNetwork(network: NetworkPlan, directory: string): Promise<void> {
  await blackhole(directory)
  await forward(directory)
  await run('ip', ['link', 'add', network.bridge, 'type', 'bridge'])
  await run('ip', ['address', 'add', `${network.hostAddress}/29`, 'dev', network.bridge])
  await run('ip', ['link', 'set', network.bridge, 'up'])
  for (const rule of rules(network)) await iptables('-I', rule)
}

/** Makes a node's namespace and its link. Between nodes packets have full size: an overlay network's need it. */
export async function connectNode(network: NetworkPlan, node: NodePlan): Promise<void> {
  const inside = ['-n', node.namespace]
  await run('ip', ['netns', 'add', node.namespace])
  const peer = ['peer', 'name', 'eth0', 'netns', node.namespace]
  await run('ip', ['link', 'add', node.hostInterface, 'type', 'veth', ...peer])
  await run('ip', ['link', 'set', node.hostInterface, 'master', network.bridge, 'up'])
  await run('ip', [...inside, 'link', 'set', 'lo', 'up'])
  await run('ip', [...inside, 'link', 'set', 'eth0', 'up'])
  await run('ip', [...inside, 'address', 'add', `${node.address}/29`, 'dev', 'eth0'])
  const wayOut = ['default', 'via', network.hostAddress, 'mtu', await hostMtu()]
  await run('ip', [...inside, 'route', 'add', ...wayOut])
}

/** Cuts a node's link, or mends it. */
export async function setLink({ hostInterface }: NodePlan, state: 'up' | 'down'): Promise<void> {
  await run('ip', ['link', 'set', hostInterface, state])
}

/** Undoes `connectNode`, whatever part of it was done. What the engine made in its namespace ends with the namespace. */
export async function disconnectNode(node: NodePlan): Promise<void> {
  await tryRun('ip', ['link', 'delete', node.hostInterface])
  await tryRun('ip', ['netns', 'delete', node.namespace])
}

/** Undoes `createNetwork`, whatever part of it was done. */
export async function removeNetwork(network: NetworkPlan, directory: string): Promise<void> {
  for (const rule of rules(network)) await iptables('-D', rule).catch(() => undefined)
  await tryRun('ip', ['link', 'delete', network.bridge])
  if (existsSync(join(directory, 'route-added'))) await tryRun('ip', ['route', 'delete', 'blackhole', range])
  // A Docker engine that was started since needs forwarding as well.
  const otherEngine = ['docker0', 'docker_gwbridge'].some((name) => existsSync(`/sys/class/net/${name}`))
  if (existsSync(join(directory, 'forward-enabled')) && !otherEngine) writeFileSync(forwardSetting, '0')
}
