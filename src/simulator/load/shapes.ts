import { normalFrom, randomFrom } from './random.ts'

export const shapeNames = [
  'day',
  'spike',
  'black-friday',
  'flapping',
  'step',
  'decay',
  'week',
  'bursts',
  'newsletter',
] as const
export type ShapeName = (typeof shapeNames)[number]

/** The options of a made-up load. */
export interface ShapeOptions {
  /** The usual load, > 0. */
  readonly base: number
  /** The peak as a multiple of the base, >= 1. Default: that of the shape. */
  readonly factor?: number
  /** Length of the load. Default: that of the shape. */
  readonly seconds?: number
  /** The same seed gives the same load. Default 1. */
  readonly seed?: number
  /** Standard deviation of the noise as a share of the load. Default 0.03. */
  readonly noise?: number
}

interface Shape {
  readonly about: string
  readonly factor: number
  readonly seconds: number
  /** The load at a second, as a multiple of the base. */
  readonly make: (factor: number, seconds: number, random: () => number) => (second: number) => number
}

const hour = 3_600
const day = 24 * hour

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  day: {
    about: 'a day: quiet at night, most in the evening',
    factor: 5,
    seconds: day,
    make: (factor) => (second) => 1 + (factor - 1) * daytime(second),
  },
  spike: {
    about: 'a newsletter every two hours: up within 30 s, over within minutes',
    factor: 5,
    seconds: 12 * hour,
    make: (factor) => (second) => 1 + (factor - 1) * spike((second % (2 * hour)) - hour, 30, 400),
  },
  'black-friday': {
    about: 'a sale that opens at eight: people wait, all come at once, and stay',
    factor: 20,
    seconds: day,
    make: (factor) => (second) => 1 + (factor - 1) * sale(second - 8 * hour),
  },
  flapping: {
    about: 'up and down every four minutes',
    factor: 2,
    seconds: 4 * hour,
    make: (factor) => (second) => (Math.floor(second / 120) % 2 === 0 ? 1 : factor),
  },
  step: {
    about: 'one step up that stays',
    factor: 4,
    seconds: 4 * hour,
    make: (factor, seconds) => (second) => (second < seconds / 4 ? 1 : factor),
  },
  decay: {
    about: 'a high load that falls slowly',
    factor: 10,
    seconds: 12 * hour,
    make: (factor, seconds) => (second) => 1 + (factor - 1) * Math.exp((-4 * second) / seconds),
  },
  week: {
    about: 'seven days, the last two quieter',
    factor: 5,
    seconds: 7 * day,
    make: (factor) => (second) =>
      1 + (factor - 1) * daytime(second) * (Math.floor(second / day) % 7 < 5 ? 1 : 0.5),
  },
  bursts: {
    about: 'bursts at any time, most of them small and a few large',
    factor: 8,
    seconds: day,
    make: makeBursts,
  },
  newsletter: {
    about: 'four weeks of a shop that sends a newsletter at 07:30 on working days',
    factor: 8,
    seconds: 28 * day,
    make: makeNewsletters,
  },
}

/** A made-up load, for each second. */
export function makeLoad(name: ShapeName, options: ShapeOptions): Float64Array {
  const shape = shapes[name]
  const { base, factor = shape.factor, seconds = shape.seconds, seed = 1, noise = 0.03 } = options
  const random = randomFrom(seed)
  const at = shape.make(factor, seconds, random)
  const normal = normalFrom(random)
  const load = new Float64Array(seconds)
  // Noise lasts for some seconds, as the actions of users do.
  let wobble = 0
  for (let second = 0; second < seconds; second += 1) {
    wobble = 0.9 * wobble + Math.sqrt(1 - 0.81) * normal()
    load[second] = Math.max(0, base * at(second) * (1 + noise * wobble))
  }
  return load
}

/** 0 at four in the morning, 1 at its best in the evening. */
function daytime(second: number): number {
  const hourOfDay = (second % day) / hour
  const wave = 0.5 - 0.5 * Math.cos((2 * Math.PI * (hourOfDay - 4)) / 24)
  const evening = Math.exp(-(((hourOfDay - 20) / 2) ** 2))
  return Math.min(1, 0.75 * wave + 0.35 * evening)
}

/** Up within `rise` seconds from `after` = 0 on, then down to a third every `fade` seconds. */
function spike(after: number, rise: number, fade: number): number {
  if (after < 0) return 0
  return after < rise ? after / rise : Math.exp(-(after - rise) / fade)
}

/** A rush within a minute, four hours of high load, and a slow end. */
function sale(after: number): number {
  if (after < -hour) return 0
  if (after < 0) return 0.05 * (1 + after / hour)
  if (after < 60) return 0.05 + (0.95 * after) / 60
  return after < 4 * hour ? 1 - (0.3 * after) / (4 * hour) : 0.7 * Math.exp(-(after - 4 * hour) / (2 * hour))
}

/** Bursts about every half hour; their height has a heavy tail (Pareto, shape 1.5), cut at the factor. */
function makeBursts(factor: number, seconds: number, random: () => number): (second: number) => number {
  const heights = new Float64Array(seconds).fill(1)
  for (let at = 0; at < seconds; at += Math.ceil(-Math.log(1 - random()) * (hour / 2)) + 1) {
    const height = Math.min(factor - 1, 0.5 * (1 - random()) ** (-1 / 1.5))
    const [rise, fade] = [5 + 55 * random(), 60 + 540 * random()]
    for (let after = 0; after < 6 * fade && at + after < seconds; after += 1) {
      heights[at + after] = (heights[at + after] as number) + height * spike(after, rise, fade)
    }
  }
  return (second) => Math.min(factor, heights[second] as number)
}

/** The week, plus a newsletter on each working day, up to three minutes late. */
function makeNewsletters(factor: number, seconds: number, random: () => number): (second: number) => number {
  const week = shapes.week.make(5, seconds, random)
  const late = Array.from({ length: Math.ceil(seconds / day) }, () => 180 * random())
  return (second) => {
    const days = Math.floor(second / day)
    if (days % 7 >= 5) return week(second)
    const after = (second % day) - 7.5 * hour - (late[days] ?? 0)
    return week(second) + (factor - 1) * spike(after, 25, 400)
  }
}
