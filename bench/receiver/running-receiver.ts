import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../test/support/testbed/free-ports.ts'
import { waitFor } from '../../test/support/testbed/wait.ts'
import { repository } from '../../test/support/testbed/work.ts'

const main = new URL('../../src/main.ts', import.meta.url).pathname

/** What was compiled once is kept, as the image keeps it. */
const compiled = join(repository, '.cache/compiled')

export interface RunningOptions {
  readonly dockerHost: string
  /** More settings, as environment variables. */
  readonly settings?: Readonly<Record<string, string>>
  /** Arguments of Node itself. */
  readonly execArgv?: readonly string[]
}

/** What the webhook answers to an alert. */
interface AlertResult {
  readonly service: string
  readonly decision: string
  readonly reason: string
}

/** The receiver as it runs in production: with its history on disk, and a log of level info that nobody reads. */
export class RunningReceiver {
  readonly url: string
  /** How long it took from the start of the process until it was ready, in ms. */
  readonly readyMs: number
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(child: ChildProcess, folder: string, url: string, readyMs: number) {
    this.#child = child
    this.#folder = folder
    this.url = url
    this.readyMs = readyMs
  }

  /** Resolves when it is ready. */
  static async start({ dockerHost, settings = {}, execArgv = [] }: RunningOptions): Promise<RunningReceiver> {
    const [port = 0] = await freePorts(1)
    const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-bench-'))
    const url = `http://127.0.0.1:${port}`
    const startedMs = performance.now()
    const child = spawn(process.execPath, [...execArgv, main, 'serve'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        NODE_COMPILE_CACHE: compiled,
        DOCKER_HOST: dockerHost,
        AUTOSCALER_LISTEN: `127.0.0.1:${port}`,
        ...settings,
      },
    })
    const isReady = async () => {
      const response = await fetch(`${url}/-/ready`)
      // A connection whose answer is not read would hold up the end of the receiver.
      await response.text()
      return response.status === 200 ? true : undefined
    }
    await waitFor(isReady, { for: 'the receiver to be ready', timeoutMs: 30_000, everyMs: 5 })
    return new RunningReceiver(child, folder, url, performance.now() - startedMs)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** All metrics, as Prometheus asks for them. */
  async scrape(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text()
  }

  /** Posts a message and answers what came of each alert. Rejects unless that is this `reason`. */
  async post(message: object, reason = 'at_target'): Promise<readonly AlertResult[]> {
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(`${this.url}/webhook`, {
      method: 'POST',
      headers,
      body: JSON.stringify(message),
    })
    const answer = (await response.json()) as { readonly results?: readonly AlertResult[] }
    const others = answer.results?.filter((one) => one.reason !== reason)
    if (others === undefined || others.length > 0) {
      throw new Error(
        `a post did not come to ${reason}: ${response.status} ${JSON.stringify(others ?? answer)}`,
      )
    }
    return answer.results ?? []
  }

  /** Resolves when this many services are known to it. */
  async knows(services: number): Promise<void> {
    const known = async () => {
      const answer = await (await fetch(`${this.url}/api/v1/services`)).json()
      return (answer as { services: unknown[] }).services.length === services ? true : undefined
    }
    await waitFor(known, { for: `the receiver to know ${services} services`, timeoutMs: 30_000, everyMs: 50 })
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exited
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Memory that a process holds (RSS), in bytes. */
export function memoryOf(pid: number): number {
  const [, kilobytes = Number.NaN] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1_024
}

/** The CPU time that a process has used with all its threads, in seconds. */
export function cpuSecondsOf(pid: number): number {
  // The name of the command, in brackets, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const ticksPerSecond = 100
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
