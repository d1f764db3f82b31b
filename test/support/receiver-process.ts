import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { endProcess } from './end-process.ts'
import { aMessage } from './fakes/alertmanager-message.ts'
import { waitFor } from './testbed/wait.ts'

const main = new URL('../../src/main.ts', import.meta.url).pathname

/** A line of the receiver's log. */
export type LogEntry = { readonly msg: string; readonly level: string } & Readonly<Record<string, unknown>>

export interface ReceiverOptions {
  readonly dockerHost: string
  readonly args?: readonly string[]
  /** A command that the program runs under, with its arguments. Default: none. */
  readonly launcher?: readonly string[]
  /** Where it runs, and keeps what it writes. Default: a folder of its own, gone when it is stopped. */
  readonly folder?: string
  /** Variables besides `DOCKER_HOST`. Default: none. */
  readonly environment?: Readonly<Record<string, string>>
}

/** What the webhook answered. `results` is absent where it refused. */
export interface Answer {
  readonly status: number
  readonly results?: readonly Readonly<Record<string, unknown>>[]
  readonly detail?: string
}

/** Runs the program as it runs in earnest, with no environment but this. */
export function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { launcher = [], folder }: Pick<ReceiverOptions, 'launcher' | 'folder'> = {},
) {
  const [command = process.execPath, ...rest] = [...launcher, process.execPath, main, ...args]
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    ...(folder === undefined ? {} : { cwd: folder }),
  })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  return { child, errors, exited: once(child, 'exit') }
}

/** A receiver in a process of its own. */
export class ReceiverProcess {
  /** All that it has logged. */
  readonly log: LogEntry[] = []
  readonly #child: ChildProcessWithoutNullStreams
  readonly #errors: readonly string[]
  readonly #ownFolder: string | undefined

  private constructor({ dockerHost, args = [], environment = {}, ...options }: ReceiverOptions) {
    this.#ownFolder = options.folder === undefined ? mkdtempSync(join(tmpdir(), 'receiver-')) : undefined
    const folder = options.folder ?? this.#ownFolder ?? ''
    const serve = ['serve', '--listen', '127.0.0.1:0', ...args]
    const variables = { DOCKER_HOST: dockerHost, ...environment }
    const { child, errors } = runProgram(serve, variables, { ...options, folder })
    this.#child = child
    this.#errors = errors
    createInterface({ input: child.stdout }).on('line', (line) => this.log.push(JSON.parse(line)))
  }

  /** Resolves when it answers requests, whether or not Docker is there. */
  static async start(options: ReceiverOptions): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess(options)
    await receiver.logged('started')
    return receiver
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Whether it has ended, asked to or not. */
  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** All that it has said beside its log. */
  get complaints(): string {
    return this.#errors.join('')
  }

  get url(): string {
    const started = this.log.find(({ msg }) => msg === 'started')
    return `http://127.0.0.1:${started?.['port']}`
  }

  /** The first line of this message after the first `skip` lines of the log; waits for it. Rejects after 60 s of the machine's time. */
  async logged(message: string, skip = 0): Promise<LogEntry> {
    const probe = async () => {
      const entry = this.log.slice(skip).find(({ msg }) => msg === message)
      if (entry === undefined && this.isOver) throw new Error(this.#errors.join(''))
      return entry
    }
    return waitFor(probe, { for: `the log to say "${message}"`, timeoutMs: 60_000, everyMs: 10 })
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`)
  }

  /** What it has written to its standard error. */
  get errors(): string {
    return this.#errors.join('')
  }

  /** Posts the alerts in one message of Alertmanager. */
  post(...alerts: readonly object[]): Promise<Answer> {
    return this.send(aMessage(...alerts))
  }

  /** Posts a message to the webhook. Rejects where the connection ends before the answer, or `signal` ends it. */
  async send(message: object, signal?: AbortSignal): Promise<Answer> {
    const response = await fetch(`${this.url}/webhook`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(message),
      ...(signal === undefined ? {} : { signal }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }

  /** The value of a sample as the exposition writes it, labels included, without the common prefix. Absent: no such sample. */
  async metric(sample: string): Promise<number | undefined> {
    const start = `swarm_autoscaler_${sample} `
    const exposed = (await (await this.get('/metrics')).text()).split('\n')
    const line = exposed.find((one) => one.startsWith(start))
    return line === undefined ? undefined : Number(line.slice(start.length))
  }

  /** Asks the process to read its files again. */
  hangUp(): void {
    this.#child.kill('SIGHUP')
  }

  /** Ends it at once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks it to end, unless it has. Resolves with its exit status, or with the signal that ended it. */
  async stop(): Promise<unknown> {
    return this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<unknown> {
    try {
      return await endProcess(this.#child, signal)
    } finally {
      if (this.#ownFolder !== undefined) rmSync(this.#ownFolder, { recursive: true, force: true })
    }
  }
}
