import { Gauge, type Registry } from 'prom-client'
import { boundsAt } from '../decide/bounds.ts'
import { cooldownUntilMs } from '../domain/cooldown.ts'
import type { Decision } from '../domain/decision.ts'
import { directions } from '../domain/direction.ts'
import type { Forecast } from '../domain/forecast.ts'
import { isPaused } from '../domain/pause.ts'
import type { Policy } from '../domain/policy.ts'
import type { ScalingState, Service } from '../domain/service.ts'

type ForecastLabels = Record<'service' | 'period' | 'mode', string>

/** The gauges of each opted-in service. The shipped Prometheus rules go by them. */
export class ServiceMetrics {
  readonly #desired
  readonly #running
  readonly #pending
  readonly #pendingInfo
  readonly #failing
  readonly #min
  readonly #max
  readonly #needed
  readonly #target
  readonly #cpuLimit
  readonly #memoryLimit
  readonly #policyValid
  readonly #cooldownUntil
  readonly #lastScale
  readonly #paused
  readonly #cost
  readonly #scheduleActive
  readonly #forecast
  readonly #status
  /** The keys of which each service shows a series, by the label that names them. */
  readonly #shown = {
    signal: new Map<string, readonly string[]>(),
    schedule: new Map<string, readonly string[]>(),
    reason: new Map<string, readonly string[]>(),
  }
  readonly #shownForecasts = new Map<string, ForecastLabels>()
  /** The status that each service shows. */
  readonly #shownStatus = new Map<string, { decision: string; reason: string }>()

  constructor(registry: Registry) {
    const gauge = <L extends string>(name: string, help: string, ...labels: L[]) =>
      new Gauge({
        name: `swarm_autoscaler_service_${name}`,
        help,
        labelNames: ['service', ...labels] as const,
        registers: [registry],
      })
    this.#desired = gauge('desired_replicas', 'Replicas in the spec of the service.')
    this.#running = gauge('running_replicas', 'Replicas whose task was seen running.')
    this.#pending = gauge('pending_replicas', 'Replicas that no node may or can take.')
    this.#pendingInfo = gauge(
      'pending_info',
      "1 while replicas are pending; the label has the reason, in Docker's own words.",
      'reason',
    )
    this.#failing = gauge('failing_replicas', 'Replicas whose tasks fail again and again, or have given up.')
    this.#min = gauge('min_replicas', 'Fewest replicas, by the current bounds.')
    this.#max = gauge('max_replicas', 'Most replicas, by the current bounds.')
    this.#needed = gauge('needed_replicas', 'Replicas that the last alert asked for, before any limit.')
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
    this.#policyValid = gauge('policy_valid', '1 if the policy is valid, else 0.')
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
    this.#paused = gauge(
      'paused',
      '1 while automatic changes in this direction are paused, else 0.',
      'direction',
    )
    this.#cost = gauge(
      'cost_per_hour',
      'Price of one replica for one hour, in the currency of the installation.',
    )
    this.#forecast = gauge(
      'forecast_look_ahead_seconds',
      'How far ahead the forecast looks, by its period and whether it acts.',
      'period',
      'mode',
    )
    this.#scheduleActive = new Gauge({
      name: 'swarm_autoscaler_schedule_active',
      help: '1 while the window of this schedule is open, else 0.',
      labelNames: ['service', 'schedule'] as const,
      registers: [registry],
    })
    this.#status = gauge(
      'status_info',
      'Always 1; the labels have the decision of the last check of the service, and its reason.',
      'decision',
      'reason',
    )
  }

  /** Every gauge that has a series per service. */
  get all(): readonly Gauge[] {
    return [
      this.#desired,
      this.#running,
      this.#pending,
      this.#pendingInfo,
      this.#failing,
      this.#min,
      this.#max,
      this.#needed,
      this.#target,
      this.#cpuLimit,
      this.#memoryLimit,
      this.#policyValid,
      this.#cooldownUntil,
      this.#lastScale,
      this.#paused,
      this.#cost,
      this.#scheduleActive,
      this.#forecast,
      this.#status,
    ] as unknown as Gauge[]
  }

  /** Shows a service that has opted in as it is at `atMs`. */
  show(service: Service, atMs: number): void {
    const labels = { service: service.name }
    this.#desired.set(labels, service.desiredReplicas)
    if (service.runningReplicas !== undefined) this.#running.set(labels, service.runningReplicas)
    this.#showTasks(service)
    this.#cpuLimit.set(labels, service.cpuLimitCores)
    if (service.memoryLimitBytes === undefined) this.#memoryLimit.remove(labels)
    else this.#memoryLimit.set(labels, service.memoryLimitBytes)
    this.#policyValid.set(labels, service.policy.kind === 'valid' ? 1 : 0)
    const policy = service.policy.kind === 'valid' ? service.policy.policy : undefined
    this.#showSeries(this.#target, 'signal', service.name, policy?.targets ?? {})
    const bounds = policy === undefined ? undefined : boundsAt(policy, atMs)
    const windows = bounds?.windows.map(({ schedule, isOpen }) => [schedule.name, Number(isOpen)]) ?? []
    this.#showSeries(this.#scheduleActive, 'schedule', service.name, Object.fromEntries(windows))
    setOrRemove(this.#min, labels, bounds?.min)
    setOrRemove(this.#max, labels, bounds?.max)
    setOrRemove(this.#cost, labels, policy?.costPerHour)
    this.#showForecast(service.name, policy?.forecast)
    this.#showDirections(service.name, policy, service.state, atMs)
  }

  showNeeded(service: string, replicas: number): void {
    this.#needed.set({ service }, replicas)
  }

  /** Shows the decision of the last check, and no longer the one before. */
  showStatus(service: string, { kind: decision, reason }: Decision): void {
    const before = this.#shownStatus.get(service)
    if (before?.decision === decision && before.reason === reason) return
    if (before !== undefined) this.#status.remove({ service, ...before })
    this.#status.set({ service, decision, reason }, 1)
    this.#shownStatus.set(service, { decision, reason })
  }

  /** What a service that is gone has shown is not remembered. */
  forget(service: string): void {
    for (const shown of [...Object.values(this.#shown), this.#shownForecasts, this.#shownStatus])
      shown.delete(service)
  }

  /** Shows one series of a gauge per key of `values`, and no longer those of an earlier policy. */
  #showSeries<L extends string>(
    gauge: Gauge<'service' | L>,
    label: L,
    service: string,
    values: Readonly<Record<string, number>>,
  ): void {
    const shown = this.#shown[label as 'signal' | 'schedule' | 'reason']
    const labelsOf = (key: string) => ({ service, [label]: key }) as Record<'service' | L, string>
    for (const key of shown.get(service) ?? []) if (!Object.hasOwn(values, key)) gauge.remove(labelsOf(key))
    for (const [key, value] of Object.entries(values)) gauge.set(labelsOf(key), value)
    shown.set(service, Object.keys(values))
  }

  #showForecast(service: string, forecast: Forecast | undefined): void {
    const shown = this.#shownForecasts.get(service)
    if (shown !== undefined) this.#forecast.remove(shown)
    this.#shownForecasts.delete(service)
    if (forecast === undefined) return
    const mode = forecast.isForecastOnly ? 'forecast-only' : 'act'
    const labels = { service, period: forecast.period, mode }
    this.#forecast.set(labels, forecast.lookAheadMs / 1_000)
    this.#shownForecasts.set(service, labels)
  }

  /** If the tasks were not read although the running ones were counted, they were healthy. */
  #showTasks({ name, tasks, runningReplicas }: Service): void {
    if (tasks === undefined && runningReplicas === undefined) return
    this.#pending.set({ service: name }, tasks?.pending ?? 0)
    this.#failing.set({ service: name }, tasks?.failing ?? 0)
    const { pendingReason } = tasks ?? {}
    this.#showSeries(
      this.#pendingInfo,
      'reason',
      name,
      pendingReason === undefined ? {} : { [pendingReason]: 1 },
    )
  }

  #showDirections(service: string, policy: Policy | undefined, state: ScalingState, atMs: number): void {
    for (const direction of directions) {
      const labels = { service, direction }
      const lastMs = direction === 'up' ? state.lastUpMs : state.lastDownMs
      setOrRemove(this.#lastScale, labels, inSeconds(lastMs))
      const untilMs = policy && cooldownUntilMs(direction, 'step', policy, state)
      setOrRemove(this.#cooldownUntil, labels, inSeconds(untilMs))
      setOrRemove(this.#paused, labels, policy && Number(isPaused(policy.pause, direction, atMs)))
    }
  }
}

/** Shows a value, and no series if there is none: a redeploy or another policy can have removed it. */
function setOrRemove<L extends string>(
  gauge: Gauge<L>,
  labels: Record<L, string>,
  value: number | undefined,
): void {
  if (value === undefined) gauge.remove(labels)
  else gauge.set(labels, value)
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000
}
