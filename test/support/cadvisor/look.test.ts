import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Roots } from '../testbed/stand-ins/cadvisor/cgroups.ts'
import { lookAtContainer, lookAtMachine, lookAtRoot } from '../testbed/stand-ins/cadvisor/look.ts'

const container = {
  Id: 'abc',
  Name: '/web.1.xyz',
  Config: { Image: 'web:1', Labels: { 'com.docker.swarm.service.name': 'web' } },
  State: { Pid: 42 },
}

const netDev = `Inter-|   Receive                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     111      1    0    0    0     0          0         0      111      1    0    0    0     0       0          0
  eth0:    2000      2    0    0    0     0          0         0      300      3    0    0    0     0       0          0
veth12:     444      1    0    0    0     0          0         0      444      1    0    0    0     0       0          0
 eth1:55 1 0 0 0 0 0 0 66 1 0 0 0 0 0 0
`

/** A machine with these files, for as long as the test runs. */
function aMachine(files: Readonly<Record<string, string>>): Roots {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-cgroups-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return { cgroups: join(folder, 'cgroup'), proc: join(folder, 'proc') }
}

const v1 = {
  'cgroup/cpuacct/docker/abc/cpuacct.usage': '2500000000\n',
  'cgroup/cpu/docker/abc/cpu.cfs_quota_us': '50000\n',
  'cgroup/cpu/docker/abc/cpu.cfs_period_us': '100000\n',
  'cgroup/cpu/docker/abc/cpu.stat': 'nr_periods 624\nnr_throttled 37\nthrottled_time 99\n',
  'cgroup/memory/docker/abc/memory.usage_in_bytes': '1000\n',
  'cgroup/memory/docker/abc/memory.limit_in_bytes': '134217728\n',
  'cgroup/memory/docker/abc/memory.stat': 'inactive_file 1\ntotal_inactive_file 300\n',
  'proc/42/net/dev': netDev,
}

const v2 = {
  'cgroup/system.slice/docker-abc.scope/cpu.stat':
    'usage_usec 2500000\nuser_usec 1\nnr_periods 624\nnr_throttled 37\n',
  'cgroup/system.slice/docker-abc.scope/cpu.max': '50000 100000\n',
  'cgroup/system.slice/docker-abc.scope/cpu.pressure':
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 total=7\n',
  'cgroup/system.slice/docker-abc.scope/memory.current': '1000\n',
  'cgroup/system.slice/docker-abc.scope/memory.max': '134217728\n',
  'cgroup/system.slice/docker-abc.scope/memory.stat': 'anon 5\ninactive_file 300\n',
  'proc/42/net/dev': netDev,
}

describe.each([
  ['1', v1, '/docker/abc', 0],
  ['2', v2, '/system.slice/docker-abc.scope', 1.5],
] as const)("the exporter's look at cgroups v%s", (_version, files, id, cpuWaitingSeconds) => {
  it('reads what a container uses and may use', () => {
    expect(lookAtContainer(container, aMachine(files))).toEqual({
      atMs: expect.any(Number),
      id,
      image: 'web:1',
      name: 'web.1.xyz',
      labels: container.Config.Labels,
      cpuSeconds: 2.5,
      cpuWaitingSeconds,
      cpuPeriodUs: 100_000,
      quota: { quotaUs: 50_000, periods: 624, throttledPeriods: 37 },
      workingSetBytes: 700,
      memoryLimitBytes: 134_217_728,
      interfaces: [
        { name: 'eth0', receivedBytes: 2_000, sentBytes: 300 },
        { name: 'eth1', receivedBytes: 55, sentBytes: 66 },
      ],
    })
  })

  it('throws of a container that has ended', () => {
    expect(() => lookAtContainer({ ...container, Id: 'gone' }, aMachine(files))).toThrow('no cgroup')
  })
})

describe("the exporter's look", () => {
  it.each([
    ['1', { ...v1, 'cgroup/cpu/docker/abc/cpu.cfs_quota_us': '-1\n' }],
    ['2', { ...v2, 'cgroup/system.slice/docker-abc.scope/cpu.max': 'max 100000\n' }],
  ])('finds no quota where there is none, with cgroups v%s', (_version, files) => {
    const { quota, cpuPeriodUs } = lookAtContainer(container, aMachine(files))
    expect({ quota, cpuPeriodUs }).toEqual({ quota: undefined, cpuPeriodUs: 100_000 })
  })

  it.each([
    ['1', { ...v1, 'cgroup/memory/docker/abc/memory.limit_in_bytes': '9223372036854771712\n' }],
    ['2', { ...v2, 'cgroup/system.slice/docker-abc.scope/memory.max': 'max\n' }],
  ])('takes 0 for no limit of memory, with cgroups v%s', (_version, files) => {
    expect(lookAtContainer(container, aMachine(files)).memoryLimitBytes).toBe(0)
  })

  const proc = {
    'proc/meminfo': 'MemTotal:       24683904 kB\nMemFree:        20000000 kB\n',
    'proc/1/net/dev': netDev,
  }

  it('finds the machine at the root of cgroups v1', () => {
    const usage = {
      'cgroup/cpuacct/cpuacct.usage': '1000000000\n',
      'cgroup/memory/memory.usage_in_bytes': '5000\n',
    }
    expect(lookAtRoot(aMachine({ ...proc, ...usage }))).toMatchObject({
      id: '/',
      image: '',
      name: '',
      labels: {},
      cpuSeconds: 1,
      cpuPeriodUs: 100_000,
      workingSetBytes: 5_000,
      memoryLimitBytes: 24_683_904 * 1_024,
      interfaces: [{ name: 'eth0' }, { name: 'eth1' }],
    })
  })

  it('finds the machine at the root of cgroups v2, which counts no memory of its own', () => {
    const root = { 'cgroup/cpu.stat': 'usage_usec 1000000\n', 'cgroup/memory.stat': 'inactive_file 24\n' }
    expect(lookAtRoot(aMachine({ ...proc, ...root }))).toMatchObject({
      cpuSeconds: 1,
      workingSetBytes: (24_683_904 - 20_000_000) * 1_024 - 24,
      memoryLimitBytes: 24_683_904 * 1_024,
    })
  })

  it('tells which machine it is, and bears one that does not tell', () => {
    const { proc: folder } = aMachine({ 'proc/os-release': 'NAME=x\nPRETTY_NAME="Debian 13"\n' })
    expect(lookAtMachine(folder).osVersion).toBe('Debian 13')
    expect(lookAtMachine(join(folder, 'none')).osVersion).toBe('')
  })
})
