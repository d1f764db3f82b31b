import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { freePorts } from '../test/support/testbed/free-ports.ts'
import { waitFor } from '../test/support/testbed/wait.ts'
import { repository } from '../test/support/testbed/work.ts'
import { prometheusTools } from '../test/support/tools/prometheus-tools.ts'
import type { Exporter } from './made-up-exporter.ts'

export type RunningPrometheus = {
  /** Without a slash at its end. */
  readonly url: string
  /** Resolves when the process has ended and its data are gone. */
  close(): Promise<void>
}

/** Times and rules as shipped; the made-up series keep the labels that they come with. */
function configuration({ port, paths }: Exporter): string {
  const target = (path: string) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { instance: path, __metrics_path__: path },
  })
  // JSON is YAML as well.
  return JSON.stringify({
    global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '5s' },
    rule_files: [join(repository, 'prometheus/rules/*.yml')],
    scrape_configs: [{ job_name: 'made-up', honor_labels: true, static_configs: paths.map(target) }],
  })
}

/** Starts a real Prometheus on 127.0.0.1 with the shipped rules, which measures `exporter` and nothing else. */
export async function startPrometheus(exporter: Exporter): Promise<RunningPrometheus> {
  // It comes with promtool.
  const executable = join(dirname((await prometheusTools()).promtool), 'prometheus')
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const directory = await mkdtemp(join(tmpdir(), 'swarm-autoscaler-bench-'))
  const config = join(directory, 'prometheus.json')
  await writeFile(config, configuration(exporter))
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ]
  const process = spawn(executable, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(process, 'exit')
  let log = ''
  process.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const close = async () => {
    process.kill('SIGKILL')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
  const isReady = async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined)
  const options = { for: 'Prometheus', timeoutMs: 30_000, explain: async () => log }
  await waitFor(isReady, options).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { url, close }
}
