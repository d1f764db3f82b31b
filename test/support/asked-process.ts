import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { endProcess } from './end-process.ts'
import { within } from './testbed/wait.ts'

/** What a process can be asked, by name; each takes one argument or none. */
// biome-ignore lint/suspicious/noExplicitAny: each question has an argument of its own.
type Answers = Readonly<Record<string, (argument: any) => unknown>>

type Question = { readonly number: number; readonly name: string; readonly argument: unknown }
type Answer = { readonly number: number; readonly value?: unknown; readonly error?: string }

/** A TypeScript file of the project that runs in a process of its own and answers questions: `answerParent` is its other end. */
export class AskedProcess<A extends Answers> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  /** Rejects when it ends. */
  readonly #gone = Promise.withResolvers<never>()
  #asked = 0

  private constructor(file: string, execArgv: readonly string[]) {
    this.#child = fork(file, { execArgv: [...execArgv], serialization: 'advanced', env: {} })
    this.#child.on('message', ({ number, value, error }: Answer) => {
      const waiting = this.#waiting.get(number)
      this.#waiting.delete(number)
      if (error === undefined) waiting?.resolve(value)
      else waiting?.reject(new Error(error))
    })
    this.#child.on('exit', (code, signal) => {
      const gone = new Error(`${file} ended with ${signal ?? code}`)
      for (const { reject } of this.#waiting.values()) reject(gone)
      this.#gone.reject(gone)
    })
    this.#gone.promise.catch(() => undefined)
  }

  /** Starts the file, and resolves when it answers. Rejects where it ends instead, or does not answer in a minute. */
  static async start<A extends Answers>(
    file: URL,
    execArgv: readonly string[] = [],
  ): Promise<AskedProcess<A>> {
    const started = new AskedProcess<A>(file.pathname, execArgv)
    const answers = async () => Promise.race([once(started.#child, 'message'), started.#gone.promise])
    await within(answers, { for: `${file.pathname} to answer`, timeoutMs: 60_000 }).catch(
      (error: unknown) => {
        started.#child.kill('SIGKILL')
        throw error
      },
    )
    return started
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Rejects where the answer throws, and where the process ends before it. */
  ask<K extends keyof A & string>(
    name: K,
    ...[argument]: Parameters<A[K]>
  ): Promise<Awaited<ReturnType<A[K]>>> {
    const waiting = Promise.withResolvers<unknown>()
    const number = ++this.#asked
    this.#waiting.set(number, waiting)
    this.#child.send({ number, name, argument } satisfies Question)
    return waiting.promise as Promise<Awaited<ReturnType<A[K]>>>
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    await endProcess(this.#child, 'SIGTERM')
  }
}

/** Answers what the parent process asks, and ends with it. */
export function answerParent(answers: Answers): void {
  process.on('message', async ({ number, name, argument }: Question) => {
    const answer = async (): Promise<Answer> => ({ number, value: await answers[name]?.(argument) })
    process.send?.(await answer().catch((error: unknown) => ({ number, error: String(error) })))
  })
  process.on('disconnect', () => process.exit())
  process.send?.({ number: 0 } satisfies Answer)
}
