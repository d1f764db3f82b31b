import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  DashboardLinkBuilder,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import type { Query } from './query.ts'

export type PanelOf = Builder<Panel>

/** What every panel has. */
export interface PanelOptions {
  readonly title: string
  /** What question it answers, and what to do about the answer. */
  readonly description: string
  /** Width and height on the grid, which is 24 wide. */
  readonly size: readonly [width: number, height: number]
  readonly unit: string
  readonly queries: readonly Query[]
  /** What it says where there are no data: why that is, and whether that is bad. */
  readonly empty: string
  readonly decimals?: number
  /** From the lowest on; the first counts from minus infinity. */
  readonly thresholds?: readonly (readonly [from: number | null, colour: string])[]
  readonly mappings?: readonly ValueMapping[]
  /** Colours of series by their name. */
  readonly colours?: Readonly<Record<string, string>>
  /** Where a click on a series leads. */
  readonly link?: { readonly title: string; readonly url: string }
  /** A time range of its own, as in `now/M`. */
  readonly timeFrom?: string
}

/** What all builders of panels have in common. */
interface Common<B> extends Builder<Panel> {
  title(title: string): B
  description(text: string): B
  span(width: number): B
  height(height: number): B
  unit(unit: string): B
  noValue(text: string): B
  datasource(reference: { type: string; uid: string }): B
  withTarget(target: DataqueryBuilder): B
  decimals(decimals: number): B
  thresholds(thresholds: ThresholdsConfigBuilder): B
  mappings(mappings: ValueMapping[]): B
  overrideByName(name: string, properties: DynamicConfigValue[]): B
  dataLinks(links: DashboardLinkBuilder[]): B
  timeFrom(time: string): B
}

export const datasource = { type: 'prometheus', uid: '${datasource}' }

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

function target({ expr, legend, instant, asTable, interval }: Query, index: number): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .datasource(datasource)
    .expr(expr)
    .legendFormat(legend)
    .refId(letters[index] ?? '')
  if (instant) query.instant()
  else query.range()
  if (asTable) query.format(PromQueryFormat.Table)
  if (interval !== undefined) query.interval(interval)
  return query
}

const fixed = (colour: string): DynamicConfigValue => ({
  id: 'color',
  value: { mode: FieldColorModeId.Fixed, fixedColor: colour },
})

function fill<B extends Common<B>>(builder: B, options: PanelOptions): B {
  const { size, thresholds = [[null, 'text']], link } = options
  builder.title(options.title).description(options.description).span(size[0]).height(size[1])
  builder.unit(options.unit).noValue(options.empty).datasource(datasource)
  for (const [index, query] of options.queries.entries()) builder.withTarget(target(query, index))
  if (options.decimals !== undefined) builder.decimals(options.decimals)
  const steps: Threshold[] = thresholds.map(([value, color]) => ({ value, color }))
  builder.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
  if (options.mappings !== undefined) builder.mappings([...options.mappings])
  for (const [name, colour] of Object.entries(options.colours ?? {}))
    builder.overrideByName(name, [fixed(colour)])
  if (link !== undefined) builder.dataLinks([new DashboardLinkBuilder(link.title).url(link.url)])
  if (options.timeFrom !== undefined) builder.timeFrom(options.timeFrom)
  return builder
}

export interface LinesOptions extends PanelOptions {
  /** `steps` where a value holds until the next one. Default: `lines`. */
  readonly draw?: 'lines' | 'steps' | 'bars' | 'points'
  readonly stacked?: true
  /** Highest value of the axis where values are lower. */
  readonly softMax?: number
  /** Default: 0. */
  readonly min?: number | 'auto'
  /** The area between two series, by their names. */
  readonly band?: readonly [lower: string, upper: string]
  readonly legend?: 'right' | 'bottom' | 'none'
  /** Gives each series a colour by its name, the same in every panel. */
  readonly colourByName?: true
  /** Draws the thresholds as lines. */
  readonly showThresholds?: true
}

/** Values over time. */
export function lines(options: LinesOptions): timeseries.PanelBuilder {
  const { draw = 'lines', legend = 'bottom', min = 0 } = options
  const panel = fill(new timeseries.PanelBuilder(), options)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(legend !== 'none')
        .displayMode(LegendDisplayMode.List)
        .placement(legend === 'right' ? LegendPlacement.Right : LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .colorScheme(new FieldColorBuilder().mode(paletteOf(options)))
  drawers[draw](panel, options.stacked === true)
  if (min !== 'auto') panel.min(min)
  if (options.softMax !== undefined) panel.axisSoftMax(options.softMax)
  if (options.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  if (options.showThresholds) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
  }
  if (options.band !== undefined) drawBand(panel, options.band)
  return panel
}

const paletteOf = ({ colourByName }: LinesOptions) =>
  colourByName ? FieldColorModeId.PaletteClassicByName : FieldColorModeId.PaletteClassic

const drawLine = (interpolation: LineInterpolation) => (panel: timeseries.PanelBuilder, stacked: boolean) =>
  panel
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(interpolation)
    .lineWidth(stacked ? 1 : 2)
    .fillOpacity(stacked ? 30 : 0)
    .showPoints(VisibilityMode.Auto)
    .pointSize(4)

const drawers = {
  lines: drawLine(LineInterpolation.Linear),
  steps: drawLine(LineInterpolation.StepAfter),
  bars: (panel: timeseries.PanelBuilder) =>
    panel.drawStyle(GraphDrawStyle.Bars).lineWidth(0).fillOpacity(80).showPoints(VisibilityMode.Never),
  points: (panel: timeseries.PanelBuilder) =>
    panel.drawStyle(GraphDrawStyle.Points).lineWidth(0).showPoints(VisibilityMode.Always).pointSize(7),
}

function drawBand(panel: timeseries.PanelBuilder, [lower, upper]: readonly [string, string]): void {
  const edge: DynamicConfigValue[] = [
    { id: 'custom.lineWidth', value: 1 },
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 6] } },
  ]
  panel.overrideByName(lower, edge)
  panel.overrideByName(upper, [
    ...edge,
    { id: 'custom.fillBelowTo', value: lower },
    { id: 'custom.fillOpacity', value: 12 },
  ])
}

export interface NumberOptions extends Omit<PanelOptions, 'queries'> {
  /** They are asked for the end of the time range only. */
  readonly queries: readonly Omit<Query, 'instant'>[]
  /** Colours the whole panel and not the number only. */
  readonly loud?: true
  /** Says what each number is, where there are several. */
  readonly named?: true
}

const once = (queries: readonly Omit<Query, 'instant'>[]) =>
  queries.map((query): Query => ({ ...query, instant: true }))

/** Single numbers, as they are at the end of the time range. */
export function numbers({ loud, named, ...options }: NumberOptions): stat.PanelBuilder {
  return fill(new stat.PanelBuilder(), { ...options, queries: once(options.queries) })
    .colorMode(loud ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(named ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .orientation(VizOrientation.Auto)
    .wideLayout(true)
}

/** Numbers side by side, each as a bar. */
export function bars(options: NumberOptions): bargauge.PanelBuilder {
  return fill(new bargauge.PanelBuilder(), { ...options, queries: once(options.queries) })
    .displayMode(BarGaugeDisplayMode.Gradient)
    .orientation(VizOrientation.Horizontal)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .min(0)
}

export interface TimelineOptions extends PanelOptions {
  /** Colours by value, where no mapping does. */
  readonly colourMode?: FieldColorModeId
  readonly showLegend?: true
  /** Leaves the values to the tooltip. */
  readonly hideValues?: true
}

/** A row for each series, with what it was at each time. */
export function timeline(options: TimelineOptions): statetimeline.PanelBuilder {
  return fill(new statetimeline.PanelBuilder(), options)
    .mergeValues(true)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(75)
    .showValue(options.hideValues ? VisibilityMode.Never : VisibilityMode.Auto)
    .perPage(20)
    .colorScheme(new FieldColorBuilder().mode(options.colourMode ?? FieldColorModeId.Thresholds))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(options.showLegend === true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None))
}

/** A column of a table: of the query of the same place, its values; its heading; and how they are shown. */
interface Column {
  readonly query: Omit<Query, 'legend' | 'instant' | 'asTable'>
  readonly heading: string
  readonly unit?: string
  readonly decimals?: number
  readonly show?: readonly DynamicConfigValue[]
}

export type RowsOptions = Omit<PanelOptions, 'queries' | 'colours'> & {
  readonly columns: readonly Column[]
  /** The label that the columns are joined by, which is the first column, and its heading. */
  readonly by: string
  readonly byHeading: string
  /** The heading of the column that the rows are sorted by. */
  readonly sortBy: string
}

/** A row for each value of a label. */
export function rows({ columns, by, byHeading, sortBy, link, ...options }: RowsOptions): table.PanelBuilder {
  const queries = columns.map(
    ({ query, heading }): Query => ({ ...query, legend: heading, instant: true, asTable: true }),
  )
  const panel = fill(new table.PanelBuilder(), { ...options, queries })
  const fieldOf = (index: number) => (columns.length === 1 ? 'Value' : `Value #${letters[index]}`)
  panel.withTransformation({ id: 'merge', options: {} })
  panel.withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries([[by, 0], ...columns.map((_, index) => [fieldOf(index), index + 1])]),
      renameByName: Object.fromEntries([
        [by, byHeading],
        ...columns.map(({ heading }, index) => [fieldOf(index), heading]),
      ]),
    },
  })
  for (const { heading, unit, decimals, show = [] } of columns) {
    panel.overrideByName(heading, [
      ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...show,
    ])
  }
  if (link !== undefined) panel.overrideByName(byHeading, [{ id: 'links', value: [link] }])
  return panel.sortBy([{ build: () => ({ displayName: sortBy, desc: true }) }])
}

/** A cell in the colour of its mapping or threshold. */
export const colouredCell: DynamicConfigValue = {
  id: 'custom.cellOptions',
  value: { type: 'color-background', mode: 'basic' },
}
