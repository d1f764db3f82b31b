import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { cgroupOf, type Roots, readUsage } from './cgroups.ts'
import { readInterfaces } from './interfaces.ts'
import type { Machine, Sighting } from './sighting.ts'

/** A container, as the engine's API describes it. */
export interface Inspected {
  readonly Id: string
  /** With a slash before it. */
  readonly Name: string
  readonly Config: { readonly Image: string; readonly Labels: Readonly<Record<string, string>> }
  readonly State: { readonly Pid: number }
}

/** What there is to see of a container now. Throws where it has ended. */
export function lookAtContainer({ Id, Name, Config, State }: Inspected, roots: Roots): Sighting {
  const id = cgroupOf(Id, roots)
  return {
    atMs: Date.now(),
    id,
    image: Config.Image,
    name: Name.slice(1),
    labels: Config.Labels,
    ...readUsage(id, roots),
    interfaces: readInterfaces(State.Pid, roots),
  }
}

/** The same of the whole machine: the root of all cgroups. */
export function lookAtRoot(roots: Roots): Sighting {
  const id = '/'
  const usage = readUsage(id, roots)
  return {
    atMs: Date.now(),
    id,
    image: '',
    name: '',
    labels: {},
    ...usage,
    interfaces: readInterfaces(1, roots),
  }
}

/** `etc`: the machine's own folder of that name. */
export function lookAtMachine(etc: string): Machine {
  return { kernelVersion: release(), osVersion: osVersion(join(etc, 'os-release')) }
}

/** Empty where nothing tells. */
function osVersion(file: string): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}
