import { createHash } from 'node:crypto'
import type { MadeUpService } from '../../test/support/fake-engine/docker-json.ts'
import { serviceName } from '../made-up-exporter.ts'

/** The replicas that a made-up service has, and that it should have. */
export const wantedReplicas = 4

/** Enabled services with the labels of a web application that scales by two signals, at night by a schedule. */
export function madeUpServices(count: number, labels: Readonly<Record<string, string>> = {}) {
  return Array.from({ length: count }, (_, index): MadeUpService => {
    const own = {
      enable: 'true',
      min: '2',
      max: '20',
      'target.requests': '50',
      'target.cpu': '70%',
      'down.cooldown': '2m',
      'schedule.night.start': '0 22 * * *',
      'schedule.night.duration': '8h',
      'schedule.night.min': '1',
      'schedule.night.timezone': 'Europe/Berlin',
      cost: '0.021',
      ...labels,
    }
    const prefixed = Object.entries(own).map(([key, text]) => [`autoscaler.${key}`, text])
    return { name: serviceName(index), replicas: wantedReplicas, labels: Object.fromEntries(prefixed) }
  })
}

/** When the made-up alerts began to fire. */
const beganAtMs = Date.now() - 60_000

/** An alert that asks for this number of replicas of a service, as the shipped rules and Alertmanager make it. */
export function anAlert(
  service: string,
  replicas: number,
  { scale = 'up', startsAtMs = beganAtMs }: { scale?: 'up' | 'to'; startsAtMs?: number } = {},
): object {
  const summary = `${service} runs hot: its requests need ${replicas} replicas, and ${wantedReplicas} are there.`
  return {
    status: 'firing',
    labels: {
      alertname: 'SwarmServiceNeedsMoreReplicas',
      scale,
      service,
      severity: 'none',
    },
    annotations: { replicas: `${replicas}`, summary },
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: `http://prometheus:9090/graph?g0.expr=swarm_autoscaler%3Areplicas_to_go_to%7Bservice%3D%22${service}%22%7D&g0.tab=1`,
    fingerprint: createHash('sha256').update(service).digest('hex').slice(0, 16),
  }
}

/** The end of that alert. */
export function anEnd(service: string): object {
  return { ...anAlert(service, 0), status: 'resolved', endsAt: new Date().toISOString() }
}

/** A message with these alerts, as Alertmanager 0.28 sends it. */
export function aMessage(alerts: readonly object[]): object {
  return {
    receiver: 'swarm-autoscaler',
    status: 'firing',
    alerts,
    groupLabels: { scale: 'up' },
    commonLabels: { alertname: 'SwarmServiceNeedsMoreReplicas', scale: 'up', severity: 'none' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    version: '4',
    groupKey: '{}/{scale=~"up|down|to"}:{scale="up"}',
    truncatedAlerts: 0,
  }
}
