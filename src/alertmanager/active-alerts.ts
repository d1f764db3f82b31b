import { z } from 'zod'
import { withoutCredentials } from '../text/credentials.ts'

/** One active alert as Alertmanager's API has it: all its fields, unchecked but for the names of its labels. */
export type ApiAlert = z.infer<typeof Alert>

const Alert = z.looseObject({ labels: z.record(z.string(), z.unknown()) })

/** Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (`/alerts/groups`) */
const AlertGroups = z.array(z.object({ alerts: z.array(Alert) }))

/** Only what Alertmanager sends to receivers. An older version ignores a parameter that it does not know. */
const onlySent = { active: 'true', silenced: 'false', inhibited: 'false', muted: 'false' }

/** Most that Alertmanager may take to answer, in ms. */
const timeoutMs = 5_000

/**
 * The active alerts with a `scale` label, each once.
 *
 * `url`: Alertmanager's address, as in `http://alertmanager:9093?receiver=swarm-autoscaler`. `receiver`, a regular expression,
 * keeps only alerts for receivers of such a name. User and password are sent as Basic authentication. `signal` aborts the
 * request. Rejects with a message for the user if there is no answer within 5 s, or one that is not Alertmanager's.
 */
export async function readActiveAlerts(url: string, signal: AbortSignal): Promise<readonly ApiAlert[]> {
  const { address, authorization } = groupsOf(url)
  const response = await fetch(address, {
    headers: {
      Accept: 'application/json',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch((thrown: Error) => {
    // `fetch` itself only says that it failed.
    const { message } = thrown.cause instanceof Error ? thrown.cause : thrown
    throw new Error(`${address.origin} does not answer: ${message}`, { cause: thrown })
  })
  if (!response.ok) {
    throw new Error(`${address} answers ${response.status}; is it Alertmanager 0.16 or newer?`)
  }
  const groups = AlertGroups.safeParse(await response.json().catch(() => undefined))
  if (!groups.success)
    throw new Error(`${address} does not answer with groups of alerts; is it Alertmanager?`)
  return scalingAlerts(groups.data.flatMap((group) => group.alerts))
}

/** An alert for several receivers is in several groups. */
function scalingAlerts(alerts: readonly ApiAlert[]): readonly ApiAlert[] {
  const byFingerprint = new Map(alerts.map((alert) => [alert['fingerprint'], alert]))
  return [...byFingerprint.values()].filter(({ labels }) => labels['scale'] !== undefined)
}

/** The address of the groups, with the query that `url` has (`?receiver=…`). */
function groupsOf(url: string): ReturnType<typeof withoutCredentials> {
  const bare = withoutCredentials(new URL(url))
  bare.address.pathname = `${bare.address.pathname.replace(/\/+$/, '')}/api/v2/alerts/groups`
  for (const [key, value] of Object.entries(onlySent)) bare.address.searchParams.set(key, value)
  return bare
}
