import { defined } from '../../domain/defined.ts'
import { makeLoad, type ShapeName, shapeNames, shapes } from '../../simulator/load/shapes.ts'
import { number, positive, seconds, textOf, timeMs, whole } from '../option-values.ts'
import { UsageError } from '../usage-error.ts'

/** The flags of a made-up load. */
export const shapeFlags = {
  shape: { type: 'string' },
  base: { type: 'string' },
  factor: { type: 'string' },
  duration: { type: 'string' },
  noise: { type: 'string' },
  seed: { type: 'string' },
  start: { type: 'string' },
} as const

export const shapeHelp = [
  'Load:',
  ...Object.entries(shapes).map(
    ([name, { about, factor }]) => `  --shape ${name.padEnd(13)}${about} (factor ${factor})`,
  ),
  '  --base N           the usual load (default: 300)',
  '  --factor N         the peak, as a multiple of the usual load',
  '  --duration D       length of the load',
  '  --noise N          standard deviation of the noise, as a share of the load (default: 0.03)',
  '  --seed N           seed of noise and bursts (default: 1)',
  '  --start T          time of the first second, RFC 3339, for schedule windows (default: 2026-11-23T00:00:00Z, a Monday)',
] as const

/** A made-up load. */
export interface ShapedLoad {
  readonly shape: ShapeName
  readonly startMs: number
  readonly load: Float64Array
}

/** Throws `UsageError`. */
export function readShapedLoad(values: Readonly<Record<string, unknown>>): ShapedLoad {
  const text = (name: keyof typeof shapeFlags) => textOf(values, name)
  const shape = shapeOf(text('shape'))
  const startMs = timeMs('--start', text('start') ?? '2026-11-23T00:00:00Z')
  const factor = number('--factor', text('factor'))
  if (factor !== undefined && factor < 1)
    throw new UsageError(`--factor "${text('factor')}" must be 1 or more`)
  const duration = text('duration')
  const load = makeLoad(shape, {
    base: positive('--base', text('base')) ?? 300,
    ...defined({
      factor,
      seconds: duration === undefined ? undefined : lengthOf(duration),
      noise: number('--noise', text('noise')),
      seed: whole('--seed', text('seed')),
    }),
  })
  return { shape, startMs, load }
}

function shapeOf(text: string | undefined): ShapeName {
  const shape = shapeNames.find((name) => name === text)
  if (shape !== undefined) return shape
  throw new UsageError(
    `--shape ${text === undefined ? 'is missing' : `"${text}" is unknown`}; it must be one of ${shapeNames.join(', ')}`,
  )
}

/** A shorter load shows nothing, and a longer one does not fit into memory. */
function lengthOf(text: string): number {
  const length = seconds('--duration', text)
  if (length < 600 || length > 400 * 86_400)
    throw new UsageError(`--duration "${text}" must be from 10m to 400d`)
  return length
}
