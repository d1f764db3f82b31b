import { join } from 'node:path'
import { repository } from '../test/support/testbed/work.ts'
import { type RunningPrometheus, startPrometheus } from '../test/support/tools/running-prometheus.ts'
import { fillHistory } from './forecast-history.ts'
import type { Exporter, Size } from './made-up-exporter.ts'

/** Starts a real Prometheus with times and rules as shipped and a history of `size`, which measures `exporter` and nothing else. */
export function measure({ port, paths }: Exporter, size: Size): Promise<RunningPrometheus> {
  const target = (path: string) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { instance: path, __metrics_path__: path },
  })
  const configuration = {
    global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '5s' },
    rule_files: [join(repository, 'prometheus/rules/*.yml')],
    // The made-up series keep the labels that they come with.
    scrape_configs: [{ job_name: 'made-up', honor_labels: true, static_configs: paths.map(target) }],
  }
  return startPrometheus(configuration, { fill: (data) => fillHistory(size, data) })
}
