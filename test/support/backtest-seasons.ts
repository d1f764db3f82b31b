import type { ForecastPeriod } from '../../src/domain/forecast.ts'
import { normalFrom, randomFrom } from '../../src/simulator/load/random.ts'
import type { Step } from '../../src/simulator/plant.ts'
import { runAutoscaler } from '../../src/simulator/run.ts'
import type { Scene, Supply } from '../../src/simulator/scene.ts'
import { demandOf, type Score, scoreOf, stepsOf } from '../../src/simulator/score.ts'
import { plainPolicy } from './backtest-scenes.ts'

const hour = 3_600
const day = 24 * hour

/** Times the quiet load at a second. */
type Season = (second: number) => number

/** Quiet at night, most in the evening. */
const evening: Season = (second) => {
  const hours = (second % day) / hour
  const wave = 0.5 - 0.5 * Math.cos((2 * Math.PI * (hours - 4)) / 24)
  return 1 + 4 * Math.min(1, 0.75 * wave + 0.35 * Math.exp(-(((hours - 20) / 2) ** 2)))
}

/** Six times as much from 8 to 18 o'clock, within a minute. */
const office: Season = (second) => {
  const open = (second % day) - 8 * hour
  return open < 0 || open > 10 * hour ? 1 : 1 + 5 * Math.min(1, open / 60)
}

/** An hour of a job at 2 at night, beside people in the evening. */
const nightly: Season = (second) => {
  const hours = (second % day) / hour
  return evening(second) + (hours >= 2 && hours < 3 ? 6 : 0)
}

/** Five such days, and two with less than a third of it. */
const withWeekend =
  (season: Season): Season =>
  (second) =>
    Math.floor(second / day) % 7 < 5 ? season(second) : 1 + 0.3 * (season(second) - 1)

/** The one until a day, the other from then on. */
const until =
  (days: number, season: Season, after: Season): Season =>
  (second) =>
    second < days * day ? season(second) : after(second)

/** As it was, but so many hours later. */
const later =
  (hours: number, season: Season): Season =>
  (second) =>
    season(second + (24 - hours) * hour)

/** Bursts of some minutes at any time, two hours between them on average; their height has a heavy tail. */
function bursts(days: number, random: () => number): Season {
  const heights = new Float64Array(days * day)
  for (let at = 0; at < heights.length; at += Math.ceil(-Math.log(1 - random()) * 2 * hour) + 60) {
    const height = Math.min(7, 0.5 * (1 - random()) ** (-1 / 1.5))
    const [rise, fade] = [5 + 55 * random(), 60 + 540 * random()]
    for (let after = 0; after < 6 * fade && at + after < heights.length; after += 1) {
      const share = after < rise ? after / rise : Math.exp(-(after - rise) / fade)
      heights[at + after] = (heights[at + after] as number) + height * share
    }
  }
  return (second) => heights[second] as number
}

interface Story {
  readonly period: ForecastPeriod
  readonly days: number
  /** The days before it only make history. */
  readonly judgedFrom: number
  readonly season: Season
}

const workdays = withWeekend(office)

/** Loads that have a pattern. */
export const seasons: Readonly<Record<string, Story>> = {
  'quiet at night, most in the evening': { period: 'daily', days: 9, judgedFrom: 2, season: evening },
  'an office that opens at eight': { period: 'daily', days: 9, judgedFrom: 2, season: office },
  'a job at two at night': { period: 'daily', days: 9, judgedFrom: 2, season: nightly },
  'an office with a weekend': { period: 'weekly', days: 21, judgedFrom: 8, season: workdays },
}

/** Loads whose pattern breaks; judged is what comes after. */
export const brokenSeasons: Readonly<Record<string, Story>> = {
  'an office week, twelve hours later': {
    period: 'weekly',
    days: 21,
    judgedFrom: 14,
    season: until(14, workdays, later(12, workdays)),
  },
  'an office that is closed for a week': {
    period: 'weekly',
    days: 21,
    judgedFrom: 14,
    season: until(14, workdays, () => 1),
  },
  'an office that opens an hour later': {
    period: 'daily',
    days: 14,
    judgedFrom: 7,
    season: until(7, office, later(1, office)),
  },
  'an evening with half as many people': {
    period: 'daily',
    days: 14,
    judgedFrom: 7,
    season: until(7, evening, (second) => evening(second) / 2),
  },
  'another hour each day': {
    period: 'daily',
    days: 9,
    judgedFrom: 2,
    season: (second) => later((7 * Math.floor(second / day)) % 24, office)(second),
  },
}

/** With days that differ by a tenth and two minutes, and noise. */
function loadOf({ season, days }: Story, seed: number): Float64Array {
  const normal = normalFrom(randomFrom(seed))
  const ofDays = Array.from({ length: days }, () => ({
    level: Math.exp(0.1 * normal()),
    shift: Math.round(120 * normal()),
  }))
  let wobble = 0
  return Float64Array.from({ length: days * day }, (_, second) => {
    wobble = 0.9 * wobble + Math.sqrt(1 - 0.81) * normal()
    const { level = 1, shift = 0 } = ofDays[Math.floor(second / day)] ?? {}
    return Math.max(0, 100 * level * season(Math.max(0, second + shift)) * (1 + 0.03 * wobble))
  })
}

/** What the judged days were like, without a forecast and with one. */
export function compare(story: Story, startUpSeconds: number, seed = 1): { without: Score; with: Score } {
  const scene: Scene = {
    startMs: Date.UTC(2026, 10, 23),
    load: loadOf(story, seed),
    measure: 'requests',
    capacity: 20,
    target: 14,
    startUpSeconds,
  }
  const forecast = { period: story.period, lookAheadMs: 600_000, isForecastOnly: false } as const
  const judge = (supply: Supply) => scoreFrom(story.judgedFrom * day, scene, supply)
  return {
    without: judge(runAutoscaler(scene, plainPolicy)),
    with: judge(runAutoscaler(scene, { ...plainPolicy, forecast })),
  }
}

/** An evening load with bursts that no history tells of. */
export const burstyStory = (seed: number): Story => {
  const days = 8
  const atAnyTime = bursts(days + 1, randomFrom(seed))
  return {
    period: 'daily',
    days,
    judgedFrom: 2,
    season: (second) => evening(second) + atAnyTime(second),
  }
}

function scoreFrom(from: number, scene: Scene, { desired, running }: Supply): Score {
  const rest = { ...scene, load: scene.load.slice(from) }
  const supply = { desired: stepsFrom(from, desired), running: stepsFrom(from, running) }
  return scoreOf(rest, stepsOf(demandOf(rest)), supply)
}

function stepsFrom(from: number, steps: readonly Step[]): readonly Step[] {
  const first = steps.findLastIndex(({ at }) => at <= from)
  return steps.slice(first).map(({ at, replicas }) => ({ at: Math.max(0, at - from), replicas }))
}
