import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { z } from 'zod'
import type { SwarmListener } from '../reconcile/ports.ts'
import { toDockerError } from './docker-error.ts'
import { withinTime } from './within-time.ts'

export interface DockerEventsOptions {
  readonly docker: Docker
  /** The endpoint as it was given, for messages. */
  readonly host: string
  /** Most that opening a stream may take, in ms. */
  readonly timeoutMs: number
  /** A stream that says nothing for so long is opened anew, in ms: it may be dead, and nothing else tells. Default 60 s. */
  readonly silenceMs?: number
  /** How soon a stream that was cut is opened again, in ms. Default 1 s. */
  readonly retryMs?: number
}

const ServiceEvent = z.object({ Type: z.literal('service'), Actor: z.object({ ID: z.string() }) })

/** Listens to what happens to services, until the answer is called. */
export function watchServices(options: DockerEventsOptions, listener: SwarmListener): () => void {
  const stopped = new AbortController()
  void listen(options, listener, stopped.signal)
  return () => stopped.abort()
}

async function listen(
  options: DockerEventsOptions,
  listener: SwarmListener,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    try {
      const end = await listenOnce(options, listener, stopped)
      if (end === 'silent') continue
      throw new Error('the stream of events ended')
    } catch (thrown) {
      if (stopped.aborted) return
      listener.lost(toDockerError(thrown, options.host))
      await sleep(options.retryMs ?? 1_000, undefined, { signal: stopped }).catch(() => {})
    }
  }
}

/** Listens to one stream until it ends or falls silent. */
async function listenOnce(
  { docker, timeoutMs, silenceMs = 60_000 }: DockerEventsOptions,
  listener: SwarmListener,
  stopped: AbortSignal,
): Promise<'ended' | 'silent'> {
  const stream = (await withinTime(timeoutMs, (abortSignal) =>
    docker.getEvents({ filters: { type: ['service'] }, abortSignal } as Docker.GetEventsOptions),
  )) as Readable
  const lines = createInterface({ input: stream })
  const close = () => {
    // A stream that is destroyed does not end, and whoever reads its lines would wait for ever.
    lines.close()
    stream.destroy()
  }
  if (stopped.aborted) {
    // Lines that are closed already would be waited for without end, and the process would not end meanwhile.
    close()
    return 'ended'
  }
  stopped.addEventListener('abort', close)
  let isSilent = false
  const silence = setTimeout(() => {
    isSilent = true
    close()
  }, silenceMs)
  try {
    // What happened before is not told: whoever listens has to look at everything.
    listener.connected()
    for await (const line of lines) {
      silence.refresh()
      const event = ServiceEvent.safeParse(parse(line))
      if (event.success) listener.changed(event.data.Actor.ID)
    }
    return isSilent ? 'silent' : 'ended'
  } catch (thrown) {
    if (isSilent) return 'silent'
    throw thrown
  } finally {
    clearTimeout(silence)
    stopped.removeEventListener('abort', close)
    close()
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
