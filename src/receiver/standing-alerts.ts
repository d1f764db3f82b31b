import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Loop, ReceiverObserver } from './ports.ts'
import { type ReadAlert, readAlert } from './read-alert.ts'
import { takeIn } from './take-in.ts'

/**
 * The groups of alerts as Alertmanager's API has them. The alerts are read one by one, as those of a message are.
 * Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (`/alerts/groups`)
 */
const AlertGroups = z.array(
  z.object({ alerts: z.array(z.looseObject({ labels: z.record(z.string(), z.unknown()) })) }),
)

/** What is not sent to any receiver is not asked for. Parameters that an older version does not know do no harm. */
const onlySent = 'active=true&silenced=false&inhibited=false&muted=false'

export interface StandingAlertsOptions {
  /**
   * Alertmanager's address, as in `http://alertmanager:9093?receiver=swarm-autoscaler`. `receiver`, a regular expression,
   * keeps those that are sent to receivers of such a name; absent: all with a `scale` label.
   */
  readonly url: string
  readonly loop: Pick<Loop, 'receive'>
  readonly observer: ReceiverObserver & {
    /** How many standing alerts were taken in. */
    readonly recalled: (count: number) => void
    /** They could not be read, or not be taken in. */
    readonly notRecalled: (error: Error) => void
  }
  /** When to try, each so many ms after the attempt before. Default: at once, and for the two minutes after it. */
  readonly delaysMs?: readonly number[]
  /** Aborted: no more attempts. */
  readonly signal: AbortSignal
}

const defaultDelaysMs = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 40_000]

/** Most that Alertmanager may take to answer, in ms. */
const timeoutMs = 5_000

/**
 * Takes in the alerts that stand in Alertmanager, as if they had just been posted: a receiver that has just started does not
 * have to wait for the next post. Gives up after the last attempt: by then all of them have been posted again. Never throws.
 */
export async function recallAlerts(options: StandingAlertsOptions): Promise<void> {
  const { loop, observer, signal, delaysMs = defaultDelaysMs } = options
  for (const delayMs of delaysMs) {
    await sleep(delayMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    try {
      const alerts = await readStanding(options)
      await takeIn(alerts, loop, observer)
      return observer.recalled(alerts.length)
    } catch (thrown) {
      if (signal.aborted) return
      observer.notRecalled(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }
}

async function readStanding({ url, signal }: StandingAlertsOptions): Promise<readonly ReadAlert[]> {
  const { address, headers } = requestFor(url)
  const response = await fetch(address, {
    headers,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch((thrown: Error) => {
    // `fetch` itself only says that it failed.
    const { message } = thrown.cause instanceof Error ? thrown.cause : thrown
    throw new Error(`${address.origin} does not answer: ${message}`, { cause: thrown })
  })
  if (!response.ok)
    throw new Error(`${address} answers ${response.status}; is it Alertmanager 0.16 or newer?`)
  const groups = AlertGroups.safeParse(await response.json().catch(() => undefined))
  if (!groups.success) throw new Error(`${address} answers something else than groups of alerts`)
  // An alert for several receivers is in several groups.
  const alerts = new Map(
    groups.data.flatMap((group) => group.alerts).map((alert) => [alert['fingerprint'], alert]),
  )
  return [...alerts.values()]
    .filter(({ labels }) => labels['scale'] !== undefined)
    .map((alert) => readAlert({ ...alert, status: 'firing' }))
}

interface Request {
  readonly address: URL
  readonly headers: Readonly<Record<string, string>>
}

/** User and password of the address go into a header, and so into no message. Its query (`?receiver=…`) is kept. */
function requestFor(url: string): Request {
  const address = new URL(url)
  const { username, password } = address
  address.username = ''
  address.password = ''
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/api/v2/alerts/groups`
  for (const [key, value] of new URLSearchParams(onlySent)) address.searchParams.set(key, value)
  const accept = { Accept: 'application/json' }
  if (username === '' && password === '') return { address, headers: accept }
  const credentials = `${decode(username)}:${decode(password)}`
  return {
    address,
    headers: { ...accept, Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  }
}

/** A percent sign that encodes nothing stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
