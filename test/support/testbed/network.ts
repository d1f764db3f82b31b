import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkPlan } from './plan.ts'
import { run, tryRun } from './processes.ts'

/**
 * Everything lives in 198.18.0.0/15, the range for benchmarks, which no real network uses: the lower half joins engines to the
 * host, the upper half is the engines' overlay networks.
 */
const range = '198.18.0.0/15'
export const overlayPool = '198.19.0.0/16'
const forwardSetting = '/proc/sys/net/ipv4/ip_forward'

export function planNetwork(id: string): NetworkPlan {
  // An interface name holds 15 characters.
  const short = id.slice(0, 8)
  const third = randomInt(0, 256)
  const fourth = randomInt(0, 64) * 4
  const address = (host: number) => `198.18.${third}.${fourth + host}`
  return {
    namespace: `testbed-${short}`,
    hostInterface: `tbed-${short}`,
    hostAddress: address(1),
    engineAddress: address(2),
    subnet: `${address(0)}/30`,
  }
}

export function namespacePath(network: NetworkPlan): string {
  return `/run/netns/${network.namespace}`
}

function rules(network: NetworkPlan): readonly (readonly string[])[] {
  return [
    ['nat', 'POSTROUTING', '-s', network.subnet, '-j', 'MASQUERADE'],
    ['filter', 'FORWARD', '-s', network.subnet, '-j', 'ACCEPT'],
    ['filter', 'FORWARD', '-d', network.subnet, '-j', 'ACCEPT'],
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

/** Makes the namespace with a way out for builds; nothing in it is reachable except from this host. */
export async function createNetwork(network: NetworkPlan, directory: string): Promise<void> {
  await blackhole(directory)
  await forward(directory)
  const mtu = await hostMtu()
  const { namespace, hostInterface } = network
  await run('ip', ['netns', 'add', namespace])
  await run('ip', [
    'link',
    'add',
    hostInterface,
    'mtu',
    mtu,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    namespace,
  ])
  await run('ip', ['address', 'add', `${network.hostAddress}/30`, 'dev', hostInterface])
  await run('ip', ['link', 'set', hostInterface, 'up'])
  await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'])
  await run('ip', ['-n', namespace, 'link', 'set', 'eth0', 'mtu', mtu, 'up'])
  await run('ip', ['-n', namespace, 'address', 'add', `${network.engineAddress}/30`, 'dev', 'eth0'])
  await run('ip', ['-n', namespace, 'route', 'add', 'default', 'via', network.hostAddress])
  for (const rule of rules(network)) await iptables('-I', rule)
}

/** Undoes `createNetwork`, whatever part of it was done. What the engine made in its namespace ends with the namespace. */
export async function removeNetwork(network: NetworkPlan, directory: string): Promise<void> {
  for (const rule of rules(network)) await iptables('-D', rule).catch(() => undefined)
  await tryRun('ip', ['link', 'delete', network.hostInterface])
  await tryRun('ip', ['netns', 'delete', network.namespace])
  if (existsSync(join(directory, 'route-added'))) await tryRun('ip', ['route', 'delete', 'blackhole', range])
  // A Docker engine that was started since needs forwarding as well.
  const otherEngine = ['docker0', 'docker_gwbridge'].some((name) => existsSync(`/sys/class/net/${name}`))
  if (existsSync(join(directory, 'forward-enabled')) && !otherEngine) writeFileSync(forwardSetting, '0')
}
