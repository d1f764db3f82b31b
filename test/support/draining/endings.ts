import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type Docker from 'dockerode'

/** How Docker ended the container of a task. */
export type Ending = {
  readonly taskId: string
  readonly slot: number
  readonly exitCode: number
  /** The signals that Docker sent, in order: 15 is SIGTERM, 9 is SIGKILL. */
  readonly signals: readonly number[]
  /** From the first signal to the end. */
  readonly tookMs: number
}

export type EndingsWatch = {
  /** Those up to now, by slot. */
  endings(): readonly Ending[]
  close(): void
}

type ContainerEvent = {
  readonly Action: string
  readonly timeNano: number
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
}

type Signal = { readonly container: string; readonly number: number; readonly atMs: number }

function readEnding({ Actor, timeNano }: ContainerEvent, signals: readonly Signal[]): Ending {
  // `<service>.<slot>.<task>`
  const [taskId = '', slot] = (Actor.Attributes['com.docker.swarm.task.name'] ?? '').split('.').reverse()
  const own = signals.filter(({ container }) => container === Actor.ID)
  const endedAtMs = timeNano / 1e6
  return {
    taskId,
    slot: Number(slot),
    exitCode: Number(Actor.Attributes['exitCode']),
    signals: own.map(({ number }) => number),
    tookMs: endedAtMs - (own[0]?.atMs ?? endedAtMs),
  }
}

/**
 * Listens to how containers of a service end. Only the engine's events tell: after a scale-down Swarm forgets the tasks that went,
 * and removes their containers and logs. `docker` should be a client of its own, since the stream holds a connection.
 */
export async function watchEndings(docker: Docker, service: string): Promise<EndingsWatch> {
  const filters = {
    type: ['container' as const],
    event: ['kill', 'die'],
    label: [`com.docker.swarm.service.name=${service}`],
  }
  const stream = (await docker.getEvents({ filters })) as Readable
  const signals: Signal[] = []
  const endings: Ending[] = []
  createInterface({ input: stream }).on('line', (line) => {
    const event = JSON.parse(line) as ContainerEvent
    if (event.Action === 'die') endings.push(readEnding(event, signals))
    else
      signals.push({
        container: event.Actor.ID,
        number: Number(event.Actor.Attributes['signal']),
        atMs: event.timeNano / 1e6,
      })
  })
  return {
    endings: () => endings.toSorted((a, b) => a.slot - b.slot),
    close: () => stream.destroy(),
  }
}
