import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suiteProgram } from '../debian/suite-packages.ts'
import { engineRoot } from '../debian/suite-root.ts'
import { age } from '../debian/suites.ts'
import type { NodePlan } from './plan.ts'
import { run, tryRun } from './processes.ts'
import type { Work } from './work.ts'

/** Brings the docker command of the suite, and what the engine of `node` runs from: see `rootOf`. */
export async function bringEngine(nodes: readonly NodePlan[], work: Work): Promise<void> {
  await suiteProgram('docker', ['docker-cli', 'docker.io'], work)
  const root = await chooseRoot(work)
  for (const node of nodes) writeFileSync(rootFile(node), root)
}

/** The root file system whose programs and libraries the engine of `node` runs with. Empty: this machine's own. */
export function rootOf(node: NodePlan): string {
  return readFileSync(rootFile(node), 'utf8')
}

function rootFile({ directory }: NodePlan): string {
  return join(directory, 'engine-root')
}

/** A machine that has a newer engine than the suite keeps using it, unless it is the oldest one that is asked for. */
async function chooseRoot(work: Work): Promise<string> {
  const root = await engineRoot(work)
  const suites = versionIn(await run('chroot', [root, 'dockerd', '--version']))
  const machines = versionIn((await tryRun('dockerd', ['--version'])) ?? '')
  if (age() === 'newest' && isNewer(machines, suites)) {
    work.log(`engine: Docker ${machines.join('.')} of this machine`)
    return ''
  }
  work.log(`engine: Docker ${suites.join('.')} of Debian`)
  return root
}

/** The numbers of the first version in a text. Empty: there is none. */
export function versionIn(text: string): readonly number[] {
  return /\d+(?:\.\d+)+/.exec(text)?.[0].split('.').map(Number) ?? []
}

/** Whether one version comes after another, number by number. */
export function isNewer(version: readonly number[], than: readonly number[]): boolean {
  const length = Math.max(version.length, than.length)
  for (let place = 0; place < length; place++) {
    const difference = (version[place] ?? 0) - (than[place] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}
