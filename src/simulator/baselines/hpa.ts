import type { Plant } from '../plant.ts'
import { type Bounds, finish, plantOf, type Scene, type Supply } from '../scene.ts'

/** Kubernetes' defaults: kube-controller-manager, and `behavior` of autoscaling/v2. */
const syncSeconds = 15
const tolerance = 0.1
const downStabilizationSeconds = 300
const maxUpShare = 1
const maxUpPods = 4
/** Interval and window of metrics-server. */
const metricSeconds = 15
/** Age of CPU use when metrics-server reads it: on average half of the kubelet's interval of 10 s. */
const kubeletLag = 5
/** Time from a measurement to the sync that uses it: on average half an interval. */
const syncLag = 7

interface Recommendation {
  readonly at: number
  readonly replicas: number
}

/**
 * The Kubernetes HorizontalPodAutoscaler with its defaults, on the same target and bounds. Source: `horizontal.go` and
 * `replica_calculator.go` of kubernetes/kubernetes `pkg/controller/podautoscaler`.
 */
export function runHpa(scene: Scene, bounds: Bounds): Supply {
  const plant = plantOf(scene, bounds)
  const hpa = new Hpa(scene, bounds, plant)
  const lag = syncLag + (scene.measure === 'cpu' ? kubeletLag : 0)
  for (let at = 0; at + lag < scene.load.length; at += syncSeconds) {
    plant.advanceTo(at)
    hpa.measure()
    plant.advanceTo(at + lag)
    plant.scale(hpa.sync())
  }
  return finish(plant)
}

class Hpa {
  readonly #scene: Scene
  readonly #bounds: Bounds
  readonly #plant: Plant
  #served = { now: 0, before: 0, at: 0 }
  #recommendations: Recommendation[] = []
  #ups: { readonly at: number; readonly added: number }[] = []

  constructor(scene: Scene, bounds: Bounds, plant: Plant) {
    this.#scene = scene
    this.#bounds = bounds
    this.#plant = plant
  }

  measure(): void {
    const { servedEach, now } = this.#plant
    this.#served = { now: servedEach, before: this.#served.now, at: now }
  }

  sync(): number {
    const { desired, now } = this.#plant
    const recommended = this.#stabilized(this.#clamp(this.#recommend()))
    const { min, max } = this.#bounds
    const to = Math.min(max, Math.max(min, Math.min(recommended, this.#maxUp())))
    if (to > desired) this.#ups.push({ at: now, added: to - desired })
    return to
  }

  /** The recommendation by the metric alone. */
  #recommend(): number {
    const { desired } = this.#plant
    const { target, load, measure } = this.#scene
    // One number for the whole service is divided by all pods, ready or not.
    if (measure === 'gauge') {
      const ratio = (load[this.#served.at] ?? 0) / target / Math.max(1, desired)
      return isTolerable(ratio) ? desired : Math.ceil((load[this.#served.at] ?? 0) / target)
    }
    if (this.#served.at < metricSeconds) return desired
    const unready = this.#unready()
    const ready = desired - unready
    if (ready <= 0) return desired
    const use = (this.#served.now - this.#served.before) / metricSeconds / target
    if (unready === 0) return isTolerable(use) ? desired : Math.ceil(use * ready - 1e-9)
    return measure === 'cpu' ? this.#withUnready(use, ready, unready) : this.#withMissing(use, ready, unready)
  }

  /** Pods that have not run for a whole measurement: unready for CPU, missing for other metrics. */
  #unready(): number {
    const { young } = this.#plant
    const isUnready = (readyAt: number) => readyAt + metricSeconds > this.#served.at
    return young.reduce((sum, { readyAt, count }) => sum + (isUnready(readyAt) ? count : 0), 0)
  }

  /** Unready pods count as idle on the way up, and not at all on the way down. */
  #withUnready(use: number, ready: number, unready: number): number {
    if (use <= 1) return isTolerable(use) ? this.#plant.desired : Math.ceil(use * ready - 1e-9)
    return this.#unlessReversed(use, (use * ready) / (ready + unready), ready + unready)
  }

  /** Missing pods count as idle on the way up, and as at their target on the way down. */
  #withMissing(use: number, ready: number, missing: number): number {
    const filled = use > 1 ? 0 : missing
    return this.#unlessReversed(use, (use * ready + filled) / (ready + missing), ready + missing)
  }

  #unlessReversed(use: number, filled: number, pods: number): number {
    const { desired } = this.#plant
    if (isTolerable(filled) || use > 1 !== filled > 1) return desired
    const replicas = Math.ceil(filled * pods - 1e-9)
    const isReversed = filled > 1 ? replicas < desired : replicas > desired
    return isReversed ? desired : replicas
  }

  /** The largest recommendation of the last five minutes. */
  #stabilized(replicas: number): number {
    const { now, desired } = this.#plant
    if (this.#recommendations.length === 0) this.#recommendations.push({ at: now, replicas: desired })
    this.#recommendations.push({ at: now, replicas })
    this.#recommendations = this.#recommendations.filter(({ at }) => at > now - downStabilizationSeconds)
    const most = Math.max(...this.#recommendations.map((one) => one.replicas))
    return replicas >= desired ? replicas : Math.min(desired, most)
  }

  /** 100 % or four pods more than 15 s ago, whichever is more. */
  #maxUp(): number {
    const { now, desired } = this.#plant
    this.#ups = this.#ups.filter(({ at }) => at > now - syncSeconds)
    const before = desired - this.#ups.reduce((sum, { added }) => sum + added, 0)
    return Math.max(before * (1 + maxUpShare), before + maxUpPods)
  }

  #clamp(replicas: number): number {
    return Math.min(this.#bounds.max, Math.max(this.#bounds.min, replicas))
  }
}

const isTolerable = (ratio: number) => Math.abs(ratio - 1) <= tolerance
