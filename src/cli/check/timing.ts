import { type Direction, directions, type Scale } from '../../domain/direction.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { AlertmanagerConfig } from './alertmanager-file.ts'
import type { Delivery } from './deliveries.ts'
import type { Finding, FindingRule, Severity } from './findings.ts'
import { postIntervalMs, type Route } from './routes.ts'
import type { PolicyOf } from './services.ts'
import type { YamlFile } from './yaml-file.ts'

/** The longest that an `up` may wait, in ms: more is slower than a service starts. */
const longestUpGroupWaitMs = 5_000
const longestUpGroupIntervalMs = 30_000

/** What `alertmanager/alertmanager.yml` of this version has. */
const shipped = {
  up: 'the shipped file has group_wait 0s, group_interval 5s, repeat_interval 4s here',
  down: 'the shipped file has group_wait 0s, group_interval 30s, repeat_interval 25s here',
} as const

/** What makes routes slow, or lets signals be forgotten. `alertTtlMs`: how long the receiver remembers one, in ms. */
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

/** Cooldowns that end before the next post can come: what follows them is a change on what was known before. */
export function checkCooldowns(
  deliveries: readonly Delivery[],
  policies: readonly PolicyOf[],
): readonly Finding[] {
  return policies.flatMap(({ name, policy }) =>
    directions.flatMap((direction): Finding[] => {
      const { cooldownMs = 0 } = policy[direction]
      const intervalMs = longestIntervalMs(deliveries, name, direction)
      if (cooldownMs === 0 || cooldownMs >= intervalMs) return []
      const message = `autoscaler.${direction}.cooldown is ${formatDuration(cooldownMs)}, shorter than the group_interval ${formatDuration(intervalMs)} of its alerts: it ends before anything new is received`
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

/** `to` is as urgent as `up`, since it can be one. */
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
  if (direction === 'up' && groupWaitMs > longestUpGroupWaitMs) {
    const message = `group_wait ${formatDuration(groupWaitMs)} delays each first up by as much; ${shipped.up}`
    findings.push(finding('warning', 'slow-group-wait', message, 'group_wait'))
  }
  const everyMs = postIntervalMs(route)
  const intervals = `group_interval ${formatDuration(groupIntervalMs)} and repeat_interval ${formatDuration(repeatIntervalMs)}`
  if (everyMs >= alertTtlMs) {
    const key = groupIntervalMs >= alertTtlMs ? 'group_interval' : 'repeat_interval'
    const message = `with ${intervals} a standing ${direction} is posted every ${formatDuration(everyMs)}, and the receiver forgets it after ${formatDuration(alertTtlMs)}; ${shipped[direction]}`
    return [...findings, finding('error', 'signal-forgotten', message, key)]
  }
  if (repeatIntervalMs >= groupIntervalMs) {
    const message = `with ${intervals} a standing ${direction} is posted every ${formatDuration(everyMs)} only; repeat_interval must be below group_interval; ${shipped[direction]}`
    findings.push(finding('warning', 'slow-repeat', message, 'repeat_interval'))
  }
  if (direction === 'up' && groupIntervalMs > longestUpGroupIntervalMs) {
    const message = `group_interval ${formatDuration(groupIntervalMs)} is long for an up: that long it is before a new number is posted; ${shipped.up}`
    findings.push(finding('warning', 'slow-group-interval', message, 'group_interval'))
  }
  return findings
}
