import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { costs } from './cost.ts'
import { overview } from './overview.ts'
import { receiver } from './receiver.ts'
import { service } from './service.ts'

/** Every dashboard, by the file that it is generated into. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  'overview.json': overview,
  'service.json': service,
  'cost.json': costs,
  'receiver.json': receiver,
}

/** A dashboard as its file has it. */
export function asText(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`
}
