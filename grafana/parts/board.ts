import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type RowPanel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { PanelOf } from './panels.ts'

/** The dashboards by their uids, which their addresses are made of. They never change. */
export const uids = {
  overview: 'swarm-autoscaler-overview',
  service: 'swarm-autoscaler-service',
  cost: 'swarm-autoscaler-cost',
  receiver: 'swarm-autoscaler-receiver',
} as const

const tag = 'swarm-autoscaler'

/** A row of panels, folded up where `folded`. A heading of its own stands above it. */
interface Row {
  readonly heading?: string
  readonly folded?: true
  readonly panels: readonly PanelOf[]
}

export interface BoardOptions {
  readonly uid: string
  readonly title: string
  readonly description: string
  /** How far back it looks at first, as in `now-1h`. */
  readonly from: string
  readonly refresh: string
  readonly variables: readonly Builder<VariableModel>[]
  readonly annotations: readonly Builder<AnnotationQuery>[]
  readonly links: readonly DashboardLinkBuilder[]
  readonly rows: readonly Row[]
}

/** A dashboard, complete: the same options always give the same one. */
export function board({ uid, title, description, from, refresh, rows, ...options }: BoardOptions): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .readonly()
    .timezone('browser')
    .time({ from, to: 'now' })
    .refresh(refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([...options.variables])
    .annotations([...options.annotations])
    .links([toOthers, ...options.links])
  for (const row of rows) addRow(builder, row)
  return numbered(builder.build())
}

function addRow(builder: DashboardBuilder, { heading, folded, panels }: Row): void {
  if (heading !== undefined) {
    const row = new RowBuilder(heading).collapsed(folded === true)
    if (folded) for (const panel of panels) row.withPanel(panel)
    builder.withRow(row)
  }
  if (!folded) for (const panel of panels) builder.withPanel(panel)
}

/** A menu of all dashboards of the autoscaler, which keeps the time and what is chosen. */
const toOthers = new DashboardLinkBuilder('Autoscaler dashboards')
  .type(DashboardLinkType.Dashboards)
  .tags([tag])
  .asDropdown(true)
  .includeVars(true)
  .keepTime(true)

/** Gives each panel a number of its own, by its place: links to single panels go by it. */
function numbered(dashboard: Dashboard): Dashboard {
  let id = 0
  for (const panel of dashboard.panels ?? []) {
    panel.id = ++id
    for (const inside of (panel as RowPanel).panels ?? []) inside.id = ++id
  }
  return dashboard
}
