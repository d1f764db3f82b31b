import { describe, expect, it } from 'vitest'
import { aReceiver, aShop } from '../../test/support/fakes/asked-receiver.ts'
import { aService } from '../../test/support/fakes/builders.ts'
import { answering, type ClientWorld, runClient } from '../../test/support/fakes/client-world.ts'
import { ServicesAnswer } from '../receiver/api/schemas.ts'
import { widthOf } from '../text/width.ts'

/** How to run `services` against the shop. */
async function shopRun() {
  const shop = await aShop()
  const run = (args: readonly string[] = [], world: ClientWorld = {}) =>
    runClient(['services', '--url', shop.url, ...args], { fetch, ...world })
  return { ...shop, run }
}

/** What the API says of each service in a sentence. */
async function summariesOf(url: string): Promise<readonly string[]> {
  const answer = ServicesAnswer.parse(await (await fetch(`${url}/api/v1/services`)).json())
  return answer.services.map(({ decision }) => decision.summary)
}

describe('services', () => {
  it('tells of each how it stands, what holds it until when, and how much is wrong with it', async () => {
    const { run, url } = await shopRun()
    const { status, out, err } = await run()
    expect({ status, err }).toEqual({ status: 0, err: [] })
    const summaries = await summariesOf(url)
    expect(out).toEqual([
      'SERVICE     REPLICAS  BOUNDS  NEEDED  FAULTS  STATE           UNTIL                 WHY',
      `shop_api    4/4       1-10    -       0       no_alert        -                     ${summaries[0]}`,
      `shop_mail   4/4       -       -       1       invalid_policy  -                     ${summaries[1]}`,
      `shop_queue  6/6       1-6     11      0       at_max          -                     ${summaries[2]}`,
      `shop_web    10/10     3-10    -       0       no_alert        2026-01-15T13:00:00Z  ${summaries[3]}`,
    ])
  })

  it('has what ends within a second end with it, as the sentence beside it has', async () => {
    const { url } = await shopRun()
    const answer = ServicesAnswer.parse(await (await fetch(`${url}/api/v1/services`)).json())
    const services = answer.services.map((service) => ({
      ...service,
      decision: { ...service.decision, until: '2026-01-15T12:59:59.001Z' },
    }))
    const { out } = await runClient(['services'], answering(200, { ...answer, services }))
    for (const line of out.slice(1)) expect(line).toContain(' 2026-01-15T13:00:00Z ')
  })

  it('shows no replicas of a service that has no number of them', async () => {
    const { url } = await aReceiver({ services: [aService({ mode: 'global', desiredReplicas: 0 })] })
    const { out } = await runClient(['services', '--url', url], { fetch })
    expect(out[1]).toMatch(/^web +- +1-10 +- +0 +not_replicated /)
  })

  it.each([160, 120, 80, 40, 10])(
    'on %i columns has no line that is wider, and loses no service',
    async (width) => {
      const { run } = await shopRun()
      const { out } = await run([], { columns: () => width })
      expect(out).toHaveLength(5)
      expect(Math.max(...out.map(widthOf))).toBeLessThanOrEqual(width)
    },
  )

  it('as JSON is one object per line, as it came', async () => {
    const { run } = await shopRun()
    const all = (await run(['--json'])).out.map((line) => JSON.parse(line) as { name: string })
    expect(all.map(({ name }) => name)).toEqual(['shop_api', 'shop_mail', 'shop_queue', 'shop_web'])
    const { out } = await run(['shop_mail', '--json'])
    expect(out.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ ...all[1], next: expect.anything() }),
    ])
  })

  it('that are none are told on the standard error, with what to look at', async () => {
    const { status, out, err } = await runClient(['services'], answering(200, { services: [] }))
    expect({ status, out }).toEqual({ status: 0, out: [] })
    expect(err).toEqual([expect.stringMatching(/no service has autoscaler labels.*autoscaler\.enable/)])
  })
})

describe('services NAME', () => {
  it('tells all: what holds it, until when, and what the next alert would do', async () => {
    const { run } = await shopRun()
    const { status, out } = await run(['shop_web'])
    expect(status).toBe(0)
    expect(out).toEqual([
      'service      shop_web (id-of-shop_web)',
      'replicas     10 of 10 running',
      'bounds       3 to 10, by the open window lunch, next change 2026-01-15 13:00:00',
      expect.stringMatching(/^now {10}Stays at 10 replicas .*no_alert/),
      expect.stringMatching(/^ {13}since 2026-01-15 12:\d\d:\d\d, until 2026-01-15 13:00:00$/),
      expect.stringMatching(/^next up {6}An alert to scale up now would be held .*cooldown/),
      expect.stringMatching(/^next down {4}An alert to scale down now would be held .*stabilizing.*10 -> 9/),
      'last change  2026-01-15 12:03:46: 12->10 (above_max) by autoscaler',
      'cooldown     up until 2026-01-15 12:04:46, down until 2026-01-15 12:04:46',
      'cost         0.5 EUR per hour',
      'seen at      2026-01-15 12:04:01',
    ])
  })

  it('tells of the alerts that stand', async () => {
    const { run } = await shopRun()
    expect((await run(['id-of-shop_queue'])).out).toContain(
      'alerts       SwarmServiceNeedsMoreReplicas: up 11 since 2026-01-15 12:03:41: shop_queue needs more replicas.',
    )
  })

  it('tells of every fault, with the label and what would be right', async () => {
    const { run } = await shopRun()
    const { out } = await run(['shop_mail'], { isColoured: true })
    expect(out.find((line) => line.includes('faults'))).toContain(
      'autoscaler.max="many" must be a whole number >= 1',
    )
  })

  it('tells of pause, dry run, rollout and tasks that are not well', async () => {
    const { url } = await aShop()
    const answer = (await (await fetch(`${url}/api/v1/services/shop_web`)).json()) as object
    const troubled = {
      ...answer,
      pause: { directions: ['up', 'down'], until: '2026-01-15T13:59:59.001Z' },
      dryRun: true,
      dryRunBy: 'all',
      rollout: 'paused',
      replicas: {
        desired: 4,
        running: 1,
        pending: 2,
        failing: 1,
        pendingReason: 'no suitable node',
        failingReason: 'exit (1)',
      },
      warnings: [{ key: 'autoscaler.cost', message: 'is a joke' }],
    }
    const { out } = await runClient(['services', 'shop_web'], answering(200, troubled))
    for (const line of [
      'paused       up and down, until 2026-01-15 14:00:00',
      'dry run      changes are only reported (AUTOSCALER_DRY_RUN)',
      'rollout      paused',
      'replicas     1 of 4 running, 2 pending, 1 failing, no suitable node, exit (1)',
      'warnings     autoscaler.cost is a joke',
    ]) {
      expect(out).toContain(line)
    }
  })

  it('is wrapped between words on a terminal', async () => {
    const { run } = await shopRun()
    const { out } = await run(['shop_web'], { columns: () => 50 })
    expect(Math.max(...out.map(widthOf))).toBeLessThanOrEqual(50)
    expect(out.join(' ').replace(/\s+/g, ' ')).toContain('the last change was too recent')
  })

  it('that is not there is a failure, and a near miss is named', async () => {
    const { run } = await shopRun()
    expect(await run(['shop_wed'])).toMatchObject({
      status: 1,
      err: [expect.stringMatching(/no service with the name or ID "shop_wed".*did you mean shop_web\?/)],
    })
    expect((await run(['../status'])).err[0]).toMatch(/no service with the name or ID/)
  })

  it('lets nothing through that a terminal obeys', async () => {
    const { url } = await aShop()
    const text = await (await fetch(`${url}/api/v1/services/shop_mail`)).text()
    const hostile = text
      .replaceAll('must be', '\\u001b[31m\\u009b2J\\u0007\\n')
      .replaceAll('shop_mail', 'shop\\u202e')
    for (const args of [['x'], ['x', '--json']]) {
      const { out } = await runClient(['services', ...args], answering(200, hostile))
      expect(out.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    }
  })
})

describe('services that cannot be asked for', () => {
  it.each([
    ['two names', ['web', 'api'], /unexpected argument "api"/],
    ['an empty name', [''], /is empty/],
    ['an unknown flag', ['--watch'], /--watch/],
    ['--url', ['--url', 'x'], /--url must be the address/],
  ])('are wrong usage: %s', async (_, args, message) => {
    const { status, out, err } = await runClient(['services', ...args])
    expect({ status, out }).toEqual({ status: 2, out: [] })
    expect(err.join('\n')).toMatch(message)
  })

  it('are a failure where nobody answers', async () => {
    expect((await runClient(['services'])).status).toBe(1)
  })

  it('--help says how', async () => {
    const { status, out } = await runClient(['services', '--help'])
    expect(status).toBe(0)
    expect(out[0]).toMatch(/NAME.*--json/s)
  })
})
