import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '../testbed/wait.ts'
import type { Deed, FaultKind } from './journal.ts'
import { isFree } from './services.ts'
import { type Deployed, otherImage, type World } from './world.ts'

/** How long an external client updates a service as fast as possible, in ms. */
const conflictMs = 4_000

/** Does faults to a world, and keeps a journal of them. */
export class Faults {
  readonly deeds: Deed[] = []
  /** Exit statuses of the receivers that were asked to end. */
  readonly statuses: unknown[] = []
  readonly #world: World
  readonly #random: () => number
  #count = 0

  constructor(world: World, random: () => number) {
    this.#world = world
    this.#random = random
  }

  /** Does one fault, and resolves when it is over. */
  async strike(kind: FaultKind): Promise<void> {
    const fromMs = Date.now()
    this.#count++
    // While it is under way it explains what happens, too.
    const begun = this.deeds.push({ kind, fromMs, toMs: Number.POSITIVE_INFINITY }) - 1
    const service = await this.#do(kind)
    this.deeds[begun] = {
      kind,
      fromMs,
      toMs: Date.now(),
      ...(service === undefined ? {} : { service: service.name }),
    }
  }

  /** Resolves with the service that it was done to, if it was one. */
  async #do(kind: FaultKind): Promise<Deployed | undefined> {
    switch (kind) {
      case 'kill':
        return this.#replaceReceiver('kill')
      case 'stop':
        return this.#replaceReceiver('stop')
      case 'engine':
        return this.#restartEngine()
      case 'alertmanager':
        await this.#world.alertmanager?.stop()
        await this.#world.startAlertmanager()
        return undefined
      case 'redeploy':
        return this.#redeploy()
      case 'person':
        return this.#scaleByHand()
      case 'conflict':
        return this.#touchWithoutPause()
      case 'reload':
        return this.#reload(`services: {calm_web: {cost: ${this.#count}}}`)
      case 'wrong-reload':
        await this.#reload('services: {calm_web: {max: plenty}}')
        return this.#reload('services: {}')
    }
  }

  async #replaceReceiver(how: 'kill' | 'stop'): Promise<undefined> {
    const status = await this.#world.endReceiver(how)
    if (how === 'stop') this.statuses.push(status)
    await this.#world.startReceiver()
  }

  async #restartEngine(): Promise<undefined> {
    const { engine } = this.#world
    await engine.restart()
    const isManager = () => engine.docker(['node', 'ls', '--quiet'], { timeoutMs: 5_000 })
    await waitFor(isManager, { for: 'the swarm to be back', timeoutMs: 60_000 })
  }

  /** The same file again, or one with the other image, or another command. */
  async #redeploy(): Promise<Deployed> {
    const deployed = this.#any(this.#world.deployed)
    const { image, ...file } = deployed.file
    const what = this.#random()
    if (what < 0.3) deployed.file = image === undefined ? { ...file, image: otherImage } : file
    else if (what < 0.6) deployed.file = { ...deployed.file, command: ['sleep', `${86_400 + this.#count}`] }
    // The command reads and writes once: any change of the service in between makes it fail.
    const deploy = async () => {
      await deployed.stack.deploy(deployed.file)
      return true
    }
    await waitFor(deploy, { for: `the redeploy of ${deployed.name}`, timeoutMs: 30_000 })
    return deployed
  }

  async #scaleByHand(): Promise<Deployed> {
    const deployed = this.#any(this.#free)
    const replicas = 1 + Math.floor(this.#random() * 3)
    await this.#world.external.update(deployed.id, { replicas })
    return deployed
  }

  async #touchWithoutPause(): Promise<Deployed> {
    const deployed = this.#any(this.#free)
    const endMs = Date.now() + conflictMs
    for (let touch = 0; Date.now() < endMs; touch++) {
      await this.#world.external.update(deployed.id, { labels: { touched: `${this.#count}.${touch}` } })
    }
    return deployed
  }

  async #reload(policy: string): Promise<undefined> {
    this.#world.writePolicy(policy)
    this.#world.receiver.hangUp()
    await sleep(500)
  }

  get #free(): readonly Deployed[] {
    return this.#world.deployed.filter(({ service }) => isFree(service))
  }

  #any(deployed: readonly Deployed[]): Deployed {
    const one = deployed[Math.floor(this.#random() * deployed.length)]
    if (one === undefined) throw new Error('nothing is deployed')
    return one
  }
}
