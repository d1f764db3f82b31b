import { expect, it } from 'vitest'
import { randomFrom } from '../../../src/simulator/load/random.ts'
import { AlertWalk } from './alert-walk.ts'
import { type SoakService, soakServices } from './services.ts'

const secondMs = 1_000

/** What is posted of a service in each second of ten minutes. */
function postsOf(service: SoakService) {
  const walk = new AlertWalk('web', service, randomFrom(3))
  const posts = Array.from({ length: 600 }, (_, second) => {
    walk.step(second * secondMs)
    return { nowMs: second * secondMs, alerts: walk.alerts(second * secondMs) }
  })
  return { walk, posts }
}

const isFiring = ({ endsAt }: { readonly endsAt: string }, nowMs: number) => Date.parse(endsAt) > nowMs

it.each(soakServices.map((service) => [service.key, service] as const))(
  '%s asks for something else again and again, within its bounds, and never up and down at once',
  (_, service) => {
    const { posts } = postsOf(service)
    const asked = posts.map(({ nowMs, alerts }) => {
      const firing = alerts.filter((alert) => isFiring(alert, nowMs))
      expect(firing.length).toBeLessThan(2)
      return firing
        .map(({ labels, annotations }) => `${labels['scale']} ${annotations['replicas'] ?? 'step'}`)
        .join()
    })
    expect(asked.filter((one, index) => one !== asked[index - 1]).length).toBeGreaterThan(100)
    const numbers = posts.flatMap(({ alerts }) =>
      alerts.flatMap(({ annotations }) => annotations['replicas'] ?? []),
    )
    for (const number of numbers.map(Number)) {
      expect(number).toBeGreaterThanOrEqual(1)
      expect(number).toBeLessThanOrEqual(service.top)
    }
  },
)

it('is resolved and fires again, later than before', () => {
  const [service] = soakServices
  if (service === undefined) throw new Error('there are services')
  const starts = new Set(
    postsOf(service).posts.flatMap(({ alerts }) => alerts.map(({ startsAt }) => startsAt)),
  )
  expect(starts.size).toBeGreaterThan(3)
})

it.each(soakServices.map((service) => [service.key, service] as const))(
  '%s asks for its last number alone in the end',
  (_, service) => {
    const { walk } = postsOf(service)
    walk.freeze(7, 600 * secondMs)
    const nowMs = 601 * secondMs
    const firing = walk.alerts(nowMs).filter((alert) => isFiring(alert, nowMs))
    expect(firing).toMatchObject([{ labels: { scale: 'to' }, annotations: { replicas: '7' } }])
  },
)
