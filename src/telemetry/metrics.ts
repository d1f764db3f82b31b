import { Counter, Gauge, Histogram, type Metric, type Registry } from 'prom-client'
import { ServiceMetrics } from './service-metrics.ts'

/** Every metric of the autoscaler's own, registered. Names and labels are part of the public contract. */
export class Metrics {
  readonly services: ServiceMetrics
  readonly alerts
  readonly alertsDropped
  readonly decisions
  readonly scalings
  readonly dockerRequests
  readonly dockerDuration
  readonly dockerConflicts
  readonly dockerUp
  readonly dockerEventsUp
  readonly configReloadSuccessful
  readonly tlsExpiry
  readonly httpDuration
  readonly reaction
  readonly convergence
  readonly crashLoops
  readonly redeploysRestored
  readonly replicaSeconds
  readonly historyUp
  readonly historyWrites
  readonly historyDuration
  readonly historyWaiting
  readonly historyLost
  readonly historyPruned

  constructor(registry: Registry, version: string) {
    const registers = [registry]
    const name = (rest: string) => `swarm_autoscaler_${rest}`
    this.services = new ServiceMetrics(registry)
    this.alerts = new Counter({
      name: name('alerts_total'),
      help: 'Alerts received, by what they ask for; scale="" if that is not valid.',
      labelNames: ['scale', 'status'],
      registers,
    })
    this.alertsDropped = new Counter({
      name: name('alerts_dropped_total'),
      help: 'Alerts dropped because more were active for one service than are kept.',
      registers,
    })
    this.decisions = new Counter({
      name: name('decisions_total'),
      help: 'Decisions by kind and reason; service="" if the service has not opted in.',
      labelNames: ['service', 'decision', 'reason'],
      registers,
    })
    this.scalings = new Counter({
      name: name('scalings_total'),
      help: 'Changes of replicas tried, by outcome: applied or failed.',
      labelNames: ['service', 'direction', 'outcome'],
      registers,
    })
    this.dockerRequests = new Counter({
      name: name('docker_requests_total'),
      help: 'Calls to the Docker engine, by outcome: ok or what went wrong.',
      labelNames: ['operation', 'outcome'],
      registers,
    })
    this.dockerDuration = new Histogram({
      name: name('docker_request_duration_seconds'),
      help: 'How long calls to the Docker engine take.',
      labelNames: ['operation'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    })
    this.dockerConflicts = new Counter({
      name: name('docker_conflicts_total'),
      help: 'Updates refused because another one came first; decided again.',
      registers,
    })
    this.dockerUp = new Gauge({
      name: name('docker_up'),
      help: '1 if the services could be read at the last resync, else 0.',
      registers,
    })
    this.dockerEventsUp = new Gauge({
      name: name('docker_events_up'),
      help: '1 while the Docker event stream is connected, 0 while only the resync finds changes.',
      registers,
    })
    this.configReloadSuccessful = new Gauge({
      name: name('config_last_reload_successful'),
      help: '1 if the last reload of all files that settings name succeeded, else 0.',
      registers,
    })
    this.configReloadSuccessful.set(1)
    this.tlsExpiry = new Gauge({
      name: name('tls_certificate_expiry_timestamp_seconds'),
      help: 'When the TLS certificate, or the first one of its chain, expires. Absent without TLS.',
      registers,
    })
    // A gauge begins with 0, which would be an expiry long ago.
    this.tlsExpiry.remove()
    this.httpDuration = new Histogram({
      name: name('http_request_duration_seconds'),
      help: 'How long requests to the receiver take.',
      labelNames: ['method', 'route', 'code'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    })
    this.reaction = new Histogram({
      name: name('reaction_seconds'),
      help: 'From the start of an alert to the applied change that it caused.',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600],
      registers,
    })
    this.convergence = new Histogram({
      name: name('convergence_seconds'),
      help: 'From an applied change to the moment at which all tasks of the service run.',
      buckets: [0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600, 1_800],
      registers,
    })
    this.crashLoops = new Counter({
      name: name('crash_loops_total'),
      help: 'Applied changes after which tasks of the service failed again and again.',
      labelNames: ['service'],
      registers,
    })
    this.historyUp = new Gauge({
      name: name('history_up'),
      help: '1 if the last entries of the history could be written, 0 if they wait in memory.',
      registers,
    })
    this.historyUp.set(1)
    this.historyWrites = new Counter({
      name: name('history_writes_total'),
      help: 'Writes of the history, by outcome: ok or what went wrong.',
      labelNames: ['outcome'],
      registers,
    })
    this.historyDuration = new Histogram({
      name: name('history_write_duration_seconds'),
      help: 'How long successful writes of the history take.',
      buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    })
    this.historyWaiting = new Gauge({
      name: name('history_waiting_entries'),
      help: 'Entries of the history that wait in memory to be written.',
      registers,
    })
    this.historyLost = new Counter({
      name: name('history_lost_entries_total'),
      help: 'Entries of the history that were lost.',
      registers,
    })
    this.historyPruned = new Counter({
      name: name('history_pruned_rows_total'),
      help: 'Rows removed from the history because they were too old or too many.',
      registers,
    })
    this.replicaSeconds = new Counter({
      name: name('replica_seconds_total'),
      help: 'Seconds that replicas ran, added up over the replicas, as far as the receiver saw them.',
      labelNames: ['service'],
      registers,
    })
    this.redeploysRestored = new Counter({
      name: name('redeploys_restored_total'),
      help: 'Redeploys that had reset the replicas and were undone.',
      labelNames: ['service'],
      registers,
    })
    new Gauge({
      name: name('build_info'),
      help: 'Always 1; the label has the version that runs.',
      labelNames: ['version'],
      registers,
    }).set({ version }, 1)
  }

  /** Removes every series of a service: one that is gone takes its series along. */
  async forget(service: string): Promise<void> {
    const { decisions, scalings, crashLoops, redeploysRestored, replicaSeconds } = this
    const ofServices = [decisions, scalings, crashLoops, redeploysRestored, replicaSeconds]
    const metrics = [...this.services.all, ...ofServices] as unknown as Metric<'service'>[]
    this.services.forget(service)
    for (const metric of metrics) {
      const { values } = await metric.get()
      for (const { labels } of values) if (labels.service === service) metric.remove(labels)
    }
  }
}
