import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { datasource } from './panels.ts'

type Variable = Builder<VariableModel>

/** Where Prometheus is. The provisioned data source is chosen at first. */
const source: Variable = new DatasourceVariableBuilder('datasource')
  .label('Data source')
  .description('The Prometheus that scrapes the receiver and has the rules.')
  .type('prometheus')
  .current({ text: 'Prometheus', value: 'prometheus' })

function query(name: string, label: string, description: string, text: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(datasource)
    .query({ query: text, refId: name })
    .definition(text)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
}

const all = { text: ['All'], value: ['$__all'] }

function several(variable: QueryVariableBuilder): QueryVariableBuilder {
  return variable.multi(true).includeAll(true).allValue('.+').current(all)
}

const job = several(
  query('job', 'Job', 'The scrape job of the receiver.', 'label_values(swarm_autoscaler_build_info, job)'),
)

const instance = several(
  query(
    'instance',
    'Instance',
    'The receivers: one at a time, and a new one after each restart.',
    'label_values(swarm_autoscaler_build_info{job=~"$job"}, instance)',
  ),
)

const namesOfServices =
  'label_values(swarm_autoscaler_service_desired_replicas{job=~"$job", instance=~"$instance"}, service)'

/** What every dashboard can be narrowed down by. */
export const receivers: readonly Variable[] = [source, job, instance]

/** Some services, or all. */
export const services: Variable = several(
  query('service', 'Service', 'Services that have opted in.', namesOfServices),
)

/** One service. */
export const oneService: Variable = query(
  'service',
  'Service',
  'A service that has opted in.',
  namesOfServices,
).multi(false)

function address(name: string, label: string, url: string): Variable {
  return new TextBoxVariableBuilder(name)
    .label(label)
    .description('The address that links use in your browser.')
    .defaultValue(url)
    .current({ text: url, value: url })
}

/** Addresses of the programs around, which a browser reaches under another name than Grafana does. */
export const addresses: readonly Variable[] = [
  address('receiver_url', 'Receiver', 'http://localhost:9095'),
  address('prometheus_url', 'Prometheus', 'http://localhost:9090'),
  address('alertmanager_url', 'Alertmanager', 'http://localhost:9093'),
]
