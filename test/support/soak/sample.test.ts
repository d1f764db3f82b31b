import { expect, it } from 'vitest'
import { sumOf } from './sample.ts'

const exposed = `
# TYPE requests_total counter
requests_total{code="200",route="/webhook"} 40
requests_total{code="500",route="/webhook"} 2
requests_total{route="/",code="503"} 3
requests_total_of_another{code="500"} 1000
memory_bytes 1.5e+8
`

it('sums all series of exactly this name, or those with this text in their labels', () => {
  expect(sumOf(exposed, 'requests_total', '')).toBe(45)
  expect(sumOf(exposed, 'requests_total', 'code="5')).toBe(5)
  expect(sumOf(exposed, 'memory_bytes', '')).toBe(150_000_000)
  expect(sumOf(exposed, 'requests', '')).toBe(0)
})
