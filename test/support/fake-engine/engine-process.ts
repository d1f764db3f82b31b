import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AskedProcess } from '../asked-process.ts'
import type { MadeUpService } from './docker-json.ts'
import type { EngineAnswers } from './main.ts'

/**
 * An engine that is none, in a process of its own on a unix socket: a Swarm manager with as many services as one likes, whose tasks
 * run at once, and that can be slow or hang. It knows the calls that the receiver makes, and no others.
 */
export class EngineProcess {
  readonly ask: AskedProcess<EngineAnswers>['ask']
  readonly #process: AskedProcess<EngineAnswers>
  readonly #folder: string

  private constructor(process: AskedProcess<EngineAnswers>, folder: string) {
    this.#process = process
    this.#folder = folder
    this.ask = process.ask.bind(process) as typeof this.ask
  }

  static async start(services: readonly MadeUpService[]): Promise<EngineProcess> {
    const process = await AskedProcess.start<EngineAnswers>(new URL('main.ts', import.meta.url))
    const engine = new EngineProcess(process, mkdtempSync(join(tmpdir(), 'fake-engine-')))
    await engine.ask('add', services)
    await engine.ask('listen', engine.socket)
    return engine
  }

  get socket(): string {
    return join(this.#folder, 'docker.sock')
  }

  /** As in the environment variable DOCKER_HOST. */
  get dockerHost(): string {
    return `unix://${this.socket}`
  }

  get pid(): number {
    return this.#process.pid
  }

  async stop(): Promise<void> {
    await this.#process.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
