import type { Plant } from '../plant.ts'
import { plantOf, type Scene, type Supply } from '../run.ts'

interface Bounds {
  readonly min: number
  readonly max: number
}

/** Kubernetes' defaults: kube-controller-manager, and `behavior` of autoscaling/v2. */
const syncSeconds = 15
const tolerance = 0.1
const downStabilizationSeconds = 300
const mostUpShare = 1
const mostUpPods = 4
/** metrics-server measures so often, over so long. */
const metricSeconds = 15
/** CPU is as old when metrics-server reads it: half of the 10 s between two looks of the kubelet, as it is on average. */
const kubeletLag = 5
/** From a measurement to the sync that uses it: half of the time between two, as it is on average. */
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
  plant.advanceTo(scene.load.length)
  return { desired: plant.desiredSteps, running: plant.runningSteps }
}

class Hpa {
  readonly #scene: Scene
  readonly #bounds: Bounds
  readonly #plant: Plant
  #borne = { now: 0, before: 0, at: 0 }
  #recommendations: Recommendation[] = []
  #ups: { readonly at: number; readonly added: number }[] = []

  constructor(scene: Scene, bounds: Bounds, plant: Plant) {
    this.#scene = scene
    this.#bounds = bounds
    this.#plant = plant
  }

  measure(): void {
    const { borneEach, now } = this.#plant
    this.#borne = { now: borneEach, before: this.#borne.now, at: now }
  }

  sync(): number {
    const { desired, now } = this.#plant
    const recommended = this.#stabilized(this.#clamp(this.#recommend()))
    const { min, max } = this.#bounds
    const to = Math.min(max, Math.max(min, Math.min(recommended, this.#mostUp())))
    if (to > desired) this.#ups.push({ at: now, added: to - desired })
    return to
  }

  /** What the metric alone asks for. */
  #recommend(): number {
    const { desired } = this.#plant
    const { target, load, measure } = this.#scene
    // A number for the whole service is divided by the pods, whatever their state.
    if (measure === 'gauge') {
      const ratio = (load[this.#borne.at] ?? 0) / target / Math.max(1, desired)
      return isTolerable(ratio) ? desired : Math.ceil((load[this.#borne.at] ?? 0) / target)
    }
    if (this.#borne.at < metricSeconds) return desired
    const unready = this.#unready()
    const ready = desired - unready
    if (ready <= 0) return desired
    const use = (this.#borne.now - this.#borne.before) / metricSeconds / target
    if (unready === 0) return isTolerable(use) ? desired : Math.ceil(use * ready - 1e-9)
    return measure === 'cpu' ? this.#withUnready(use, ready, unready) : this.#withMissing(use, ready, unready)
  }

  /** Pods that have not worked for a whole measurement: of CPU they are unready, of other metrics there is none of them. */
  #unready(): number {
    const { young } = this.#plant
    const isUnready = (readyAt: number) => readyAt + metricSeconds > this.#borne.at
    return young.reduce((sum, { readyAt, count }) => sum + (isUnready(readyAt) ? count : 0), 0)
  }

  /** On the way up they count as idle, on the way down not at all. */
  #withUnready(use: number, ready: number, unready: number): number {
    if (use <= 1) return isTolerable(use) ? this.#plant.desired : Math.ceil(use * ready - 1e-9)
    return this.#unlessTurned(use, (use * ready) / (ready + unready), ready + unready)
  }

  /** On the way up they count as idle, on the way down as at their target. */
  #withMissing(use: number, ready: number, missing: number): number {
    const filled = use > 1 ? 0 : missing
    return this.#unlessTurned(use, (use * ready + filled) / (ready + missing), ready + missing)
  }

  #unlessTurned(use: number, filled: number, pods: number): number {
    const { desired } = this.#plant
    if (isTolerable(filled) || use > 1 !== filled > 1) return desired
    const replicas = Math.ceil(filled * pods - 1e-9)
    const isTurned = filled > 1 ? replicas < desired : replicas > desired
    return isTurned ? desired : replicas
  }

  /** The most that was recommended in the last five minutes. */
  #stabilized(replicas: number): number {
    const { now, desired } = this.#plant
    if (this.#recommendations.length === 0) this.#recommendations.push({ at: now, replicas: desired })
    this.#recommendations.push({ at: now, replicas })
    this.#recommendations = this.#recommendations.filter(({ at }) => at > now - downStabilizationSeconds)
    const most = Math.max(...this.#recommendations.map((one) => one.replicas))
    return replicas >= desired ? replicas : Math.min(desired, most)
  }

  /** 100 % or four pods more than there were 15 s ago, whichever is more. */
  #mostUp(): number {
    const { now, desired } = this.#plant
    this.#ups = this.#ups.filter(({ at }) => at > now - syncSeconds)
    const before = desired - this.#ups.reduce((sum, { added }) => sum + added, 0)
    return Math.max(before * (1 + mostUpShare), before + mostUpPods)
  }

  #clamp(replicas: number): number {
    return Math.min(this.#bounds.max, Math.max(this.#bounds.min, replicas))
  }
}

const isTolerable = (ratio: number) => Math.abs(ratio - 1) <= tolerance
