import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard'
import { uids } from './board.ts'

const kept = '${__url_time_range}&${datasource:queryparam}&${job:queryparam}'

/** To the dashboard of the service that a series is of. */
export const toServiceOfSeries = {
  title: 'Open ${__field.labels.service}',
  url: `/d/${uids.service}?var-service=\${__field.labels.service}&${kept}`,
}

/** To the dashboard of the service in a table's cell. */
export const toServiceOfCell = {
  title: 'Open ${__value.text}',
  url: `/d/${uids.service}?var-service=\${__value.text}&${kept}`,
}

export function outside(title: string, url: string, tooltip: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .icon('external link')
    .tooltip(tooltip)
    .url(url)
    .targetBlank(true)
}

/** To the pages of the programs around, about all services. */
export const toPrograms = [
  outside(
    'Receiver',
    '${receiver_url}/',
    'The status page: every service, what is due, and the history of changes',
  ),
  outside(
    'Alerts in Prometheus',
    '${prometheus_url}/alerts?search=SwarmService',
    'The rules that ask for replicas',
  ),
  outside(
    'Alerts in Alertmanager',
    '${alertmanager_url}/#/alerts?receiver=swarm-autoscaler',
    'What is posted to the receiver now; a silence pauses the service',
  ),
]
