/** What a test may say of an alert; the rest is as Alertmanager sends it. */
export interface AlertOptions {
  readonly service?: string
  readonly scale?: string
  readonly replicas?: string
  readonly step?: string
  readonly status?: 'firing' | 'resolved'
  readonly fingerprint?: string
  readonly startsAt?: string
  readonly endsAt?: string
}

/** One alert of a webhook message, with the fields that Alertmanager 0.25 and newer send. */
export function anAlert(options: AlertOptions = {}): object {
  const {
    service = 'web',
    scale = 'up',
    replicas,
    step,
    status = 'firing',
    fingerprint = 'c2f1a9b8d7e6f504',
  } = options
  return {
    status,
    labels: { alertname: 'SwarmServiceNeedsMoreReplicas', service, scale },
    annotations: {
      summary: `${service} needs more replicas.`,
      ...(replicas === undefined ? {} : { replicas }),
      ...(step === undefined ? {} : { step }),
    },
    startsAt: options.startsAt ?? options.endsAt ?? new Date().toISOString(),
    endsAt: options.endsAt ?? (status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString()),
    generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
    fingerprint,
  }
}

/** A webhook message, version 4. */
export function aMessage(...alerts: readonly unknown[]): object {
  return {
    version: '4',
    groupKey: '{}/{scale="up"}:{service="web"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'swarm-autoscaler',
    groupLabels: { service: 'web' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    fieldOfANewerVersion: true,
    alerts,
  }
}
