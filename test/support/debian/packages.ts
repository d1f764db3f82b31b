import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { run } from '../testbed/processes.ts'
import { Unavailable, type Work } from '../testbed/work.ts'
import { thisMachine } from './machine.ts'

const packageOf = {
  iptables: 'iptables',
  ip: 'iproute2',
  debootstrap: 'debootstrap',
  postgres: 'postgresql',
  chromium: 'chromium',
  sqlite3: 'sqlite3',
  jq: 'jq',
} as const

type Program = keyof typeof packageOf

const policy = '/usr/sbin/policy-rc.d'
const policyAside = `${policy}.swarm-autoscaler-testbed`
const policyText =
  '#!/bin/sh\n# swarm-autoscaler test bed: a package that is being installed starts no service\nexit 101\n'

/** Debian asks this file whether a package may start its service; without it, docker.io would start a second engine. */
function forbidServices(): void {
  if (existsSync(policy)) renameSync(policy, policyAside)
  writeFileSync(policy, policyText, { mode: 0o755 })
}

/** Undoes `forbidServices`, also after a crash in between. */
export function allowServices(): void {
  const ours = existsSync(policy) && readFileSync(policy, 'utf8') === policyText
  if (existsSync(policyAside)) renameSync(policyAside, policy)
  else if (ours) rmSync(policy)
}

/** `apt-get` in a way that asks nothing and waits for another `apt-get` to end. */
export async function aptGet(args: readonly string[], work: Work, cwd?: string): Promise<void> {
  await run('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: 600_000,
    signal: work.signal,
    ...(cwd === undefined ? {} : { cwd }),
  })
}

/** Brings the package lists up to date. A foreign source that fails is no obstacle: the installation tells what is missing. */
async function updateLists(work: Work): Promise<void> {
  await work.step('packages: apt-get update', () => aptGet(['update'], work).catch(() => undefined))
}

/** Throws `Unavailable`, with the command to run, if any of these programs is missing and cannot be installed by us. */
export function requirePrograms(programs: readonly Program[], machine = thisMachine): void {
  const missing = programs.filter((program) => !machine.has(program))
  if (missing.length === 0) return
  const packages = missing.map((program) => packageOf[program]).join(' ')
  if (!machine.has('apt-get'))
    throw new Unavailable(
      `${missing.join(', ')} missing, and there is no apt-get: install ${packages} by hand`,
    )
  if (!machine.isRoot)
    throw new Unavailable(`${missing.join(', ')} missing: run 'sudo apt-get install -y ${packages}'`)
}

/**
 * Installs the Debian packages of the programs that are missing; none of them starts a service.
 * Throws `Unavailable`, with the command to run, if that is not possible here.
 */
export async function ensurePrograms(programs: readonly Program[], work: Work): Promise<void> {
  requirePrograms(programs)
  const missing = programs.filter((program) => !thisMachine.has(program))
  if (missing.length === 0) return
  const packages = missing.map((program) => packageOf[program])
  await updateLists(work)
  await work.step(
    `packages: installing ${packages.join(', ')} (Debian ${packages.length > 1 ? 'packages' : 'package'})`,
    async () => {
      forbidServices()
      try {
        await aptGet(['install', '--no-install-recommends', ...packages], work)
      } finally {
        allowServices()
      }
    },
  )
}
