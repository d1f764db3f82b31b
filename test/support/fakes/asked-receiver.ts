import { onTestFinished } from 'vitest'
import { defined } from '../../../src/domain/defined.ts'
import type { Service } from '../../../src/domain/service.ts'
import { listen } from '../../../src/receiver/listen.ts'
import type { TlsMaterial } from '../../../src/receiver/ports.ts'
import { SwarmError } from '../../../src/reconcile/swarm-error.ts'
import { anAlert } from './alertmanager-message.ts'
import { anApp } from './an-app.ts'
import { aPolicy, aService, aWindow, noon } from './builders.ts'
import { settle } from './fake-clock.ts'

/** A receiver that answers at an address, for as long as the test runs. */
export async function aReceiver(
  options: Parameters<typeof anApp>[0] & { port?: number; tls?: TlsMaterial } = {},
) {
  const app = await anApp(options)
  const listening = await listen(app.app, '127.0.0.1', options.port ?? 0, defined({ tls: options.tls }))
  const close = () => listening.close(0)
  let isClosed = false
  const closeOnce = async () => {
    if (!isClosed) await close()
    isClosed = true
  }
  onTestFinished(closeOnce)
  const scheme = options.tls === undefined ? 'http' : 'https'
  const url = `${scheme}://127.0.0.1:${listening.port}`
  return { ...app, ...listening, url, close: closeOnce }
}

const named = (name: string, over: Parameters<typeof aService>[0] = {}): Service =>
  aService({ id: `id-of-${name}`, name, ...over })

/** A shop of four services, and some minutes in which about everything happened that can. */
export async function aShop(options: Pick<NonNullable<Parameters<typeof anApp>[0]>, 'log'> = {}) {
  const window = aWindow({ name: 'lunch', start: '0 12 * * *', min: 3 })
  const web = named('shop_web', { policy: aPolicy({ schedules: [window], costPerHour: 0.05 }) })
  const invalid = {
    kind: 'invalid',
    faults: [{ key: 'autoscaler.max', value: 'many', message: 'must be a whole number >= 1' }],
  } as const
  const services = [
    web,
    named('shop_api', { policy: aPolicy({ isDryRun: true }) }),
    named('shop_queue', { desiredReplicas: 2, runningReplicas: 2, policy: aPolicy({ max: 6 }) }),
    { ...named('shop_mail'), policy: invalid },
  ]
  const receiver = await aReceiver({ services, nowMs: noon, currency: 'EUR', ...options })
  const { clock, swarm, post } = receiver
  const at = (secondsAgo = 0) => new Date(clock.nowMs() - secondsAgo * 1_000).toISOString()
  const settleDown = async (name: string) => {
    swarm.update(name, { runningReplicas: swarm.get(name).desiredReplicas })
    await clock.advance(15_000)
  }
  await post(anAlert({ service: 'shop_web', replicas: '6.2', startsAt: at(3), fingerprint: 'f1' }))
  await settleDown('shop_web')
  await post(anAlert({ service: 'shop_api', replicas: '9', startsAt: at(2), fingerprint: 'f2' }))
  await clock.advance(60_000)
  swarm.beforeUpdate = () => {
    throw new SwarmError('engine', 'rpc error: disk full')
  }
  await post(anAlert({ service: 'shop_queue', replicas: '11', startsAt: at(1), fingerprint: 'f3' }))
  swarm.beforeUpdate = () => {}
  await clock.advance(1_000)
  await settleDown('shop_queue')
  await post(anAlert({ service: 'shop_web', scale: 'sideways', fingerprint: 'f4' }))
  await clock.advance(120_000)
  swarm.update('shop_web', { desiredReplicas: 12 })
  await settleDown('shop_web')
  await settleDown('shop_web')
  await post(anAlert({ service: 'shop_queue', replicas: '11', startsAt: at(20), fingerprint: 'f3' }))
  await settle()
  return receiver
}
