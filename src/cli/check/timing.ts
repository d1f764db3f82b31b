import { type Direction, directions, type Scale } from '../../domain/direction.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { AlertmanagerConfig } from './alertmanager-file.ts'
import type { Delivery } from './deliveries.ts'
import type { Finding, FindingRule, Severity } from './findings.ts'
import { postIntervalMs, type Route } from './routes.ts'
import type { PolicyOf } from './services.ts'
import type { YamlFile } from './yaml-file.ts'

/** Longest waits of an `up`, in ms: more takes longer than the start of a service. */
const maxUpGroupWaitMs = 5_000
const maxUpGroupIntervalMs = 30_000

/** The values in the shipped `alertmanager/alertmanager.yml`. */
const shipped = {
  up: 'the shipped file has group_wait 0s, group_interval 5s, repeat_interval 4s here',
  down: 'the shipped file has group_wait 0s, group_interval 30s, repeat_interval 25s here',
} as const

/** What makes routes slow, or makes the receiver forget active alerts. `alertTtlMs`: when it forgets one, in ms. */
export function checkTiming(
  config: YamlFile<AlertmanagerConfig>,
  deliveries: readonly Delivery[],
  alertTtlMs: number,
): readonly Finding[] {
  return deliveries.flatMap(({ alert, routes }) =>
    routes.flatMap((route) => {
      const finding: MakeFinding = (severity, rule, message, key) => ({
        severity,
        where: config.at([...route.path, key]),
        rule,
        message,
      })
      return [
        ...checkGroups(route, finding),
        ...checkIntervals(route, directionOf(alert.scale), alertTtlMs, finding),
      ]
    }),
  )
}

/** Cooldowns that end before the next post can arrive, so that the next change is based on old values. */
export function checkCooldowns(
  deliveries: readonly Delivery[],
  policies: readonly PolicyOf[],
): readonly Finding[] {
  return policies.flatMap(({ name, policy }) =>
    directions.flatMap((direction): Finding[] => {
      const { cooldownMs = 0 } = policy[direction]
      const intervalMs = longestIntervalMs(deliveries, name, direction)
      if (cooldownMs === 0 || cooldownMs >= intervalMs) return []
      const message = `autoscaler.${direction}.cooldown is ${formatDuration(cooldownMs)}, shorter than the group_interval ${formatDuration(intervalMs)} of its alerts: it ends before a new value is received`
      return [{ severity: 'warning', where: { service: name }, rule: 'cooldown-below-interval', message }]
    }),
  )
}

type MakeFinding = (
  severity: Severity,
  rule: FindingRule,
  message: string,
  key: 'group_by' | 'group_wait' | 'group_interval' | 'repeat_interval',
) => Finding

/** `to` is as urgent as `up`, since it may scale up. */
const directionOf = (scale: Scale): Direction => (scale === 'down' ? 'down' : 'up')

function longestIntervalMs(deliveries: readonly Delivery[], service: string, direction: Direction): number {
  const own = deliveries.filter(
    ({ alert }) => alert.labels['service'] === service && alert.scale === direction,
  )
  return Math.max(0, ...own.flatMap(({ routes }) => routes.map(({ groupIntervalMs }) => groupIntervalMs)))
}

function checkGroups({ groupBy }: Route, finding: MakeFinding): readonly Finding[] {
  if (groupBy.includes('service') || groupBy.includes('...')) return []
  const message =
    'group_by has no service: all services share a message and wait for each other; the shipped file has [service, scale]'
  return [finding('warning', 'group-by-without-service', message, 'group_by')]
}

function checkIntervals(
  route: Route,
  direction: Direction,
  alertTtlMs: number,
  finding: MakeFinding,
): readonly Finding[] {
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = route
  const findings: Finding[] = []
  if (direction === 'up' && groupWaitMs > maxUpGroupWaitMs) {
    const message = `group_wait ${formatDuration(groupWaitMs)} delays the first up of each group; ${shipped.up}`
    findings.push(finding('warning', 'slow-group-wait', message, 'group_wait'))
  }
  const everyMs = postIntervalMs(route)
  const intervals = `group_interval ${formatDuration(groupIntervalMs)} and repeat_interval ${formatDuration(repeatIntervalMs)}`
  if (everyMs >= alertTtlMs) {
    const key = groupIntervalMs >= alertTtlMs ? 'group_interval' : 'repeat_interval'
    const message = `with ${intervals} an active ${direction} alert is posted every ${formatDuration(everyMs)}, but the receiver forgets it after ${formatDuration(alertTtlMs)}; ${shipped[direction]}`
    return [...findings, finding('error', 'alert-forgotten', message, key)]
  }
  if (repeatIntervalMs >= groupIntervalMs) {
    const message = `with ${intervals} an active ${direction} alert is posted only every ${formatDuration(everyMs)}; repeat_interval must be below group_interval; ${shipped[direction]}`
    findings.push(finding('warning', 'slow-repeat', message, 'repeat_interval'))
  }
  if (direction === 'up' && groupIntervalMs > maxUpGroupIntervalMs) {
    const message = `group_interval ${formatDuration(groupIntervalMs)} is long for an up: a new value is posted only after it; ${shipped.up}`
    findings.push(finding('warning', 'slow-group-interval', message, 'group_interval'))
  }
  return findings
}
