import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../testbed/free-ports.ts'
import { prometheusTools } from './prometheus-tools.ts'
import { untilReady } from './until-ready.ts'

export type RunningPrometheus = {
  /** Without a slash at its end. */
  readonly url: string
  /** Resolves when the process has ended, and its own folder is gone. */
  close(): Promise<void>
}

export interface PrometheusOptions {
  /** May put blocks into its folder of data before it starts. */
  readonly fill?: (data: string) => Promise<void>
  /** A folder of data that it goes on with, and that stays. Default: one of its own, gone in the end. */
  readonly data?: string
  /** More flags. */
  readonly flags?: readonly string[]
}

/** Starts a real Prometheus on 127.0.0.1. `configuration`: as its YAML file has it. */
export async function startPrometheus(
  configuration: object,
  options: PrometheusOptions = {},
): Promise<RunningPrometheus> {
  const { prometheus: executable } = await prometheusTools()
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const directory = await mkdtemp(join(tmpdir(), 'swarm-autoscaler-prometheus-'))
  const config = join(directory, 'prometheus.json')
  const data = options.data ?? join(directory, 'data')
  // JSON is YAML as well.
  await writeFile(config, JSON.stringify(configuration))
  await options.fill?.(data)
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
    ...(options.flags ?? []),
  ]
  const process = spawn(executable, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(process, 'exit')
  const close = async () => {
    // Data that stay must be whole.
    process.kill(options.data === undefined ? 'SIGKILL' : 'SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
  await untilReady(url, process, 'Prometheus').catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { url, close }
}
