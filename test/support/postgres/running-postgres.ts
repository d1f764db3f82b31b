import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { endProcess } from '../end-process.ts'
import { freePorts } from '../testbed/free-ports.ts'
import { run, tryRun } from '../testbed/processes.ts'
import { waitFor } from '../testbed/wait.ts'

const user = 'autoscaler'
const password = 'not-4-you:@/'

/** How long the server may take to let anybody in, in ms of the machine's time. */
const readyWithinMs = 60_000

/** A PostgreSQL of this test's own on 127.0.0.1. It ends with the process that has started it. */
export class RunningPostgres {
  /** The folder of its programs. */
  readonly programs: string
  readonly #folder: string
  readonly #port: number
  readonly #launcher: readonly string[]
  #process: ChildProcess | undefined
  #databases = 0

  private constructor(programs: string, folder: string, port: number, launcher: readonly string[]) {
    this.programs = programs
    this.#folder = folder
    this.#port = port
    this.#launcher = launcher
  }

  static async start(programs: string): Promise<RunningPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-postgres-'))
    try {
      const [port = 0] = await freePorts(1)
      const postgres = new RunningPostgres(programs, folder, port, await asSomebody(folder))
      await postgres.#initialise()
      await postgres.start()
      return postgres
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  address(database: string, secret: string = password): string {
    return `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${this.#port}/${database}`
  }

  /** Makes an empty database. Resolves with its name. */
  async createDatabase(): Promise<string> {
    const name = `record_${++this.#databases}`
    await this.query('postgres', `CREATE DATABASE ${name}`)
    return name
  }

  /** The same, with its files in that folder, which is on a disk of its own. */
  async createDatabaseOn(folder: string): Promise<string> {
    const { uid, gid } = statSync(this.#folder)
    chownSync(folder, uid, gid)
    await this.query('postgres', `CREATE TABLESPACE small LOCATION '${folder}'`)
    const name = `record_${++this.#databases}`
    await this.query('postgres', `CREATE DATABASE ${name} TABLESPACE small`)
    return name
  }

  async query(database: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new Client({ connectionString: this.address(database) })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }

  /** Starts it, or starts it again. */
  async start(): Promise<void> {
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${this.#folder}`]
    const [command = '', ...args] = [
      ...this.#launcher,
      join(this.programs, 'postgres'),
      ...['-D', join(this.#folder, 'data'), '-p', String(this.#port)],
      ...settings.flatMap((setting) => ['-c', setting]),
    ]
    const child = spawn(command, args, { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process = child
    let log = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    const ended = once(child, 'exit').then(() => {
      throw new Error(`PostgreSQL did not become ready:\n${log}`)
    })
    ended.catch(() => undefined)
    const isReady = () => this.query('postgres', 'SELECT 1').then(Boolean)
    const limit = { for: 'PostgreSQL to let anybody in', timeoutMs: readyWithinMs, everyMs: 50 }
    await Promise.race([waitFor(isReady, { ...limit, explain: async () => log }), ended])
  }

  /** Stops it at once; what it has is kept. */
  async stop(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null) return
    await endProcess(child, 'SIGINT')
  }

  /** Lets every process of it stand still until `resume`: connections stay open, and nobody answers. */
  pause(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  #signal(signal: NodeJS.Signals): void {
    for (const pid of this.#processes()) {
      try {
        process.kill(pid, signal)
      } catch (error) {
        // A worker of the server may have ended since it was listed.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume()
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #processes(): readonly number[] {
    const { pid, exitCode } = this.#process ?? {}
    if (pid === undefined || exitCode !== null) return []
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return [pid, ...children.split(' ').filter(Boolean).map(Number)]
  }

  /** In a language in which letters come in another order than their bytes. */
  async #initialise(): Promise<void> {
    const secret = join(this.#folder, 'password')
    writeFileSync(secret, password)
    const language = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en']
    const access = ['-U', user, '-A', 'scram-sha-256', `--pwfile=${secret}`]
    const [command = '', ...args] = [...this.#launcher, join(this.programs, 'initdb')]
    await run(
      command,
      [...args, '-N', '-E', 'UTF8', ...language, ...access, '-D', join(this.#folder, 'data')],
      {
        cwd: this.#folder,
      },
    )
  }
}

/** PostgreSQL refuses root. What starts it as another user, who then owns the folder, and ends it with us. */
async function asSomebody(folder: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return []
  const users = await Promise.all(['postgres', 'nobody'].map((name) => tryRun('id', ['-u', name])))
  const uid = users.find((text) => text !== undefined)?.trim() ?? '65534'
  chownSync(folder, Number(uid), Number(uid))
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--pdeathsig=QUIT', '--']
}
