import { type Elasticity, elasticityOf } from './elasticity.ts'
import type { Step } from './plant.ts'
import type { Scene, Supply } from './scene.ts'

/** How well a supply served a load, and what it cost. */
export interface Score {
  /** Minutes in which the load was more than the running replicas can serve. */
  readonly minutesAbove: number
  /** The load beyond their capacity, as a share of all load, 0 to 1. */
  readonly shareAbove: number
  readonly replicaHours: number
  /** Absent: the price is not known. */
  readonly cost?: number
  readonly peak: number
  readonly changes: number
  /** Changes that reversed a change of the ten minutes before. */
  readonly reversals: number
  readonly elasticity: Elasticity
}

const reversalSeconds = 600

/** The fewest replicas that can serve the load, by second. */
export function demandOf({ load, capacity }: Pick<Scene, 'load' | 'capacity'>): Int32Array {
  const demand = new Int32Array(load.length)
  for (let at = 0; at < load.length; at += 1) demand[at] = Math.ceil((load[at] as number) / capacity - 1e-9)
  return demand
}

export function stepsOf(replicas: Int32Array): readonly Step[] {
  const steps: Step[] = []
  let last = Number.NaN
  for (let at = 0; at < replicas.length; at += 1) {
    if (replicas[at] === last) continue
    last = replicas[at] as number
    steps.push({ at, replicas: last })
  }
  return steps
}

/** `demand`: the steps of `demandOf`. `costPerHour`: price of one replica for one hour. */
export function scoreOf(scene: Scene, demand: readonly Step[], supply: Supply, costPerHour?: number): Score {
  const seconds = scene.load.length
  const replicaHours = areaOf(supply.desired, seconds) / 3_600
  return {
    ...aboveCapacity(scene, supply.running),
    replicaHours,
    ...(costPerHour === undefined ? {} : { cost: replicaHours * costPerHour }),
    peak: supply.desired.reduce((most, { replicas }) => Math.max(most, replicas), 0),
    changes: supply.desired.length - 1,
    reversals: reversalsOf(supply.desired),
    elasticity: elasticityOf(demand, supply.running, seconds),
  }
}

function aboveCapacity({ load, capacity }: Scene, running: readonly Step[]) {
  let secondsAbove = 0
  let lost = 0
  let all = 0
  for (const [index, { at, replicas }] of running.entries()) {
    const end = running[index + 1]?.at ?? load.length
    const servable = replicas * capacity * (1 + 1e-9)
    for (let second = at; second < end; second += 1) {
      const present = load[second] as number
      all += present
      if (present <= servable) continue
      secondsAbove += 1
      lost += present - servable
    }
  }
  return { minutesAbove: secondsAbove / 60, shareAbove: all === 0 ? 0 : lost / all }
}

function areaOf(steps: readonly Step[], seconds: number): number {
  return steps.reduce((sum, { at, replicas }, index) => {
    const end = steps[index + 1]?.at ?? seconds
    return sum + replicas * (end - at)
  }, 0)
}

function reversalsOf(steps: readonly Step[]): number {
  let reversals = 0
  for (let index = 2; index < steps.length; index += 1) {
    const [before, last, next] = steps.slice(index - 2, index + 1) as [Step, Step, Step]
    const turns = Math.sign(next.replicas - last.replicas) !== Math.sign(last.replicas - before.replicas)
    if (turns && next.at - last.at <= reversalSeconds) reversals += 1
  }
  return reversals
}
