import type { ActiveAlert } from '../../../src/domain/active-alert.ts'
import type { Swarm } from '../../../src/reconcile/ports.ts'
import { Reconciler } from '../../../src/reconcile/reconciler.ts'
import { systemClock } from '../../../src/reconcile/system-clock.ts'
import { connectDocker } from '../../../src/swarm/docker-client.ts'
import { DockerSwarm } from '../../../src/swarm/docker-swarm.ts'
import { RecordingObserver } from '../fakes/recording-observer.ts'
import { engine } from '../testbed/describe-with-engine.ts'

export interface LiveLoopOptions {
  /** Default 15 s, as the receiver has it. */
  readonly resyncIntervalMs?: number
  /** Whether Docker's events are listened to. Default true. */
  readonly listens?: boolean
}

/**
 * The loop as the receiver has it, on the real engine, without the HTTP before it, for the service of this name alone: tests beside this
 * one have services on the same engine.
 */
export async function aLiveLoop(
  service: string,
  { resyncIntervalMs = 15_000, listens = true }: LiveLoopOptions = {},
) {
  const observer = new RecordingObserver()
  const real = new DockerSwarm({
    docker: connectDocker({ host: engine.dockerHost, tlsVerify: false }),
    host: engine.dockerHost,
    timeoutMs: 60_000,
    onCall: () => {},
    only: [{ kind: 'name', name: service }],
  })
  const swarm: Swarm = {
    find: (name) => real.find(name),
    findById: (id) => real.findById(id),
    list: () => real.list(),
    references: () => real.references(),
    watch: (listener) => (listens ? real.watch(listener) : () => {}),
  }
  const clock = systemClock
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [observer.subscriber],
    resyncIntervalMs,
    alertTtlMs: 600_000,
  })
  await loop.start()
  return {
    loop,
    observer,
    swarm: real,
    post: async (service: string, alert: ActiveAlert) =>
      (await loop.receive(service, [{ kind: 'firing', alert }])).decision,
    resolve: async (service: string, { fingerprint }: ActiveAlert) =>
      (await loop.receive(service, [{ kind: 'resolved', fingerprint, endedAtMs: Date.now() }])).decision,
    [Symbol.asyncDispose]: () => loop.stop(),
  }
}
