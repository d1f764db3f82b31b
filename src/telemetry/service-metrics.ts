import { Gauge, type Registry } from 'prom-client'
import { cooldownUntilMs } from '../domain/cooldown.ts'
import { directions } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'
import type { ScalingState, Service } from '../domain/service.ts'

/** The gauges that tell how each opted-in service stands. The shipped Prometheus rules go by them. */
export class ServiceMetrics {
  readonly #desired
  readonly #running
  readonly #min
  readonly #max
  readonly #needed
  readonly #target
  readonly #cpuLimit
  readonly #memoryLimit
  readonly #policyValid
  readonly #cooldownUntil
  readonly #lastScale
  /** The signals of which each service shows a target. */
  readonly #signalsShown = new Map<string, readonly string[]>()

  constructor(registry: Registry) {
    const gauge = <L extends string>(name: string, help: string, ...labels: L[]) =>
      new Gauge({
        name: `swarm_autoscaler_service_${name}`,
        help,
        labelNames: ['service', ...labels] as const,
        registers: [registry],
      })
    this.#desired = gauge('desired_replicas', 'Replicas in the spec of the service.')
    this.#running = gauge('running_replicas', 'Tasks of the service seen running, draining ones among them.')
    this.#min = gauge('min_replicas', 'Fewest replicas, as the bounds in force have it.')
    this.#max = gauge('max_replicas', 'Most replicas, as the bounds in force have it.')
    this.#needed = gauge('needed_replicas', 'Replicas that the last signal asked for, before any limit.')
    this.#target = gauge(
      'target',
      'Target of one replica by signal, in base units (ratio, seconds, bytes).',
      'signal',
    )
    this.#cpuLimit = gauge(
      'cpu_limit_cores',
      'Cores that one replica may use: limit, else reservation, else 1.',
    )
    this.#memoryLimit = gauge(
      'memory_limit_bytes',
      'Memory that one replica may use: limit, else reservation.',
    )
    this.#policyValid = gauge(
      'policy_valid',
      '1 where the labels are a valid policy, 0 where they are refused.',
    )
    this.#cooldownUntil = gauge(
      'cooldown_until_timestamp_seconds',
      'When the pause after the last change ends for a step, as a Unix time.',
      'direction',
    )
    this.#lastScale = gauge(
      'last_scale_timestamp_seconds',
      'When the service was last scaled, as a Unix time.',
      'direction',
    )
  }

  /** Every gauge that has a series per service. */
  get all(): readonly Gauge[] {
    return [
      this.#desired,
      this.#running,
      this.#min,
      this.#max,
      this.#needed,
      this.#target,
      this.#cpuLimit,
      this.#memoryLimit,
      this.#policyValid,
      this.#cooldownUntil,
      this.#lastScale,
    ] as unknown as Gauge[]
  }

  /** Shows a service that has opted in as it is now. */
  show(service: Service): void {
    const labels = { service: service.name }
    this.#desired.set(labels, service.desiredReplicas)
    if (service.runningReplicas !== undefined) this.#running.set(labels, service.runningReplicas)
    this.#cpuLimit.set(labels, service.cpuLimitCores)
    if (service.memoryLimitBytes === undefined) this.#memoryLimit.remove(labels)
    else this.#memoryLimit.set(labels, service.memoryLimitBytes)
    this.#policyValid.set(labels, service.policy.kind === 'valid' ? 1 : 0)
    const policy = service.policy.kind === 'valid' ? service.policy.policy : undefined
    this.#showTargets(service.name, policy?.targets ?? {})
    if (policy !== undefined) this.#showPolicy(service.name, policy, service.state)
    else for (const bound of [this.#min, this.#max]) bound.remove(labels)
  }

  showNeeded(service: string, replicas: number): void {
    this.#needed.set({ service }, replicas)
  }

  /** Shows these targets, and no longer those of an earlier policy. */
  #showTargets(service: string, targets: Policy['targets']): void {
    for (const signal of this.#signalsShown.get(service) ?? []) {
      if (targets[signal] === undefined) this.#target.remove({ service, signal })
    }
    for (const [signal, target] of Object.entries(targets)) this.#target.set({ service, signal }, target)
    this.#signalsShown.set(service, Object.keys(targets))
  }

  #showPolicy(service: string, policy: Policy, state: ScalingState): void {
    this.#min.set({ service }, policy.min)
    this.#max.set({ service }, policy.max)
    for (const direction of directions) {
      const lastMs = direction === 'up' ? state.lastUpMs : state.lastDownMs
      setTime(this.#lastScale, { service, direction }, lastMs)
      setTime(this.#cooldownUntil, { service, direction }, cooldownUntilMs(direction, 'step', policy, state))
    }
  }
}

/** Shows a time as a Unix time, and none where there is none: a redeploy can have wiped it. */
function setTime<L extends string>(
  gauge: Gauge<L>,
  labels: Record<L, string>,
  timeMs: number | undefined,
): void {
  if (timeMs === undefined) gauge.remove(labels)
  else gauge.set(labels, timeMs / 1_000)
}
