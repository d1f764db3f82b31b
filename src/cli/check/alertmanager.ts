import type { YamlPath } from '../../policy/yaml-document.ts'
import type { AlertmanagerConfig } from './alertmanager-file.ts'
import type { Delivery } from './deliveries.ts'
import type { Finding } from './findings.ts'
import type { Route } from './routes.ts'
import type { YamlFile } from './yaml-file.ts'

type Config = YamlFile<AlertmanagerConfig>

/** A webhook of a receiver, with its place in the file. */
interface Webhook {
  readonly path: YamlPath
  readonly sendsResolved: boolean
  /** 0: no limit. */
  readonly maxAlerts: number
}

/** What keeps alerts, or their resolution, from the autoscaler. */
export function checkDelivery(config: Config, deliveries: readonly Delivery[]): readonly Finding[] {
  const reached = deliveries.flatMap(({ routes }) => routes.flatMap((route) => webhooksOf(config, route)))
  const lost = deliveries.filter(({ routes }) =>
    routes.every((route) => webhooksOf(config, route).length === 0),
  )
  // One finding for an alert that is lost in the same way for all services.
  const groups = Map.groupBy(lost, ({ alert: { labels, scale, isReal }, routes }) =>
    JSON.stringify([labels['alertname'], scale, isReal, routes.map(({ path }) => path)]),
  )
  return [
    ...[...groups.values()].map((same) => notRouted(config, same)),
    ...reached.flatMap((webhook) => checkWebhook(config, webhook)),
  ]
}

/** The deliveries, with only those routes that end at a webhook of the autoscaler. */
export function arriving(config: Config, deliveries: readonly Delivery[]): readonly Delivery[] {
  return deliveries.map(({ alert, routes }) => ({
    alert,
    routes: routes.filter((route) => webhooksOf(config, route).length > 0),
  }))
}

/** The webhooks that post to the autoscaler. An address in a file of its own (`url_file`) is assumed to be the autoscaler's. */
function webhooksOf({ data }: Config, { receiver }: Route): readonly Webhook[] {
  const index = data.receivers.findIndex(({ name }) => name === receiver)
  return (data.receivers[index]?.webhook_configs ?? []).flatMap((webhook, at) => {
    if (webhook.url !== undefined && !isAutoscaler(webhook.url)) return []
    const path = ['receivers', index, 'webhook_configs', at]
    return [{ path, sendsResolved: webhook.send_resolved ?? true, maxAlerts: webhook.max_alerts ?? 0 }]
  })
}

function isAutoscaler(url: string): boolean {
  return (URL.parse(url)?.pathname ?? url).replace(/\/$/, '').endsWith('/webhook')
}

/** `same`: the same alert for one or more services. */
function notRouted(config: Config, same: readonly Delivery[]): Finding {
  const [first] = same
  const { alertname, scale } = first?.alert.labels ?? {}
  const services = [...new Set(same.map(({ alert }) => alert.labels['service']))].join(', ')
  const receivers = first?.routes.map(({ receiver }) => receiver).join(', ') || 'no receiver'
  const isReal = first?.alert.isReal === true
  const name = isReal ? `alert ${alertname}` : 'an alert'
  const message = `${name} with scale="${scale}" for ${services} ${isReal ? 'goes' : 'would go'} to ${receivers}, which has no webhook_configs with a url that ends in /webhook`
  return {
    severity: isReal ? 'error' : 'warning',
    where: config.at(first?.routes[0]?.path ?? ['route']),
    rule: 'alert-not-routed',
    message,
  }
}

function checkWebhook(config: Config, { path, sendsResolved, maxAlerts }: Webhook): readonly Finding[] {
  const findings: Finding[] = []
  if (!sendsResolved) {
    findings.push({
      severity: 'warning',
      where: config.at([...path, 'send_resolved']),
      rule: 'no-send-resolved',
      message: 'send_resolved is false: a resolved alert counts as active until the receiver forgets it',
    })
  }
  if (maxAlerts > 0) {
    findings.push({
      severity: 'warning',
      where: config.at([...path, 'max_alerts']),
      rule: 'max-alerts',
      message: `max_alerts is ${maxAlerts}: alerts beyond it are dropped, and their services not scaled; 0 sends all`,
    })
  }
  return findings
}
