import { z } from 'zod'
import { dashboards } from '../dashboards.ts'

const Target = z.object({
  refId: z.string(),
  expr: z.string(),
  legendFormat: z.string().default(''),
  instant: z.boolean().default(false),
  format: z.string().optional(),
  interval: z.string().optional(),
})

const Override = z.object({
  matcher: z.object({ id: z.string(), options: z.string() }),
  properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
})

const Panel = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string(),
  description: z.string().optional(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  timeFrom: z.string().optional(),
  maxDataPoints: z.number().optional(),
  repeat: z.string().optional(),
  targets: z.array(Target).default([]),
  transformations: z
    .array(z.object({ id: z.string(), options: z.record(z.string(), z.unknown()) }))
    .default([]),
  options: z.record(z.string(), z.unknown()).default({}),
  fieldConfig: z
    .object({
      defaults: z.record(z.string(), z.unknown()).default({}),
      overrides: z.array(Override).default([]),
    })
    .default({ defaults: {}, overrides: [] }),
})

const Row = z.object({
  id: z.number(),
  type: z.literal('row'),
  title: z.string(),
  collapsed: z.boolean(),
  gridPos: Panel.shape.gridPos,
  panels: z.array(Panel),
})

const Variable = z.object({
  name: z.string(),
  type: z.string(),
  label: z.string().optional(),
  multi: z.boolean().optional(),
  includeAll: z.boolean().optional(),
  allValue: z.string().optional(),
  query: z.unknown(),
})

const Annotation = z.object({
  name: z.string(),
  enable: z.boolean(),
  iconColor: z.string(),
  expr: z.string(),
  step: z.string().optional(),
  titleFormat: z.string(),
  textFormat: z.string(),
  useValueForTime: z.boolean().default(false),
})

const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  time: z.object({ from: z.string(), to: z.string() }),
  templating: z.object({ list: z.array(Variable) }),
  annotations: z.object({ list: z.array(Annotation) }),
  links: z.array(z.object({ title: z.string(), type: z.string(), url: z.string().optional() })),
  panels: z.array(z.union([Row, Panel])),
})

export type Target = z.infer<typeof Target>
export type Panel = z.infer<typeof Panel>
export type Row = z.infer<typeof Row>
export type Annotation = z.infer<typeof Annotation>
export type Dashboard = z.infer<typeof Dashboard>

export const isRow = (panel: Panel | Row): panel is Row => panel.type === 'row'

/** Every dashboard as Grafana reads it, by its file. */
export function readDashboards(): ReadonlyMap<string, Dashboard> {
  const entries = Object.entries(dashboards).map(([file, dashboard]) => {
    const plain: unknown = JSON.parse(JSON.stringify(dashboard))
    return [file, Dashboard.parse(plain)] as const
  })
  return new Map(entries)
}

/** Every panel that asks for something, those in folded rows included. */
export function panelsOf({ panels }: Dashboard): readonly Panel[] {
  return panels.flatMap((panel) => (isRow(panel) ? panel.panels : [panel]))
}
