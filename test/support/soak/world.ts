import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExternalClient } from '../faults/external-client.ts'
import { ReceiverProcess } from '../receiver-process.ts'
import { SleeperStack, type SleepingStackFile } from '../sleeper-stack.ts'
import { openRestartableEngine, type RestartableEngine } from '../testbed/engine.ts'
import { freePorts } from '../testbed/free-ports.ts'
import { foreignImages } from '../testbed/image-names.ts'
import type { Log } from '../testbed/work.ts'
import { prometheusTools } from '../tools/prometheus-tools.ts'
import { type RunningAlertmanager, startAlertmanager } from '../tools/running-alertmanager.ts'
import { type SoakService, soakServices } from './services.ts'

/** How long a receiver may take to end when it is asked to, in ms: longer than the requests under way may take. */
const endsWithinMs = 30_000

/** A service of the soak as it is deployed. */
export interface Deployed {
  readonly service: SoakService
  /** Full name. */
  readonly name: string
  readonly id: string
  readonly stack: SleeperStack
  /** The last content of its stack file. */
  file: SleepingStackFile
}

export interface WorldOptions {
  readonly log: Log
  readonly signal: AbortSignal
  /** Options of Node for the receiver. */
  readonly nodeOptions: string
}

/** Everything that the soak runs on: an engine with its services, an Alertmanager, and the receiver. */
export class World {
  readonly engine: RestartableEngine
  readonly external: ExternalClient
  /** Of the receiver: its history and its policy file. */
  readonly folder = mkdtempSync(join(tmpdir(), 'soaked-receiver-'))
  /** Every receiver that was started, the last one last. */
  readonly receivers: ReceiverProcess[] = []
  deployed: readonly Deployed[] = []
  alertmanager: RunningAlertmanager | undefined
  readonly #options: WorldOptions
  readonly #port: number

  private constructor(engine: RestartableEngine, port: number, options: WorldOptions) {
    this.engine = engine
    this.#port = port
    this.external = new ExternalClient(engine.dockerHost)
    this.#options = options
  }

  /** Rejects with `Unavailable` where this machine cannot carry it. */
  static async open(options: WorldOptions): Promise<World> {
    const [port = 0] = await freePorts(1)
    const world = new World(await openRestartableEngine(options), port, options)
    try {
      await world.#deployAll()
      world.writePolicy('services: {}')
      await world.startAlertmanager()
      await world.startReceiver()
      return world
    } catch (error) {
      await world.close()
      throw error
    }
  }

  /** The receiver that runs, or ran last. */
  get receiver(): ReceiverProcess {
    const receiver = this.receivers.at(-1)
    if (receiver === undefined) throw new Error('no receiver was started')
    return receiver
  }

  async startReceiver(): Promise<void> {
    const receiver = await ReceiverProcess.start({
      dockerHost: this.engine.dockerHost,
      folder: this.folder,
      launcher: ['env', `NODE_OPTIONS=--trace-warnings ${this.#options.nodeOptions}`],
      args: [
        ...['--listen', `127.0.0.1:${this.#port}`],
        ...['--policy-file', this.#policyFile],
        ...['--alertmanager-url', this.alertmanager?.url ?? ''],
      ],
    })
    this.receivers.push(receiver)
  }

  /** Ends the receiver. Resolves with its exit status, or the signal that ended it: one that does not end when asked is killed. */
  async endReceiver(how: 'kill' | 'stop'): Promise<unknown> {
    const { receiver } = this
    const kill = setTimeout(() => receiver.kill(), endsWithinMs)
    const status = await receiver[how]()
    clearTimeout(kill)
    return status
  }

  /** It keeps nothing of an earlier one, and has another address. */
  async startAlertmanager(): Promise<void> {
    const { alertmanager } = await prometheusTools()
    const file = join(this.folder, 'alertmanager.yml')
    writeFileSync(file, alertmanagerFile(`http://127.0.0.1:${this.#port}/webhook`))
    this.alertmanager = await startAlertmanager(alertmanager, file)
  }

  writePolicy(text: string): void {
    writeFileSync(this.#policyFile, `${text}\n`)
  }

  async replicasOf(name: string): Promise<number> {
    const format = '{{.Spec.Mode.Replicated.Replicas}}'
    return Number(await this.engine.docker(['service', 'inspect', name, '--format', format]))
  }

  /** Takes all of it down, as far as it was made. */
  async close(): Promise<void> {
    await this.receivers.at(-1)?.kill()
    await this.alertmanager?.stop()
    rmSync(this.folder, { recursive: true, force: true })
    // Where this process was interrupted the engine's keeper does it when it ends.
    await this.engine.close()
  }

  get #policyFile(): string {
    return join(this.folder, 'policy.yml')
  }

  /** Another image is the same one by another name: Swarm takes it for another one. */
  async #deployAll(): Promise<void> {
    await this.engine.docker(['tag', foreignImages().get('node') ?? '', otherImage])
    this.deployed = await Promise.all(soakServices.map((service) => this.#deploy(service)))
  }

  async #deploy(service: SoakService): Promise<Deployed> {
    const stack = new SleeperStack(this.engine, service.key)
    const file: SleepingStackFile = {
      labels: service.labels,
      command: ['sleep', '86400'],
      update_config: { parallelism: 2, monitor: '1s', failure_action: 'rollback' },
      ...(service.fileReplicas === undefined ? {} : { replicas: service.fileReplicas }),
    }
    await stack.deploy(file)
    const id = await this.engine.docker(['service', 'inspect', stack.service, '--format', '{{.ID}}'])
    return { service, name: stack.service, id: id.trim(), stack, file }
  }
}

export const otherImage = 'sleeper:another'

/** As the shipped configuration has it, but faster. */
function alertmanagerFile(webhook: string): string {
  return `
route:
  receiver: swarm-autoscaler
  group_by: [service, scale]
  group_wait: 0s
  group_interval: 2s
  repeat_interval: 1s
receivers:
  - name: swarm-autoscaler
    webhook_configs:
      - url: ${webhook}
        send_resolved: true
        max_alerts: 0
`
}
