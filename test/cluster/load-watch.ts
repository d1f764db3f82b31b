import { enoughAtHighLoad } from '../support/demo/loop.ts'
import { Observation } from '../support/demo/observe.ts'
import type { ClusterNode } from '../support/testbed/cluster.ts'
import { waitFor } from '../support/testbed/wait.ts'
import { type Change, type Changes, listen } from './changes.ts'
import { fewestReplicas, type PlacedStack } from './placed-stack.ts'
import { nodesOfRunning } from './running.ts'

/** Requests per second: what the fewest replicas carry with ease, and what needs 7.5 of them. */
const calmLoad = 30
const highLoad = 150

/** What came of a high load, from the moment on at which it began. */
export interface Course {
  /** Every change in the spec of the demo service, the first one first. */
  readonly changes: readonly Change[]
  /** Every change that a receiver's log tells of, the first one first. */
  readonly told: readonly Pick<Change, 'from' | 'to' | 'atMs'>[]
  /** Most replicas that the rules have asked for. */
  readonly needed: number
}

/** Puts load on a placed stack, and watches from the observers' node what the demo service does. */
export class LoadWatch {
  readonly #placed: PlacedStack
  readonly #observation: Observation
  readonly #changes: Changes

  constructor(placed: PlacedStack) {
    this.#placed = placed
    this.#observation = new Observation(placed.observers, placed.stack)
    this.#changes = listen(placed.observers)
  }

  stop(): void {
    this.#changes.stop()
  }

  changesOf(service: string): readonly Change[] {
    return this.#changes.of(service)
  }

  /** Waits for the fewest replicas under little load, measured and running. Gives the node of the receiver. */
  async calm(): Promise<ClusterNode> {
    await this.#placed.stack.setLoad(calmLoad)
    const probe = async () => {
      const { desired, running } = await this.#replicas()
      const needed = await this.#observation.value('max(swarm_autoscaler:replicas_needed_for_up:max)')
      const isMeasured = needed !== undefined && needed > 1 && needed < 2
      const isCalm = isMeasured && desired === fewestReplicas && running === fewestReplicas
      return isCalm ? this.#placed.receiverNode() : undefined
    }
    return waitFor(probe, { for: `calm, at ${fewestReplicas} replicas`, timeoutMs: 150_000, everyMs: 1_000 })
  }

  /** Raises the load to what the fewest replicas do not carry. */
  async raise(): Promise<void> {
    await this.#placed.stack.setLoad(highLoad)
  }

  /** The first up that came into the spec after `sinceMs`, and can be read there. */
  async firstUp(sinceMs: number, timeoutMs: number): Promise<Change> {
    const { webService } = this.#placed.stack
    const probe = async () => {
      const up = this.#changes.of(webService).find(({ from, to, atMs }) => to > from && atMs >= sinceMs)
      return up !== undefined && (await this.#replicas()).desired >= up.to ? up : undefined
    }
    return waitFor(probe, { for: `an up of ${webService}`, timeoutMs })
  }

  /** Waits until the replicas suffice for the high load, and run. */
  async settled(): Promise<void> {
    const probe = async () => {
      const { desired, running } = await this.#replicas()
      return desired >= enoughAtHighLoad && running === desired ? true : undefined
    }
    const { observers, stack } = this.#placed
    await waitFor(probe, {
      for: `${enoughAtHighLoad} replicas or more, running`,
      timeoutMs: 90_000,
      explain: () => observers.docker(['service', 'ps', '--no-trunc', stack.webService]),
    })
  }

  async course(sinceMs: number): Promise<Course> {
    const { webService } = this.#placed.stack
    const seconds = Math.ceil((Date.now() - sinceMs) / 1_000)
    const needed = `swarm_autoscaler:replicas_needed_for_up:max{service="${webService}"}`
    return {
      changes: this.#changes.of(webService).filter(({ atMs }) => atMs >= sinceMs),
      told: (await this.#told()).filter(({ atMs }) => atMs >= sinceMs),
      needed: (await this.#observation.value(`max(max_over_time(${needed}[${seconds}s]))`)) ?? 0,
    }
  }

  /** The running tasks that Swarm wants to run: its own count has those of a dead node among them. */
  async #replicas() {
    const { observers, stack } = this.#placed
    const format = '{{.Spec.Mode.Replicated.Replicas}}'
    const desired = await observers.docker(['service', 'inspect', '--format', format, stack.webService])
    return {
      desired: Number(desired),
      running: (await nodesOfRunning(observers.docker, stack.webService)).length,
    }
  }

  async #told() {
    const { stack, observers } = this.#placed
    const log = await observers.docker(['service', 'logs', '--raw', `${stack.name}_receiver`])
    return log
      .split('\n')
      .filter((line) => line.includes('"msg":"scaled"'))
      .map((line) => JSON.parse(line) as { time: string; service: string; from: number; to: number })
      .filter(({ service }) => service === stack.webService)
      .map(({ time, from, to }) => ({ from, to, atMs: Date.parse(time) }))
      .sort((a, b) => a.atMs - b.atMs)
  }
}
