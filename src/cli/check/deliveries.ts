import { type Scale, scales } from '../../domain/direction.ts'
import { type AlertLabels, matchesOn, matchingRoutes, type Route } from './routes.ts'
import { isTemplated, type Rule } from './rules-file.ts'

/** An alert as a rule would send it. */
interface ExampleAlert {
  readonly scale: Scale
  readonly labels: AlertLabels
  /** Whether this exact alert can occur: a rule sends it, and its service is not a placeholder. */
  readonly isReal: boolean
}

/** An example, and each route that it ends at. */
export interface Delivery {
  readonly alert: ExampleAlert
  readonly routes: readonly Route[]
}

/** The alerts that the rules shipped with this version send. */
const shippedNames = {
  up: 'SwarmServiceNeedsMoreReplicas',
  down: 'SwarmServiceNeedsFewerReplicas',
} as const

/** The placeholder if no service is known. */
const anyService = 'any-service'

/**
 * Follows the scaling alerts of these rules for these services through the routes: without rules the shipped alerts, and in any case an
 * alert for each `scale` that no rule has.
 */
export function followAlerts(
  root: Route,
  rules: readonly Rule[],
  services: readonly string[],
): readonly Delivery[] {
  const needsService = services.length === 0 && matchesOn(root, 'service')
  const templates = templatesOf(rules)
  return templates.flatMap(({ labels, scale, isReal }) => {
    const service = labels['service']
    const isNamed = service !== undefined && !isTemplated(service)
    const names = isNamed ? [service] : services.length > 0 ? services : [anyService]
    return names.map((name) => {
      const alert = {
        scale,
        labels: { ...labels, service: name, scale },
        isReal: isReal && (isNamed || !needsService),
      }
      return { alert, routes: matchingRoutes(root, alert.labels) }
    })
  })
}

interface Template {
  readonly scale: Scale
  readonly labels: AlertLabels
  readonly isReal: boolean
}

function templatesOf(rules: readonly Rule[]): readonly Template[] {
  const alerts = rules.flatMap(({ alert, labels }) => {
    const scaleLabel = labels['scale'] ?? ''
    // A template may become any of them.
    const possible = isTemplated(scaleLabel) ? scales : scales.filter((scale) => scale === scaleLabel)
    return alert === undefined
      ? []
      : possible.map((scale) => ({ scale, labels: { ...labels, alertname: alert }, isReal: true }))
  })
  const missing = scales.filter((scale) => !alerts.some((alert) => alert.scale === scale))
  return [...alerts, ...missing.map((scale) => placeholderFor(scale, alerts.length === 0))]
}

/** Without any rules the shipped ones are assumed; none of them uses `to`. */
function placeholderFor(scale: Scale, isWithoutRules: boolean): Template {
  if (scale === 'to') return { scale, labels: { alertname: 'Example' }, isReal: false }
  return { scale, labels: { alertname: shippedNames[scale] }, isReal: isWithoutRules }
}
