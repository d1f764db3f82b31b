import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Patience } from './patience.ts'

export type RunOptions = {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Gives stderr as well, mixed with stdout as it comes. Default: false. */
  readonly withErrors?: boolean
  /** Of the time that the machine gives: see `Patience`. Default: 60 s. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}

/** The cause of a failure is among the first words or among the last. */
function excerpt(text: string): string {
  const trimmed = text.trim()
  return trimmed.length <= 4_000 ? trimmed : `${trimmed.slice(0, 2_000)}\n...\n${trimmed.slice(-2_000)}`
}

/** Runs a command to its end and gives its stdout. Rejects with `CommandFailed`, which tells what it said on stderr. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const patience = new Patience(options.timeoutMs ?? 60_000)
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    signal: options.signal,
    killSignal: 'SIGKILL',
  })
  const glance = setInterval(() => {
    if (patience.isOver()) child.kill('SIGKILL')
  }, 250)
  const { promise, resolve, reject } = Promise.withResolvers<number | string>()
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
    if (options.withErrors) output += chunk
  })
  child.once('error', reject)
  child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 'unknown'))
  // A command that ends without reading its input is judged by its exit status.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')

  const status = await promise.finally(() => clearInterval(glance))
  if (status === 0) return output
  const why = status === 'SIGKILL' ? `was stopped after ${patience}` : `ended with ${status}`
  throw new CommandFailed(`${command} ${args.join(' ')} ${why}\n${excerpt(errors || output)}`)
}

/** As `run`, for a command whose failure means "no" or "nothing to do". */
export async function tryRun(
  command: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<string | undefined> {
  return run(command, args, options).catch(() => undefined)
}

/** When process `pid` was started, in the kernel's ticks: with it a pid names one process only. Undefined: no such process. */
export function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name, in parentheses, may hold spaces; field 22 is the 20th after it.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : rest[18]
  } catch {
    return undefined
  }
}

function isInside(pid: number, netnsInode: number | undefined, directory: string): boolean {
  try {
    if (netnsInode !== undefined && readlinkSync(`/proc/${pid}/ns/net`) === `net:[${netnsInode}]`) return true
    const root = readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[4] === '/')
    return root?.includes(`${directory}/`) ?? false
  } catch {
    return false
  }
}

/**
 * The processes of a private engine: those in its network namespace (dockerd, containerd, the shims) and those whose root
 * file system lies in its directory (the containers).
 */
export function processesInside(netnsPath: string, directory: string): readonly number[] {
  let inode: number | undefined
  try {
    inode = statSync(netnsPath).ino
    // Before the namespace is mounted on it, the path is an ordinary file, or not there at all.
    if (readlinkSync('/proc/self/ns/net') === `net:[${inode}]`) inode = undefined
  } catch {
    inode = undefined
  }
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid && isInside(pid, inode, directory))
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended already.
  }
}

/** Asks `pid` to end and waits for it for `graceMs`; then gives up and returns false. */
export async function terminate(pid: number, graceMs: number): Promise<boolean> {
  const started = startTicks(pid)
  if (started === undefined) return true
  send(pid, 'SIGTERM')
  for (const patience = new Patience(graceMs); !patience.isOver(); await sleep(100)) {
    if (startTicks(pid) !== started) return true
  }
  return false
}

/** Kills what `find` finds until it finds nothing more (a killed shim can leave its container behind), for 10 s at most. */
export async function killAll(find: () => readonly number[]): Promise<void> {
  for (const patience = new Patience(10_000); !patience.isOver(); await sleep(100)) {
    const pids = find().filter((pid) => startTicks(pid) !== undefined)
    if (pids.length === 0) return
    for (const pid of pids) send(pid, 'SIGKILL')
  }
  throw new Error(`processes ${find().join(', ')} do not end`)
}
