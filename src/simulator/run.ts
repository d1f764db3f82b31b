import { defined } from '../domain/defined.ts'
import { type Direction, directions } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'
import { forecastSignal } from './forecast/forecast-signal.ts'
import { AlertGroup, type Post, type RouteTiming } from './pipeline/alertmanager-model.ts'
import { evaluationSeconds, type Firing, type RuleNumbers, RulesModel } from './pipeline/rules-model.ts'
import { Scraper, scrapeSeconds } from './pipeline/scraper.ts'
import type { Plant } from './plant.ts'
import { ReceiverModel } from './receiver-model.ts'
import { finish, plantOf, type Scene, type Supply } from './scene.ts'

/**
 * The replicas that one more signal asks for at an evaluation, if any. It is given the replicas needed by measurement, if anything was
 * measured, to learn from.
 */
type ExtraSignal = (second: number, needed: number | undefined) => number | undefined

/** Everything between the measurement and the decision. */
export interface Pipeline {
  readonly up: RouteTiming
  readonly down: RouteTiming
  /** The numbers of the rules. Absent: the shipped ones. */
  readonly numbers?: RuleNumbers
  /**
   * Makes one more signal for each run; undefined: the policy has none. Absent: the forecast of the policy, which has no history at
   * second 0.
   */
  readonly extraSignal?: (policy: Policy) => ExtraSignal | undefined
}

/** The shipped Alertmanager configuration. */
export const shippedPipeline: Pipeline = {
  up: { groupWait: 0, groupInterval: 5, repeatInterval: 4 },
  down: { groupWait: 0, groupInterval: 30, repeatInterval: 25 },
}

interface PendingPost {
  /** When it arrives, in seconds. */
  readonly at: number
  readonly direction: Direction
  readonly post: Post
}

/** Seconds from a scrape to the evaluation that uses it: on average half an interval. */
const evaluationLag = 2
/** Seconds from a tick of Alertmanager to the update of the service. */
const postLag = 1

/** Runs the autoscaler on a load: rules, Alertmanager and the receiver's own decisions, on virtual time. */
export function runAutoscaler(scene: Scene, policy: Policy, pipeline: Pipeline = shippedPipeline): Supply {
  return new Run(scene, policy, pipeline).toEnd()
}

const forecastOf = ({ forecast }: Policy) => forecast && forecastSignal(forecast)

class Run {
  readonly #plant: Plant
  readonly #scene: Scene
  readonly #extraSignal: ExtraSignal | undefined
  readonly #scraper: Scraper
  readonly #rules: RulesModel
  readonly #groups: { readonly up: AlertGroup; readonly down: AlertGroup }
  readonly #receiver: ReceiverModel
  #scraped = { desired: 0, min: 0 }
  readonly #posts: PendingPost[] = []

  constructor(scene: Scene, policy: Policy, pipeline: Pipeline) {
    this.#scene = scene
    this.#extraSignal = (pipeline.extraSignal ?? forecastOf)(policy)
    this.#plant = plantOf(scene, policy)
    this.#scraper = new Scraper(this.#plant, scene.measure)
    this.#rules = new RulesModel(pipeline.numbers === undefined ? {} : { numbers: pipeline.numbers })
    this.#groups = { up: new AlertGroup(pipeline.up), down: new AlertGroup(pipeline.down) }
    this.#receiver = new ReceiverModel({ plant: this.#plant, policy, startMs: scene.startMs })
  }

  toEnd(): Supply {
    const { length } = this.#scene.load
    let scrapeAt = 0
    let evaluateAt = evaluationLag
    while (true) {
      const now = Math.min(scrapeAt, evaluateAt, this.#nextAt())
      if (now >= length) break
      this.#plant.advanceTo(now)
      if (now === scrapeAt) {
        this.#scrape(now)
        scrapeAt += scrapeSeconds
      }
      if (now === evaluateAt) {
        this.#evaluate(now)
        evaluateAt += evaluationSeconds
      }
      this.#deliver(now)
    }
    return finish(this.#plant)
  }

  /** When Alertmanager or the receiver acts next. */
  #nextAt(): number {
    const { up, down } = this.#groups
    return Math.min(
      up.nextTickAt,
      down.nextTickAt,
      this.#posts[0]?.at ?? Number.POSITIVE_INFINITY,
      this.#receiver.nextReconcileAt,
    )
  }

  #scrape(now: number): void {
    this.#scraper.scrape()
    this.#scraped = { desired: this.#plant.desired, min: this.#receiver.minAt(now) }
  }

  #evaluate(now: number): void {
    const { up, down } = this.#firing(now)
    this.#groups.up.update(up, now)
    this.#groups.down.update(down, now)
  }

  #firing(now: number): Firing {
    const { target, capacity, measure } = this.#scene
    const { load, reporting } = this.#scraper.read(evaluationLag)
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

  #deliver(now: number): void {
    for (const direction of directions) {
      const group = this.#groups[direction]
      if (group.nextTickAt !== now) continue
      const post = group.tick(now)
      if (post !== undefined) this.#posts.push({ at: now + postLag, direction, post })
    }
    // A held change is applied as soon as its hold ends, before anything that arrives in that second.
    if (this.#receiver.nextReconcileAt <= now) this.#receiver.reconcile(now)
    for (let due = this.#posts[0]; due?.at === now; due = this.#posts[0]) {
      this.#posts.shift()
      this.#receiver.receive(due.direction, due.post, now)
    }
  }
}
