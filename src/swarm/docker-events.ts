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
  /** The endpoint as the user wrote it, for messages. */
  readonly host: string
  /** Most that opening a stream may take, in ms. */
  readonly timeoutMs: number
  /** After this time without an event the stream is opened again, in ms: nothing else shows that it is dead. Default 60 s. */
  readonly silenceMs?: number
  /** Pause before a stream that was disconnected is opened again, in ms. Default 1 s. */
  readonly retryMs?: number
}

const ServiceEvent = z.object({ Type: z.literal('service'), Actor: z.object({ ID: z.string() }) })

/** Watches the events of services, until the returned function is called. */
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
      throw new Error('the event stream ended')
    } catch (thrown) {
      if (stopped.aborted) return
      listener.lost(toDockerError(thrown, options.host))
      await sleep(options.retryMs ?? 1_000, undefined, { signal: stopped }).catch(() => {})
    }
  }
}

/** Reads one stream until it ends or is silent. */
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
    // A destroyed stream does not end: without this, its reader would wait for ever.
    lines.close()
    stream.destroy()
  }
  if (stopped.aborted) {
    // Reading lines that are closed already would never end, and would keep the process alive.
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
    // Earlier changes have no event: the listener has to read everything.
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
