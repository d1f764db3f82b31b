import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const parent = '/var/tmp'
const prefix = 'swarm-autoscaler-testbed-'
const planFile = 'plan.json'

/** The label that marks all services of a bed's stacks. Its value is the bed's id. */
export const bedLabel = 'swarm-autoscaler.testbed'

/** The network of a bed's own engines: a bridge on the host that joins them to each other and to the host. */
export type NetworkPlan = {
  readonly bridge: string
  readonly hostAddress: string
  readonly subnet: string
}

/** One private engine: a machine of its own as far as Swarm can tell, in a network namespace that the bridge joins. */
export type NodePlan = {
  /** The host name that its engine goes by. */
  readonly name: string
  readonly directory: string
  readonly dockerHost: string
  readonly namespace: string
  /** The host's end of its link to the bridge. */
  readonly hostInterface: string
  readonly address: string
}

/** All that a bed may make, written down before it is made, so that anyone can take it down later. */
export type Plan = {
  readonly id: string
  readonly directory: string
} & (
  | { readonly kind: 'reachable'; readonly dockerHost: string }
  | {
      readonly kind: 'private'
      readonly network: NetworkPlan
      /** The first one makes the swarm, the others join it; all are managers. */
      readonly nodes: readonly [NodePlan, ...NodePlan[]]
    }
)

export type PrivatePlan = Extract<Plan, { kind: 'private' }>

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
