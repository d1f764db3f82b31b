import { type RunningPrometheus, startPrometheus } from '../../test/support/tools/running-prometheus.ts'

/**
 * Starts a Prometheus on 127.0.0.1 that scrapes nothing, and has the data of this folder, which is its own from now on.
 * `moreFlags` are for what it does not do by itself.
 */
export function serveData(folder: string, moreFlags: readonly string[] = []): Promise<RunningPrometheus> {
  // The data may be old.
  return startPrometheus({}, { data: folder, flags: ['--storage.tsdb.retention.time=10y', ...moreFlags] })
}
