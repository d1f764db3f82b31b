import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Recording, samplesOf } from './recordings.ts'

export interface ReplayOptions {
  readonly recordings: readonly Recording[]
  /** Times of the recordings. For each of them there is a replay, below `/replay/<index>`, in which it comes at the same time as the others. */
  readonly momentsMs: readonly number[]
  /** How long after the first scrape that is. */
  readonly leadMs: number
  /** What else is served, by path. */
  readonly others: Readonly<Record<string, string>>
}

export interface Replays {
  /** Host and port, on loopback. */
  readonly address: string
  /** Whether Prometheus has fetched each recording of each replay. */
  readonly isOver: () => boolean
  /** The time of the recordings that comes in a replay at a time of now. Both in ms. */
  readonly recordedMs: (index: number, nowMs: number) => number
  readonly close: () => void
}

/** Serves recordings to Prometheus, as if they were made now: each scrape gets the next one, with its times shifted. */
export async function startReplays(options: ReplayOptions): Promise<Replays> {
  let startedMs: number | undefined
  const shiftMs = (momentMs: number) => {
    startedMs ??= Date.now()
    return startedMs + options.leadMs - momentMs
  }
  const players = options.momentsMs.map((momentMs) => new Player(options.recordings, () => shiftMs(momentMs)))
  const server = createServer(({ url = '' }, response) => {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
    const player = players[Number(/^\/replay\/(\d+)$/.exec(url)?.[1] ?? -1)]
    if (player === undefined) response.end(options.others[url])
    else player.play(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    isOver: () => players.every((player) => player.isOver),
    recordedMs: (index, nowMs) => nowMs - shiftMs(options.momentsMs[index] ?? Number.NaN),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The time at which the first container of a recording was looked at. */
export function timeOf({ text }: Recording): number {
  return Math.min(...samplesOf(text).flatMap(({ atMs }) => atMs ?? []))
}

class Player {
  readonly #recordings: readonly Recording[]
  readonly #shiftMs: () => number
  #fetched = 0
  /** What the recording after those has gone out on. */
  #connection: Socket | null = null

  constructor(recordings: readonly Recording[], shiftMs: () => number) {
    this.#recordings = recordings
    this.#shiftMs = shiftMs
  }

  get isOver(): boolean {
    return this.#fetched === this.#recordings.length
  }

  /** Prometheus closes a connection whose answer took it too long, and keeps one whose answer it has: what it has not is sent again. */
  play(response: ServerResponse): void {
    if (this.#connection?.destroyed === false && !this.isOver) this.#fetched += 1
    this.#connection = response.socket
    const { text } = this.#recordings[this.#fetched] ?? this.#recordings.at(-1) ?? { text: '' }
    const shiftMs = this.#shiftMs()
    response.end(text.replace(/ (\d{13})$/gm, (_, atMs: string) => ` ${Number(atMs) + shiftMs}`))
  }
}
