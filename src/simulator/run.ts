import { defined } from '../domain/defined.ts'
import { type Direction, directions } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'
import { forecastSignal } from './forecast/forecast-signal.ts'
import { AlertGroup, type Post, type RouteTiming } from './path/alertmanager-model.ts'
import { type Measure, Measuring, scrapeSeconds } from './path/measuring.ts'
import { evaluationSeconds, type Firing, type RuleNumbers, RulesModel } from './path/rules-model.ts'
import { Plant, type Step } from './plant.ts'
import { ReceiverModel } from './receiver-model.ts'

/** A load, and what it is put on. */
export interface Scene {
  /** What second 0 is, in ms since the epoch. */
  readonly startMs: number
  /** For each second, in whatever unit `capacity` and `target` are in. */
  readonly load: Float64Array
  readonly measure: Measure
  /** What one replica can bear, > 0. */
  readonly capacity: number
  /** What one replica should bear, > 0. */
  readonly target: number
  /** From the change of the number until a new replica works, in whole seconds. */
  readonly startUpSeconds: number
}

/**
 * The replicas that one more signal asks for at an evaluation, if any. It hears what was needed by measurement, where anything was
 * measured, so that it can learn.
 */
type ExtraSignal = (second: number, needed: number | undefined) => number | undefined

/** From the measurement to the decision. */
export interface Path {
  readonly up: RouteTiming
  readonly down: RouteTiming
  /** The numbers of the rules. Absent: those that are shipped. */
  readonly numbers?: RuleNumbers
  /**
   * One more signal that a policy switches on, made anew for each run; undefined of it: there is none. Absent: the forecast of the
   * policy, which has no history at second 0.
   */
  readonly extraSignal?: (policy: Policy) => ExtraSignal | undefined
}

/** What stands in the shipped Alertmanager configuration. */
export const shippedPath: Path = {
  up: { groupWait: 0, groupInterval: 5, repeatInterval: 4 },
  down: { groupWait: 0, groupInterval: 30, repeatInterval: 25 },
}

/** What somebody asked for, and what there was of it. */
export interface Supply {
  readonly desired: readonly Step[]
  readonly running: readonly Step[]
}

interface PendingPost {
  /** When it arrives, in seconds. */
  readonly at: number
  readonly direction: Direction
  readonly post: Post
}

/** Seconds from a scrape to the evaluation that sees it: half of the time between two, as it is on average. */
const evaluationLag = 2
/** Seconds from a tick of Alertmanager to the update of the service. */
const postLag = 1

/** Runs the autoscaler over a load: rules, Alertmanager, and the receiver's own decisions, all on virtual time. */
export function runAutoscaler(scene: Scene, policy: Policy, path: Path = shippedPath): Supply {
  const run = new Run(scene, policy, path)
  run.toTheEnd()
  return { desired: run.plant.desiredSteps, running: run.plant.runningSteps }
}

/** A plant for this scene that has as many replicas as its load needs at the beginning. */
export function plantOf(scene: Scene, bounds: { readonly min: number; readonly max: number }): Plant {
  const needed = Math.ceil((scene.load[0] ?? 0) / scene.target - 1e-9)
  return new Plant({
    load: scene.load,
    capacity: scene.capacity,
    startUpSeconds: scene.startUpSeconds,
    saturates: scene.measure === 'cpu',
    replicas: Math.min(bounds.max, Math.max(bounds.min, needed)),
  })
}

const forecastOf = ({ forecast }: Policy) => forecast && forecastSignal(forecast)

class Run {
  readonly plant: Plant
  readonly #scene: Scene
  readonly #extraSignal: ExtraSignal | undefined
  readonly #measuring: Measuring
  readonly #rules: RulesModel
  readonly #groups: { readonly up: AlertGroup; readonly down: AlertGroup }
  readonly #receiver: ReceiverModel
  #scraped = { desired: 0, min: 0 }
  readonly #posts: PendingPost[] = []

  constructor(scene: Scene, policy: Policy, path: Path) {
    this.#scene = scene
    this.#extraSignal = (path.extraSignal ?? forecastOf)(policy)
    this.plant = plantOf(scene, policy)
    this.#measuring = new Measuring(this.plant, scene.measure)
    this.#rules = new RulesModel(path.numbers === undefined ? {} : { numbers: path.numbers })
    this.#groups = { up: new AlertGroup(path.up), down: new AlertGroup(path.down) }
    this.#receiver = new ReceiverModel({ plant: this.plant, policy, startMs: scene.startMs })
  }

  toTheEnd(): void {
    const { length } = this.#scene.load
    let scrapeAt = 0
    let evaluateAt = evaluationLag
    while (true) {
      const now = Math.min(scrapeAt, evaluateAt, this.#nextOfPath())
      if (now >= length) break
      this.plant.advanceTo(now)
      if (now === scrapeAt) {
        this.#scrape(now)
        scrapeAt += scrapeSeconds
      }
      if (now === evaluateAt) {
        this.#evaluate(now)
        evaluateAt += evaluationSeconds
      }
      this.#goOn(now)
    }
    this.plant.advanceTo(length)
  }

  #nextOfPath(): number {
    const { up, down } = this.#groups
    return Math.min(
      up.nextTickAt,
      down.nextTickAt,
      this.#posts[0]?.at ?? Number.POSITIVE_INFINITY,
      this.#receiver.nextLookAt,
    )
  }

  #scrape(now: number): void {
    this.#measuring.scrape()
    this.#scraped = { desired: this.plant.desired, min: this.#receiver.minAt(now) }
  }

  #evaluate(now: number): void {
    const { up, down } = this.#findings(now)
    this.#groups.up.hear(up, now)
    this.#groups.down.hear(down, now)
  }

  #findings(now: number): Firing {
    const { target, capacity, measure } = this.#scene
    const { load, reporting } = this.#measuring.read(evaluationLag)
    const needed = load === undefined ? undefined : load / target
    const alsoNeeded = this.#extraSignal?.(now, needed)
    return this.#rules.evaluate({
      ...this.#scraped,
      ...defined({ needed, reporting, alsoNeeded }),
      ...(measure === 'cpu' && load !== undefined && reporting
        ? { useOfLimit: load / reporting / capacity }
        : {}),
    })
  }

  #goOn(now: number): void {
    for (const direction of directions) {
      const group = this.#groups[direction]
      if (group.nextTickAt !== now) continue
      const post = group.tick(now)
      if (post !== undefined) this.#posts.push({ at: now + postLag, direction, post })
    }
    // What a hold has kept back acts at its very end, before anything that arrives in that second.
    if (this.#receiver.nextLookAt <= now) this.#receiver.look(now)
    for (let due = this.#posts[0]; due?.at === now; due = this.#posts[0]) {
      this.#posts.shift()
      this.#receiver.receive(due.direction, due.post, now)
    }
  }
}
