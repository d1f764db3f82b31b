import type { Panel } from './shape.ts'

/** How the values of one series are shown: the panel's own settings, and what its overrides make of them. */
export interface Field {
  readonly unit: string
  readonly decimals: number | undefined
  /** A fixed colour, where the series has one. */
  readonly colour: string | undefined
  readonly colourMode: string
  readonly custom: Readonly<Record<string, unknown>>
  readonly mappings: readonly Mapping[]
  readonly thresholds: readonly Threshold[]
  readonly noValue: string
}

interface Mapping {
  readonly options: Readonly<Record<string, { readonly text?: string; readonly color?: string }>>
}

interface Threshold {
  readonly value: number | null
  readonly color: string
}

/** How the series of this name is shown. */
export function fieldOf(panel: Panel, name: string): Field {
  const { defaults, overrides } = panel.fieldConfig
  const settings: Record<string, unknown> = { ...defaults }
  const custom: Record<string, unknown> = { ...(defaults['custom'] as Record<string, unknown> | undefined) }
  for (const { matcher, properties } of overrides) {
    if (!fits(matcher, name)) continue
    for (const { id, value } of properties) {
      if (id.startsWith('custom.')) custom[id.slice('custom.'.length)] = value
      else settings[id] = value
    }
  }
  const color = settings['color'] as { mode?: string; fixedColor?: string } | undefined
  return {
    unit: (settings['unit'] as string | undefined) ?? 'none',
    decimals: settings['decimals'] as number | undefined,
    colour: color?.mode === 'fixed' ? color.fixedColor : undefined,
    colourMode: color?.mode ?? 'palette-classic',
    custom,
    mappings: (settings['mappings'] as readonly Mapping[] | undefined) ?? [],
    thresholds: (settings['thresholds'] as { steps?: readonly Threshold[] } | undefined)?.steps ?? [],
    noValue: (settings['noValue'] as string | undefined) ?? '-',
  }
}

function fits({ id, options }: { readonly id: string; readonly options: string }, name: string): boolean {
  if (id === 'byName') return options === name
  if (id === 'byRegexp') return new RegExp(options.replace(/^\/|\/$/g, '')).test(name)
  throw new Error(`the preview knows no override ${id}`)
}

/** The words and the colour that a mapping has for a value. */
export function mapped({ mappings }: Field, value: number): { text?: string; color?: string } | undefined {
  for (const { options } of mappings) {
    const found = options[String(value)]
    if (found !== undefined) return found
  }
  return undefined
}

/** The colour of a value: of its mapping, the fixed one, or that of the threshold below it. */
export function colourOf(field: Field, value: number): string {
  const reached = field.thresholds.filter((step) => step.value === null || value >= step.value).at(-1)
  return named(mapped(field, value)?.color ?? field.colour ?? reached?.color ?? 'text')
}

/** Grafana's names of colours. */
export function named(colour: string): string {
  return colour === 'text' ? '#CCCCDC' : colour
}

/** The colours that series without one of their own get, in turn. */
export const palette = [
  '#73BF69',
  '#F2CC0C',
  '#8AB8FF',
  '#FF780A',
  '#F2495C',
  '#5794F2',
  '#B877D9',
  '#705DA0',
  '#37872D',
  '#FADE2A',
  '#447EBC',
  '#C15C17',
]
