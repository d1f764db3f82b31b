import { Counter, Gauge, Histogram, type Metric, type Registry } from 'prom-client'
import { ServiceMetrics } from './service-metrics.ts'

/** Every metric of the autoscaler's own, registered. Names and labels are part of the public contract. */
export class Metrics {
  readonly services: ServiceMetrics
  readonly alerts
  readonly signalsDropped
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
  readonly recordUp
  readonly recordWrites
  readonly recordDuration
  readonly recordWaiting
  readonly recordLost
  readonly recordPruned

  constructor(registry: Registry, version: string) {
    const registers = [registry]
    const name = (rest: string) => `swarm_autoscaler_${rest}`
    this.services = new ServiceMetrics(registry)
    this.alerts = new Counter({
      name: name('alerts_total'),
      help: 'Alerts received, by what they ask for; scale="" where they say nothing valid.',
      labelNames: ['scale', 'status'],
      registers,
    })
    this.signalsDropped = new Counter({
      name: name('alerts_dropped_total'),
      help: 'Signals dropped because more stood for one service than are kept.',
      registers,
    })
    this.decisions = new Counter({
      name: name('decisions_total'),
      help: 'Decisions by kind and reason; service="" where the service has not opted in.',
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
      help: 'Calls of the Docker engine, by outcome: ok or what went wrong.',
      labelNames: ['operation', 'outcome'],
      registers,
    })
    this.dockerDuration = new Histogram({
      name: name('docker_request_duration_seconds'),
      help: 'How long calls of the Docker engine take.',
      labelNames: ['operation'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    })
    this.dockerConflicts = new Counter({
      name: name('docker_conflicts_total'),
      help: 'Updates that lost against another one, and were decided anew.',
      registers,
    })
    this.dockerUp = new Gauge({
      name: name('docker_up'),
      help: '1 where the services could be read at the last resync, else 0.',
      registers,
    })
    this.dockerEventsUp = new Gauge({
      name: name('docker_events_up'),
      help: '1 while Docker tells of changes as they happen, 0 while only the resync finds them.',
      registers,
    })
    this.configReloadSuccessful = new Gauge({
      name: name('config_last_reload_successful'),
      help: '1 where all files that settings name are in force as they were last read, 0 where one was refused then.',
      registers,
    })
    this.configReloadSuccessful.set(1)
    this.tlsExpiry = new Gauge({
      name: name('tls_certificate_expiry_timestamp_seconds'),
      help: 'When the certificate that TLS is served with expires, or the first of its chain. Absent without TLS.',
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
    this.recordUp = new Gauge({
      name: name('history_up'),
      help: '1 where the last entries of the record could be written, 0 where they wait in memory.',
      registers,
    })
    this.recordUp.set(1)
    this.recordWrites = new Counter({
      name: name('history_writes_total'),
      help: 'Writes of the record, by outcome: ok or what went wrong.',
      labelNames: ['outcome'],
      registers,
    })
    this.recordDuration = new Histogram({
      name: name('history_write_duration_seconds'),
      help: 'How long successful writes of the record take.',
      buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    })
    this.recordWaiting = new Gauge({
      name: name('history_waiting_entries'),
      help: 'Entries of the record that wait in memory to be written.',
      registers,
    })
    this.recordLost = new Counter({
      name: name('history_lost_entries_total'),
      help: 'Entries of the record that were given up.',
      registers,
    })
    this.recordPruned = new Counter({
      name: name('history_pruned_rows_total'),
      help: 'Rows removed from the record because they were too old or too many.',
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
      help: 'Redeploys that had reset the replicas, which were set back.',
      labelNames: ['service'],
      registers,
    })
    new Gauge({
      name: name('build_info'),
      help: 'Always 1; the label tells the version that runs.',
      labelNames: ['version'],
      registers,
    }).set({ version }, 1)
  }

  /** Drops every series of services that are not in `names`: a service that is gone takes its series along. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    const { decisions, scalings, crashLoops, redeploysRestored, replicaSeconds } = this
    const ofServices = [decisions, scalings, crashLoops, redeploysRestored, replicaSeconds]
    const metrics = [...this.services.all, ...ofServices] as unknown as Metric<'service'>[]
    for (const metric of metrics) {
      const { values } = await metric.get()
      for (const { labels } of values) {
        const service = labels.service
        if (service !== undefined && service !== '' && !names.has(String(service))) metric.remove(labels)
      }
    }
  }
}
