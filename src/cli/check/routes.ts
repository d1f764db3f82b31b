import type { YamlPath } from '../../policy/yaml-document.ts'
import type { RouteNode } from './alertmanager-file.ts'
import type { Matcher } from './matcher.ts'

export type AlertLabels = Readonly<Record<string, string>>

/** A route with everything that it inherits. */
export interface Route {
  /** Its place in the file. */
  readonly path: YamlPath
  readonly receiver: string
  /** `...` groups by every label. */
  readonly groupBy: readonly string[]
  readonly groupWaitMs: number
  readonly groupIntervalMs: number
  readonly repeatIntervalMs: number
  readonly matchers: readonly Matcher[]
  /** Whether an alert that matched continues to the next routes. */
  readonly continues: boolean
  readonly routes: readonly Route[]
}

type Inherited = Pick<Route, 'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>

/** Alertmanager's defaults: `DefaultRouteOpts` of its `dispatch/route.go`. */
const defaults: Inherited = {
  receiver: '',
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 5 * 60_000,
  repeatIntervalMs: 4 * 3_600_000,
}

/** This route and the tree below it, with everything that each inherits. */
export function resolveRoutes(
  node: RouteNode,
  path: YamlPath = ['route'],
  above: Inherited = defaults,
): Route {
  const own: Inherited = {
    receiver: node.receiver ?? above.receiver,
    groupBy: node.group_by ?? above.groupBy,
    groupWaitMs: node.group_wait ?? above.groupWaitMs,
    groupIntervalMs: node.group_interval ?? above.groupIntervalMs,
    repeatIntervalMs: node.repeat_interval ?? above.repeatIntervalMs,
  }
  return {
    ...own,
    path,
    matchers: [...(node.match ?? []), ...(node.match_re ?? []), ...(node.matchers ?? []).flat()],
    continues: node.continue ?? false,
    routes: (node.routes ?? []).map((child, index) => resolveRoutes(child, [...path, 'routes', index], own)),
  }
}

/**
 * The routes that an alert ends at, in order; none if the root route does not match.
 * Source of the rule: `Route.Match` of Alertmanager's `dispatch/route.go`.
 */
export function matchingRoutes(route: Route, labels: AlertLabels): readonly Route[] {
  if (!route.matchers.every(({ label, matches }) => matches(labels[label] ?? ''))) return []
  const found: Route[] = []
  for (const child of route.routes) {
    const below = matchingRoutes(child, labels)
    found.push(...below)
    if (below.length > 0 && !child.continues) break
  }
  return found.length > 0 ? found : [route]
}

/**
 * The time between two posts of an unchanged group, in ms: a group is flushed every `group_interval`, and posted again if more than
 * `repeat_interval` has passed.
 */
export function postIntervalMs({ groupIntervalMs, repeatIntervalMs }: Route): number {
  return (Math.floor(repeatIntervalMs / groupIntervalMs) + 1) * groupIntervalMs
}

/** Whether a route of the tree has a matcher for this label. */
export function matchesOn(route: Route, label: string): boolean {
  return (
    route.matchers.some((matcher) => matcher.label === label) ||
    route.routes.some((child) => matchesOn(child, label))
  )
}
