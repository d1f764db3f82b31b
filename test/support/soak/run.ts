import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomFrom } from '../../../src/simulator/load/random.ts'
import type { Log } from '../testbed/work.ts'
import { AlertWalk } from './alert-walk.ts'
import { again, badClient, postAlerts, postDoubles, reader } from './clients.ts'
import { DockerChanges } from './docker-changes.ts'
import { changesOf, errorsOf } from './evidence.ts'
import { Faults } from './faults.ts'
import type { Evidence } from './judge.ts'
import { busyShare, loadAverage, ticksNow } from './machine.ts'
import { type Sample, sampleFields, takeSample } from './sample.ts'
import { timetable } from './timetable.ts'
import { World } from './world.ts'

export interface SoakOptions {
  readonly lastsMs: number
  readonly seed: number
  /** Options of Node for the receiver. */
  readonly nodeOptions: string
  readonly log: Log
  readonly signal: AbortSignal
}

const scrapeEveryMs = 5_000
const reportEveryMs = 30_000

/**
 * How long the services may take to get to their last numbers, and how long they must stay there, in ms. An Alertmanager that
 * has lost what it knew never posts the end of an alert: the receiver forgets it after its two minutes.
 */
const settleMs = 180_000
const staysMs = 15_000

/** Runs a soak to its end, and takes everything down. Rejects where it cannot be run. */
export async function soak(options: SoakOptions): Promise<Evidence> {
  const world = await World.open(options)
  const changes = new DockerChanges(world.engine.dockerHost)
  try {
    return await new Soak(world, changes, options).run()
  } finally {
    changes.stop()
    await world.close()
  }
}

class Soak {
  readonly #world: World
  readonly #changes: DockerChanges
  readonly #options: SoakOptions
  readonly #random: () => number
  readonly #faults: Faults
  readonly #walks: readonly AlertWalk[]
  readonly #samples: Sample[] = []
  readonly #failures: string[] = []
  readonly #folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-soak-'))
  /** Ends what goes on beside the faults: all of it, and what makes trouble. */
  readonly #end = new AbortController()
  readonly #endOfTrouble = new AbortController()
  #isFrozen = false
  #reportedTicks = ticksNow()

  constructor(world: World, changes: DockerChanges, options: SoakOptions) {
    this.#world = world
    this.#changes = changes
    this.#options = options
    this.#random = randomFrom(options.seed)
    this.#faults = new Faults(world, randomFrom(options.seed + 1))
    this.#walks = world.deployed.map(
      ({ name, service }, index) => new AlertWalk(name, service, randomFrom(options.seed + 2 + index)),
    )
  }

  async run(): Promise<Evidence> {
    const { lastsMs, log, signal } = this.#options
    writeFileSync(this.#samplesFile, `${sampleFields.join(',')}\n`)
    log(`samples: ${this.#samplesFile}`)
    const fromMs = Date.now()
    const beside = this.#goOnBeside()
    try {
      await this.#strikeAll(fromMs)
      this.#endOfTrouble.abort()
      const finalReplicas = await this.#settle()
      const history = await this.#recordedChanges()
      this.#keep('history.jsonl', [...history.values()].flat())
      await this.#sample()
      const errors = this.#world.receivers.flatMap(errorsOf)
      const status = await this.#world.endReceiver('stop')
      log(`soaked for ${((Date.now() - fromMs) / 1_000).toFixed(0)} s`)
      return {
        ...{ lastedMs: lastsMs, finalReplicas, history, errors },
        deeds: this.#faults.deeds,
        samples: this.#samples,
        made: this.#changes.changes,
        complaints: this.#world.receivers.map(({ complaints }) => complaints).join(''),
        statuses: [...this.#faults.statuses, status],
        failures: this.#failures,
      }
    } finally {
      this.#endOfTrouble.abort()
      this.#end.abort()
      await Promise.all(beside)
      this.#keepLogs()
      signal.throwIfAborted()
    }
  }

  get #samplesFile(): string {
    return join(this.#folder, 'samples.csv')
  }

  /** What goes on while faults come and go. */
  #goOnBeside(): readonly Promise<void>[] {
    const [always, trouble] = [this.#end.signal, this.#endOfTrouble.signal]
    return [
      again(1_000, always, () => this.#post()),
      again(scrapeEveryMs, always, () => this.#sample()),
      again(reportEveryMs, always, async () => this.#report()),
      again(3_000, trouble, reader(this.#world)),
      again(5_000, trouble, badClient(this.#world)),
      again(20_000, trouble, () => postDoubles(this.#world)),
    ]
  }

  async #post(): Promise<void> {
    const nowMs = Date.now()
    if (!this.#isFrozen) for (const walk of this.#walks) walk.step(nowMs)
    await postAlerts(this.#world, this.#walks)
  }

  async #strikeAll(fromMs: number): Promise<void> {
    const { lastsMs, signal } = this.#options
    for (const { kind, afterMs } of timetable(lastsMs, this.#random)) {
      await this.#wait(fromMs + afterMs - Date.now())
      signal.throwIfAborted()
      await this.#faults.strike(kind).catch((error: Error) => {
        signal.throwIfAborted()
        this.#failures.push(`${kind}: ${error.message}`)
        this.#options.log(`${kind} failed: ${error.message}`)
      })
      if (this.#world.receiver.isOver) throw new Error(`the receiver ended by itself: ${this.#lastWords}`)
    }
    await this.#wait(fromMs + lastsMs - Date.now())
  }

  /** Asks for the last numbers, and waits until all services have them; then whether they keep them. */
  async #settle(): Promise<Evidence['finalReplicas']> {
    const nowMs = Date.now()
    this.#isFrozen = true
    for (const [index, { service }] of this.#world.deployed.entries())
      this.#walks[index]?.freeze(service.last.ask, nowMs)
    this.#options.log('faults are over; every service is asked for its last number')
    let finalReplicas = await this.#finalReplicas()
    while (finalReplicas.some(({ mustHave, has }) => has !== mustHave) && Date.now() < nowMs + settleMs) {
      await this.#wait(1_000)
      finalReplicas = await this.#finalReplicas()
    }
    await this.#wait(staysMs)
    return this.#finalReplicas()
  }

  #finalReplicas(): Promise<Evidence['finalReplicas']> {
    return Promise.all(
      this.#world.deployed.map(async ({ name, service }) => ({
        name,
        mustHave: service.last.mustHave,
        has: await this.#world.replicasOf(name),
      })),
    )
  }

  async #recordedChanges(): Promise<Evidence['history']> {
    const history = new Map<string, Awaited<ReturnType<typeof changesOf>>>()
    for (const { name } of this.#world.deployed)
      history.set(name, await changesOf(this.#world.receiver, name))
    return history
  }

  async #sample(): Promise<void> {
    const sample = await takeSample(this.#world.receiver, this.#world.folder)
    this.#samples.push(sample)
    appendFileSync(this.#samplesFile, `${sampleFields.map((field) => sample[field]).join(',')}\n`)
  }

  #report(): void {
    const last = this.#samples.at(-1)
    if (last === undefined) return
    const ticks = ticksNow()
    const busy = busyShare(this.#reportedTicks, ticks)
    this.#reportedTicks = ticks
    const inMegabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MB`
    this.#options.log(
      [
        new Date().toISOString().slice(11, 19),
        `${this.#changes.changes.length} changes`,
        `${this.#faults.deeds.length} faults, last ${this.#faults.deeds.at(-1)?.kind ?? 'none'}`,
        `rss ${inMegabytes(last.rssBytes)}, heap ${inMegabytes(last.heapBytes)}`,
        `${last.descriptors} descriptors, ${last.timers} timers`,
        `${last.conflicts} conflicts, ${last.serverErrors} answers 5xx`,
        `machine ${(busy * 100).toFixed(0)} % busy, load ${loadAverage()}`,
      ].join(' | '),
    )
  }

  /** The logs of all receivers, the faults and the events of the engine, besides the samples. */
  #keepLogs(): void {
    const lines = this.#world.receivers.flatMap(({ log }) => log)
    this.#keep('receiver.log', lines)
    this.#keep('faults.jsonl', this.#faults.deeds)
    this.#keep('docker.jsonl', this.#changes.changes)
  }

  /** An entry on each line. */
  #keep(name: string, entries: readonly object[]): void {
    writeFileSync(join(this.#folder, name), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  }

  get #lastWords(): string {
    return this.#world.receiver.complaints || JSON.stringify(this.#world.receiver.log.at(-1))
  }

  async #wait(ms: number): Promise<void> {
    await sleep(Math.max(0, ms), undefined, { signal: this.#options.signal })
  }
}
