import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { eventually } from '../support/testbed/wait.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { type RunningAlertmanager, startAlertmanager } from '../support/tools/running-alertmanager.ts'
import { ALERTMANAGER_CONFIG } from './shipped-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-inhibition-'))
const config = join(folder, 'alertmanager.yml')

type Labels = Readonly<Record<string, string>>

const alertOf = (alertname: string, labels: Labels = {}): Labels => ({ alertname, ...labels })
const up = (alertname: string, service = 'full'): Labels => alertOf(alertname, { service, scale: 'up' })

const steps = [
  'SwarmServiceIsSlow',
  'SwarmServiceIsVerySlow',
  'SwarmServiceHasErrors',
  'SwarmServiceHasManyErrors',
]

const capacity = alertOf('SwarmCapacityExhausted', { service: 'full', severity: 'warning' })
const receiverDown = alertOf('SwarmAutoscalerDown', { severity: 'critical' })
const dockerAway = alertOf('SwarmAutoscalerCannotReachDocker', { severity: 'critical' })
const undelivered = alertOf('SwarmAutoscalerNotificationsFailing', { severity: 'critical' })
const deaf = alertOf('SwarmAutoscalerReceivesNothing', { severity: 'critical' })

type Case = readonly [what: string, heldBack: readonly Labels[], sent: readonly Labels[]]

/** What Alertmanager holds back while all of this fires, and what it sends. */
const CASES: readonly Case[] = [
  [
    'steps up of a service whose replicas no node takes',
    steps.map((name) => up(name)),
    [
      capacity,
      // The same of another service, and of one whose name begins alike.
      ...steps.map((name) => up(name, 'roomy')),
      up('SwarmServiceIsSlow', 'full2'),
      // What names a number of replicas, and what makes room.
      up('SwarmServiceNeedsMoreReplicas'),
      alertOf('SwarmServiceNeedsFewerReplicas', { service: 'full', scale: 'down' }),
      alertOf('SwarmServiceIsSlow', { service: 'full', scale: 'down' }),
      // A user's own alert, and what else people should hear of the service.
      up('QueueIsLong'),
      alertOf('SwarmServiceAtMaximum', { service: 'full', severity: 'warning' }),
    ],
  ],
  [
    'what a receiver that is down cannot help',
    [undelivered, deaf, alertOf('SwarmAutoscalerClockAhead', { severity: 'warning' })],
    [receiverDown, capacity, up('SwarmServiceNeedsMoreReplicas')],
  ],
  [
    'what follows from Docker being away',
    [
      alertOf('SwarmAutoscalerEventsLost', { severity: 'warning' }),
      alertOf('SwarmAutoscalerWebhookFailing', { severity: 'warning' }),
      undelivered,
      alertOf('SwarmAutoscalerSlow', { severity: 'warning' }),
      alertOf('SwarmServiceScalingFailing', { service: 'web', severity: 'critical' }),
    ],
    [
      dockerAway,
      alertOf('SwarmAutoscalerReloadFailed', { severity: 'warning' }),
      up('SwarmServiceNeedsMoreReplicas'),
      up('SwarmServiceIsSlow'),
    ],
  ],
  ['that nothing is received, while Docker is away', [deaf], [dockerAway]],
  [
    'what follows from posts that are not delivered',
    [deaf, alertOf('SwarmAutoscalerWebhookFailing', { severity: 'warning' })],
    [
      undelivered,
      alertOf('SwarmAutoscalerReloadFailed', { severity: 'warning' }),
      up('SwarmServiceHasErrors'),
    ],
  ],
  ['nothing, where nothing else fires', [], [deaf, ...steps.map((name) => up(name))]],
]

const Configuration = z.looseObject({
  receivers: z.unknown(),
  route: z.looseObject({
    routes: z.tuple([
      z.looseObject({ receiver: z.literal('swarm-autoscaler') }),
      z.looseObject({ receiver: z.literal('operators'), routes: z.array(z.looseObject({})) }),
    ]),
  }),
})

const StandingAlerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ state: z.string(), inhibitedBy: z.array(z.string()) }),
  }),
)

await describeWithTools(
  'a real Alertmanager with the shipped configuration holds back',
  ({ alertmanager }) => {
    let running: RunningAlertmanager

    beforeAll(async () => {
      writeFileSync(config, JSON.stringify(hurried(parse(readFileSync(ALERTMANAGER_CONFIG, 'utf8')))))
      running = await startAlertmanager(alertmanager, config)
    })
    afterAll(async () => {
      await running?.stop()
      rmSync(folder, { recursive: true })
    })

    const post = async (alerts: readonly Labels[], endsInMs: number) => {
      const endsAt = new Date(Date.now() + endsInMs).toISOString()
      const startsAt = new Date(Date.now() - 60_000).toISOString()
      const response = await fetch(`${running.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(alerts.map((labels) => ({ labels, startsAt, endsAt }))),
      })
      expect(response.status, await response.text()).toBe(200)
    }

    const read = async (inhibited: boolean) => {
      const response = await fetch(`${running.url}/api/v2/alerts?inhibited=${inhibited}`)
      return StandingAlerts.parse(await response.json())
    }

    /** As the alert SwarmAutoscalerReceivesNothing reads it. */
    const countSuppressed = async () => {
      const metrics = await (await fetch(`${running.url}/metrics`)).text()
      return Number(/^alertmanager_alerts\{state="suppressed"\} (\d+)$/m.exec(metrics)?.[1])
    }

    it.each(CASES)('%s', async (_what, heldBack, sent) => {
      const all = [...heldBack, ...sent]
      onTestFinished(async () => {
        await post(all, -1)
        await eventually(async () => expect(await read(true)).toEqual([]))
      })
      await post(all, 600_000)
      // The inhibitor takes in new alerts by itself, a moment after the answer.
      await eventually(async () => {
        const inhibited = (await read(true)).filter(isInhibited)
        expect(namesOf(inhibited)).toEqual(namesOf(heldBack.map((labels) => ({ labels }))))
      })
      expect(namesOf(await read(false))).toEqual(namesOf(sent.map((labels) => ({ labels }))))
      // From 0.33 on an alert counts as held back from its group's next tick on, and before that as it was at the last one.
      await eventually(async () => expect(await countSuppressed()).toBe(heldBack.length))
    })
  },
)

/**
 * The shipped configuration, but that its webhook leads nowhere, on this machine or on another that has the name, and that groups for
 * people are looked at each second: nobody waits for five minutes here.
 */
function hurried(shipped: unknown): unknown {
  const { route, receivers, ...rest } = Configuration.parse(shipped)
  const [scaling, forPeople] = route.routes
  const timing = { group_wait: '1s', group_interval: '1s' }
  const operators = {
    ...forPeople,
    ...timing,
    routes: forPeople.routes.map((each) => ({ ...each, ...timing })),
  }
  const webhook = JSON.stringify(receivers).replace('http://receiver:9095', 'http://127.0.0.1:1')
  return { ...rest, route: { ...route, routes: [scaling, operators] }, receivers: JSON.parse(webhook) }
}

const isInhibited = ({ status }: z.infer<typeof StandingAlerts>[number]) =>
  status.state === 'suppressed' && status.inhibitedBy.length > 0

/** Each alert once, as text, in an order of its own. */
function namesOf(alerts: readonly { readonly labels: Labels }[]): readonly string[] {
  const texts = alerts.map(({ labels }) => JSON.stringify(Object.entries(labels).toSorted()))
  return [...new Set(texts)].toSorted()
}
