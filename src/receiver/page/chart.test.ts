import { describe, expect, it } from 'vitest'
import { chart } from './chart.ts'
import { timelineOf } from './timeline.ts'

const hour = 3_600_000
const day = 24 * hour
const count = (hours: number, desired: number) => ({ service: 'web', atMs: hours * hour, desired })
const drawn = (
  counts: readonly ReturnType<typeof count>[],
  {
    gaps = [] as { fromMs: number; untilMs: number; reason: 'not_watched' }[],
    bounds = { min: 1, max: 8 },
    name = 'web',
  } = {},
) =>
  chart(
    { name, desiredReplicas: counts.at(-1)?.desired ?? 0 },
    timelineOf(counts, gaps, 0, day),
    bounds,
  ).toString()

const linesOf = (svg: string) => [...svg.matchAll(/class="chart-line" d="([^"]+)"/g)].map(([, d]) => d)

describe('chart', () => {
  it('draws a line of steps: 24 hours are 480 wide, the highest number is at the top', () => {
    expect(linesOf(drawn([count(0, 2), count(6, 8), count(18, 4)]))).toEqual(['M0 41H120V2H360V28H480'])
  })

  it('breaks the line where nothing is known, and greys the ground there', () => {
    const svg = drawn([count(0, 2), count(12, 4)], {
      gaps: [{ fromMs: 10 * hour, untilMs: 12 * hour, reason: 'not_watched' }],
    })
    expect(linesOf(svg)).toEqual(['M0 41H200', 'M240 28H480'])
    expect(svg).toContain('<rect class="chart-gap" x="200" y="0" width="40" height="56"/>')
  })

  it('says in words what it shows, and how much of it is not known', () => {
    const svg = drawn([count(1.5, 2), count(6, 8), count(18, 4)]).replaceAll('\u00a0', ' ')
    const words = 'web in the last 1 d: lowest 2, highest 8, now 4 replicas. No data for 1 h 30 min.'
    expect(svg).toContain(`role="img" aria-label="${words}"`)
    expect(svg).toContain(`<title>${words}</title>`)
  })

  it('draws the bounds as a band; those that are far above stay outside', () => {
    const near = drawn([count(0, 4)], { bounds: { min: 2, max: 6 } })
    expect(near).toContain('<rect class="chart-band" x="0" y="2" width="480" height="34.7"/>')
    expect(near.match(/chart-bound/g)).toHaveLength(2)
    const far = drawn([count(0, 2)], { bounds: { min: 1, max: 100 } })
    expect(far.match(/chart-bound/g)).toHaveLength(1)
    expect(linesOf(far)).toEqual(['M0 28H480'])
  })

  it('draws a service that was at 0 all the time on the ground', () => {
    expect(linesOf(drawn([count(0, 0)], { bounds: { min: 0, max: 5 } }))).toEqual(['M0 54H480'])
  })

  it('says that nothing is known, and draws nothing', () => {
    const svg = drawn([])
    expect(svg).toContain('web: no data for the last')
    expect(svg).not.toMatch(/chart-line|chart-gap/)
  })

  it('stays small for a service that changes all the time, and keeps lows and highs', () => {
    const counts = Array.from({ length: 20_000 }, (_, n) =>
      count((n / 20_000) * 24, n === 7_000 ? 9 : n === 9_000 ? 0 : 2 + (n % 4)),
    )
    const svg = drawn(counts, { bounds: { min: 0, max: 9 } })
    expect(svg.length).toBeLessThan(60_000)
    expect(linesOf(svg)[0]).toMatch(/V2H/)
    expect(linesOf(svg)[0]).toMatch(/V54H/)
  })

  it('lets no name out of its text', () => {
    expect(drawn([], { name: '</title></svg><script>' })).not.toMatch(/<script|<\/svg>.+/)
  })
})
