import type { ServiceCost } from '../../../src/domain/cost.ts'
import type { Service } from '../../../src/domain/service.ts'
import { anAlert } from './alertmanager-message.ts'
import { anApp } from './an-app.ts'
import { aPolicy, aService, aWindow, noon } from './builders.ts'
import { settle } from './fake-clock.ts'

/** A day of `shop_web`: eight hours with 10 replicas, the rest with 4, and ten minutes in which nobody watched. */
const cost: ServiceCost = {
  service: 'shop_web',
  fromMs: noon - 86_400_000,
  untilMs: noon,
  knownSeconds: 85_800,
  replicaSeconds: 516_000,
  average: 516_000 / 85_800,
  peak: 10,
  cost: 516_000 / 3_600 / 25,
  savedAgainstPeak: { replicas: 10, replicaSeconds: 342_000, cost: 342_000 / 3_600 / 25 },
  savedAgainstFixed: { replicas: 8, replicaSeconds: 170_400, cost: 170_400 / 3_600 / 25 },
  gaps: [{ fromMs: noon - 43_800_000, untilMs: noon - 43_200_000, reason: 'not_watched' }],
}

/** What the examples of the API's description and of docs/api.md are taken from: a service that was scaled up 40 s ago, and one whose labels are wrong. */
export async function aDocumentedWorld() {
  const web = aService({
    name: 'shop_web',
    id: 'q3vgq1bmkn7tl4gjvcrp9wqxo',
    tasks: { running: 4, starting: 0, pending: 0, failing: 0 },
    policy: aPolicy({
      schedules: [
        aWindow({
          name: 'office',
          start: '0 8 * * 1-5',
          end: { kind: 'cron', cron: '0 18 * * 1-5' },
          min: 3,
        }),
      ],
      costPerHour: 0.04,
    }),
  })
  const api: Service = {
    ...aService({
      name: 'shop_api',
      id: 'x1f7k2c9d0s8a3h5j6l4p2o9i',
      desiredReplicas: 2,
      runningReplicas: 2,
    }),
    policy: {
      kind: 'invalid',
      faults: [
        {
          key: 'autoscaler.up.coolddown',
          value: '30s',
          message: 'is not a label; did you mean autoscaler.up.cooldown?',
        },
      ],
    },
  }
  const world = await anApp({
    services: [web, api],
    nowMs: noon,
    currency: 'EUR',
    reader: { cost: async () => [cost] },
  })
  await world.post(
    anAlert({ service: 'shop_web', replicas: '6.4', startsAt: new Date(noon - 2_000).toISOString() }),
  )
  const { version: _, ...now } = world.swarm.get('shop_web')
  world.swarm.put({ ...now, runningReplicas: 7, tasks: { running: 7, starting: 0, pending: 0, failing: 0 } })
  await world.clock.advance(30_000)
  await settle()
  await world.post(
    anAlert({ service: 'shop_web', status: 'resolved', endsAt: new Date(noon + 30_000).toISOString() }),
    anAlert({
      service: 'shop_wbe',
      replicas: '5',
      fingerprint: '77a0c3b1e2d4f596',
      startsAt: new Date(noon + 25_000).toISOString(),
    }),
  )
  await world.clock.advance(10_000)
  await settle()
  return world
}
