import * as echarts from 'echarts'
import { type Answer, nameOf, type Series } from './ask.ts'
import { type Field, fieldOf, named, palette } from './field.ts'
import { format } from './format.ts'
import type { Span } from './interpolate.ts'
import type { Panel } from './shape.ts'

export interface Mark {
  readonly atMs: number
  readonly colour: string
}

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly span: Span
  readonly marks: readonly Mark[]
}

interface Line {
  readonly name: string
  readonly field: Field
  readonly colour: string
  readonly series: Series
  readonly stepMs: number
}

/** A panel of values over time, as SVG. */
export function drawLines(panel: Panel, answers: readonly Answer[], drawing: Drawing): string {
  const all = linesOf(panel, answers)
  const chart = echarts.init(null, 'dark', {
    renderer: 'svg',
    ssr: true,
    width: drawing.width,
    height: drawing.height,
  })
  chart.setOption(optionOf(panel, all, drawing))
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

function linesOf(panel: Panel, answers: readonly Answer[]): readonly Line[] {
  let index = 0
  return answers.flatMap(({ target, series, stepSeconds }) =>
    series.map((each) => {
      const name = nameOf(target.legendFormat, each.labels)
      const field = fieldOf(panel, name)
      const place = field.colourMode === 'palette-classic-by-name' ? placeOf(name) : index++
      const colour = named(field.colour ?? palette[place % palette.length] ?? 'text')
      return { name, field, colour, series: each, stepMs: 1_000 * stepSeconds }
    }),
  )
}

/** The place of a name in the palette, the same wherever it is shown. */
function placeOf(name: string): number {
  return [...name].reduce((sum, char) => (31 * sum + char.charCodeAt(0)) % 65_521, 7)
}

function optionOf(
  panel: Panel,
  all: readonly Line[],
  { span, marks, width, height }: Drawing,
): echarts.EChartsCoreOption {
  const field = fieldOf(panel, '')
  const legend = panel.options['legend'] as { showLegend: boolean; placement: string }
  const isRight = legend.placement === 'right'
  const { min } = panel.fieldConfig.defaults as { min?: number }
  const softMax = field.custom['axisSoftMax'] as number | undefined
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'Inter, "DejaVu Sans", sans-serif' },
    grid: { left: 12, right: isRight ? 190 : 16, top: 10, bottom: isRight ? 8 : 34, containLabel: true },
    legend: {
      show: legend.showLegend,
      type: 'plain',
      ...(isRight
        ? { orient: 'vertical', right: 4, top: 6, height: height - 16, itemGap: 4, width: 170 }
        : { left: 6, bottom: 2, itemGap: 12 }),
      icon: 'roundRect',
      itemWidth: 12,
      itemHeight: 4,
      textStyle: { color: '#CCCCDC', fontSize: 11 },
      data: [...new Set(all.map(({ name }) => name))],
    },
    xAxis: {
      type: 'time',
      min: span.fromMs,
      max: span.toMs,
      splitNumber: Math.max(2, Math.round(width / 130)),
      axisLabel: {
        color: '#9DA5B8',
        fontSize: 11,
        hideOverlap: true,
        formatter: {
          hour: '{HH}:{mm}',
          minute: '{HH}:{mm}',
          second: '{HH}:{mm}:{ss}',
          day: '{MM}/{dd}',
          month: '{MM}/{dd}',
        },
      },
      axisLine: { show: false },
      splitLine: { show: true, lineStyle: { color: 'rgba(204,204,220,0.07)' } },
    },
    yAxis: {
      type: 'value',
      ...(min === undefined ? { scale: true } : { min }),
      ...(softMax === undefined ? {} : { max: ({ max }: { max: number }) => Math.max(max, softMax) }),
      ...(field.decimals === 0 || field.unit === 'none' ? { minInterval: 1 } : {}),
      splitNumber: Math.max(2, Math.round(height / 45)),
      axisLabel: {
        color: '#9DA5B8',
        fontSize: 11,
        formatter: (value: number) => format(value, field.unit, field.decimals, span.toMs),
      },
      splitLine: { lineStyle: { color: 'rgba(204,204,220,0.1)' } },
    },
    series: [...bandOf(all), ...all.map((line) => seriesOf(line)), marksOf(field, marks)],
  }
}

function seriesOf({ name, field, colour, series, stepMs }: Line): object {
  const {
    drawStyle,
    lineWidth,
    fillOpacity,
    lineInterpolation,
    lineStyle,
    stacking,
    pointSize,
    fillBelowTo,
  } = field.custom as {
    drawStyle?: string
    lineWidth?: number
    fillOpacity?: number
    lineInterpolation?: string
    lineStyle?: { fill: string }
    stacking?: { mode: string }
    pointSize?: number
    fillBelowTo?: string
  }
  const stack = stacking?.mode === 'normal' ? { stack: 'all' } : {}
  const color = colour
  if (drawStyle === 'bars') {
    const opacity = (fillOpacity ?? 80) / 100
    return {
      name,
      type: 'bar',
      ...stack,
      data: series.points,
      itemStyle: { color, opacity },
      barMaxWidth: 60,
      barMinWidth: 3,
    }
  }
  if (drawStyle === 'points') {
    return { name, type: 'scatter', data: series.points, symbolSize: pointSize ?? 5, itemStyle: { color } }
  }
  return {
    name,
    type: 'line',
    ...stack,
    data: withGaps(series.points, stepMs),
    step: lineInterpolation === 'stepAfter' ? 'end' : false,
    showSymbol: series.points.length === 1,
    symbolSize: 4,
    itemStyle: { color },
    lineStyle: { width: lineWidth ?? 1, color, ...(lineStyle?.fill === 'dash' ? { type: [4, 6] } : {}) },
    areaStyle: { color, opacity: fillBelowTo === undefined ? (fillOpacity ?? 0) / 100 : 0 },
  }
}

/** What lies between a series and the one that it is filled down to. */
function bandOf(all: readonly Line[]): readonly object[] {
  return all.flatMap((upper) => {
    const lower = all.find(({ name }) => name === upper.field.custom['fillBelowTo'])
    if (lower === undefined) return []
    const lowerAt = new Map(lower.series.points)
    const both = upper.series.points.filter(([atMs]) => lowerAt.has(atMs))
    const common = {
      type: 'line',
      step: 'end',
      stack: 'band',
      symbol: 'none',
      silent: true,
      lineStyle: { width: 0 },
    }
    const opacity = Number(upper.field.custom['fillOpacity'] ?? 0) / 100
    return [
      { ...common, data: both.map(([atMs]) => [atMs, lowerAt.get(atMs)]) },
      {
        ...common,
        data: both.map(([atMs, value]) => [atMs, value - (lowerAt.get(atMs) ?? 0)]),
        areaStyle: { color: upper.colour, opacity },
      },
    ]
  })
}

/** Grafana draws no line over points that are missing. */
function withGaps(points: Series['points'], stepMs: number): readonly (readonly [number, number | null])[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1]
    const isGap = before !== undefined && point[0] - before[0] > 1.5 * stepMs
    return isGap ? [[before[0] + stepMs, null] as const, point] : [point]
  })
}

function marksOf(field: Field, marks: readonly Mark[]): object {
  const style = (field.custom['thresholdsStyle'] as { mode?: string } | undefined)?.mode
  const thresholds = style === undefined ? [] : field.thresholds.filter(({ value }) => value !== null)
  return {
    type: 'line',
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      data: [
        ...marks.map(({ atMs, colour }) => ({
          xAxis: atMs,
          lineStyle: { color: colour, type: 'dashed', width: 1 },
        })),
        ...thresholds.map(({ value, color }) => ({
          yAxis: value,
          lineStyle: { color, type: 'dashed', width: 1.5 },
        })),
      ],
    },
  }
}
