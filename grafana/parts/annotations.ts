import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { colours } from './colours.ts'
import { datasource } from './panels.ts'
import { own } from './query.ts'

type Annotation = Builder<AnnotationQuery>

/**
 * The moment of each change, to the millisecond, as the receiver wrote it down, and its reason. What is asked at any one
 * time are the changes of the window before; the same moment asked about again is the same annotation.
 */
function changes(direction: 'up' | 'down', service: string): string {
  const window = '[$__rate_interval]'
  const lastAtMs = `1000 * max by (service) (${own('service_last_scale_timestamp_seconds', service, `direction="${direction}"`)})`
  const applied = own('scalings_total', service, `direction="${direction}"`, 'outcome="applied"')
  const reasons = own('decisions_total', service, 'decision="scale"')
  return `${lastAtMs}
* on (service) group_right ()
((sum by (service, reason) (increase(${reasons}${window})) > 0) ^ 0)
and on (service)
(sum by (service) (increase(${applied}${window})) > 0)`
}

/** Least distance of the points that are asked for. */
const step = '5s'

function annotation(name: string, colour: string, title: string, expr: string): AnnotationQueryBuilder {
  return (
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(datasource)
      .enable(true)
      .iconColor(colour)
      // Where Grafana looks for it from 12 on, and where it did before.
      .target(new DataqueryBuilder().datasource(datasource).expr(expr).interval(step).refId('Anno').range())
      .expr(expr)
      .step(step)
      .titleFormat(title)
      .textFormat('{{reason}}')
      .tagKeys('service,reason')
  )
}

/** Marks on every panel: what has changed, and why. `service` is the matcher that says of which services. */
export function marks(service: string): readonly Annotation[] {
  return [
    annotation('Scaled up', colours.up, '{{service}} scaled up', changes('up', service)).useValueForTime(
      true,
    ),
    annotation(
      'Scaled down',
      colours.down,
      '{{service}} scaled down',
      changes('down', service),
    ).useValueForTime(true),
    annotation(
      'Failed changes',
      colours.bad,
      '{{service}} could not be scaled {{direction}}',
      `sum by (service, direction) (increase(${own('scalings_total', service, 'outcome="failed"')}[$__rate_interval])) > 0`,
    ).textFormat('see the log of the receiver'),
  ]
}
