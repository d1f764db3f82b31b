/** Reads what the kernel counts of a cgroup, of version 1 or 2. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sighting } from './sighting.ts'

/** What is read of one cgroup. */
export type Usage = Pick<
  Sighting,
  'cpuSeconds' | 'cpuWaitingSeconds' | 'cpuPeriodUs' | 'quota' | 'workingSetBytes' | 'memoryLimitBytes'
>

/** Where the machine's own files are: `/sys/fs/cgroup` and `/rootfs/proc` in the stack. */
export interface Roots {
  readonly cgroups: string
  readonly proc: string
}

/** The content of the first of a file of version 1, under its controller, and one of version 2. Absent where there is neither. */
type Read = (controller: string, v1: string, v2: string) => string | undefined

/** A period that nobody has set. */
const defaultPeriodUs = 100_000
/** With version 1, no limit is a number near 2^63. */
const unlimitedBytes = 2 ** 62

/** A container's cgroup below the root of its hierarchy, as either of Docker's cgroup drivers names it. Throws where it is gone. */
export function cgroupOf(containerId: string, { cgroups }: Roots): string {
  const names = [`/docker/${containerId}`, `/system.slice/docker-${containerId}.scope`]
  const isThere = (name: string) =>
    existsSync(join(cgroups, 'cpuacct', name)) || existsSync(join(cgroups, name))
  const found = names.find(isThere)
  if (found === undefined) throw new Error(`no cgroup ${names.join(' or ')}`)
  return found
}

/** `cgroup`: its path below the root of its hierarchy; `/` is that root. Throws where it is gone. */
export function readUsage(cgroup: string, roots: Roots): Usage {
  const read: Read = (controller, v1, v2) =>
    content(join(roots.cgroups, controller, cgroup, v1)) ?? content(join(roots.cgroups, cgroup, v2))
  const isRoot = cgroup === '/'
  return {
    cpuSeconds: cpuSeconds(required(read('cpuacct', 'cpuacct.usage', 'cpu.stat'), cgroup)),
    cpuWaitingSeconds: cpuWaitingSeconds(read('cpu', 'cpu.pressure', 'cpu.pressure')),
    ...cpuLimit(read),
    workingSetBytes: workingSet(read, isRoot ? () => machineUsage(roots) : () => required(undefined, cgroup)),
    memoryLimitBytes: isRoot ? meminfo(roots, 'MemTotal') : memoryLimit(read),
  }
}

/** Nanoseconds with version 1, a line in microseconds with version 2. */
function cpuSeconds(usage: string): number {
  return usage.includes('usage_usec') ? keyed(usage, 'usage_usec') / 1e6 : Number(usage) / 1e9
}

/** Version 1 does not count it. */
function cpuWaitingSeconds(pressure = ''): number {
  return Number(/^some .*\btotal=(\d+)/m.exec(pressure)?.[1] ?? 0) / 1e6
}

function cpuLimit(read: Read): Pick<Usage, 'cpuPeriodUs' | 'quota'> {
  const [quota, period] = read('cpu', 'cpu.cfs_quota_us', 'cpu.max')?.trim().split(' ') ?? []
  const cpuPeriodUs = Number(period ?? read('cpu', 'cpu.cfs_period_us', 'none') ?? defaultPeriodUs)
  if (quota === undefined || quota === 'max' || quota === '-1') return { cpuPeriodUs }
  const stat = read('cpu', 'cpu.stat', 'cpu.stat') ?? ''
  return {
    cpuPeriodUs,
    quota: {
      quotaUs: Number(quota),
      periods: keyed(stat, 'nr_periods'),
      throttledPeriods: keyed(stat, 'nr_throttled'),
    },
  }
}

/** As cAdvisor reckons it: all but the pages of files that were not used lately. */
function workingSet(read: Read, otherwise: () => number | string): number {
  const usage = Number(read('memory', 'memory.usage_in_bytes', 'memory.current') ?? otherwise())
  const stat = read('memory', 'memory.stat', 'memory.stat') ?? ''
  return Math.max(0, usage - (keyed(stat, 'total_inactive_file') || keyed(stat, 'inactive_file')))
}

function memoryLimit(read: Read): number {
  const limit = Number(read('memory', 'memory.limit_in_bytes', 'memory.max'))
  return limit < unlimitedBytes ? limit : 0
}

/** The root of version 2 counts no memory of its own. */
function machineUsage(roots: Roots): number {
  return meminfo(roots, 'MemTotal') - meminfo(roots, 'MemFree')
}

/** In bytes. */
function meminfo({ proc }: Roots, key: string): number {
  return keyed(content(join(proc, 'meminfo')) ?? '', `${key}:`) * 1_024
}

/** From "key 12" lines; 0 where there is none. */
function keyed(text: string, key: string): number {
  const line = text.split('\n').find((each) => each.split(' ')[0] === key)
  return Number(/\d+/.exec(line?.slice(key.length) ?? '')?.[0] ?? 0)
}

function required(text: string | undefined, cgroup: string): string {
  if (text === undefined) throw new Error(`no cgroup ${cgroup}`)
  return text
}

function content(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
