import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const parent = '/var/tmp'
const prefix = 'swarm-autoscaler-testbed-'
const planFile = 'plan.json'

/** The label that marks all services of a bed's stacks. Its value is the bed's id. */
export const bedLabel = 'swarm-autoscaler.testbed'

/** A private engine's network: a namespace of its own, joined to the host by a pair of virtual interfaces. */
export type NetworkPlan = {
  readonly namespace: string
  readonly hostInterface: string
  readonly hostAddress: string
  readonly engineAddress: string
  readonly subnet: string
}

/** All that a bed may make, written down before it is made, so that anyone can take it down later. */
export type Plan = {
  readonly id: string
  readonly directory: string
  readonly dockerHost: string
} & ({ readonly kind: 'reachable' } | { readonly kind: 'private'; readonly network: NetworkPlan })

/** The process that takes a bed down; its start time makes sure that a later process with the same pid is not taken for it. */
export type Keeper = { readonly pid: number; readonly startTicks: string }

/** A new directory, with nothing else made yet. */
export function newDirectory(): { readonly directory: string; readonly id: string } {
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, prefix))
  return { directory, id: directory.slice(join(parent, prefix).length) }
}

export function writePlan(plan: Plan, keeper: Keeper): void {
  writeFileSync(join(plan.directory, planFile), JSON.stringify({ plan, keeper }))
}

/** The beds on this machine that have a plan, whoever made them. */
export function readPlans(): readonly { readonly plan: Plan; readonly keeper: Keeper }[] {
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(parent, name, planFile), 'utf8'))]
      } catch {
        // Being made at this moment, or another user's.
        return []
      }
    })
}
