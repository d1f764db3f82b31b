import type { Express } from 'express'
import request from 'supertest'
import { aMessage } from '../fakes/alertmanager-message.ts'
import { anApp } from '../fakes/an-app.ts'
import { madeUpPast } from './past.ts'
import { alertsOf, type MadeUp, madeUpServices } from './world.ts'

/** The built application in a made-up world. */
export interface Preview {
  readonly app: Express
  /** Lets a second pass: the clock goes on, tasks come up, alerts are posted again, and now and then the load changes. */
  readonly tick: () => Promise<void>
}

const secondMs = 1_000
/** How often active alerts are posted again, in seconds. */
const repeatSeconds = 15

export async function previewApp(nowMs: number): Promise<Preview> {
  const services = madeUpServices(nowMs)
  const { app, swarm, clock, store } = await anApp({
    services: services.map(({ service }) => service),
    currency: 'EUR',
    nowMs,
  })
  await store.write(madeUpPast(services, nowMs))
  const post = (alerts: readonly object[]) =>
    request(app)
      .post('/webhook')
      .send(aMessage(...alerts))
  await post(services.flatMap((made) => alertsOf(made)))
  let seconds = 0
  return {
    app,
    tick: async () => {
      seconds++
      if (seconds % 4 === 0) for (const { service } of services) startOne(swarm, service.name)
      if (seconds % repeatSeconds === 0)
        await post([...services.flatMap(alertsOf), ...surge(services, seconds)])
      await clock.advance(secondMs)
    },
  }
}

/** One more task of a service runs, where some are on their way. */
function startOne(
  swarm: { get: (name: string) => MadeUp['service']; put: (service: MadeUp['service']) => void },
  name: string,
): void {
  const service = swarm.get(name)
  const { tasks, desiredReplicas } = service
  if (tasks === undefined || tasks.pending + tasks.failing > 0 || tasks.running === desiredReplicas) return
  const running = tasks.running + Math.sign(desiredReplicas - tasks.running)
  const starting = Math.max(0, desiredReplicas - running)
  swarm.put({ ...service, runningReplicas: running, tasks: { ...tasks, running, starting } })
}

/** Load that comes and goes, for one of the services. */
function surge(services: readonly MadeUp[], seconds: number): readonly object[] {
  const { service } = services.find((one) => one.service.name === 'auth_tokens') ?? services[0] ?? {}
  if (service === undefined) return []
  const replicas = 4 + Math.round(2 * Math.sin(seconds / 30))
  const alert = { service: service.name, scale: 'up', replicas: String(replicas), fingerprint: 'surge' }
  return alertsOf({ service, load: [1, 1], alerts: [alert] })
}
