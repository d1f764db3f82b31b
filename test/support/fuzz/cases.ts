import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'vitest'

/** Cases of a property that takes all of them: few beside the unit tests, many with `npm run fuzz`. */
const all = Number(process.env['FUZZ_CASES'] ?? 2_000)

/** The options of a property that takes this share of the cases, in percent. Its seed is set for all of them: `seed.ts`. */
export function cases(percent: number) {
  return { numRuns: Math.max(1, Math.round((all * percent) / 100)) }
}

/** Most that the heap may have grown by from the warm-up to the end, in bytes: what caches and counters of a steady world need. */
const mostGrowth = 48 * 1_048_576

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapUsed(): number {
  collect()
  return process.memoryUsage().heapUsed
}

/** Watches the heap over many cases. */
export class HeapWatch {
  readonly #warmUp: number
  #count = 0
  #before = 0

  constructor(percent: number) {
    this.#warmUp = Math.ceil(cases(percent).numRuns / 10)
  }

  /** To be called after each case. */
  tick(): void {
    if (++this.#count === this.#warmUp) this.#before = heapUsed()
  }

  /** To be called at the end: the heap is about as large as it was after a tenth of the cases. */
  expectSteady(what: string): void {
    const growth = heapUsed() - this.#before
    if (process.env['FUZZ_CASES'] !== undefined) {
      console.log(
        `${what}: ${this.#count} cases, heap ${megabytes(this.#before)} after a tenth, ${megabytes(growth)} more at the end`,
      )
    }
    expect(growth).toBeLessThan(mostGrowth)
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}

const prototypeKeys = [Object.prototype, Array.prototype, String.prototype].map(
  (one) => Reflect.ownKeys(one).length,
)

/** Nothing was written onto what all objects have in common. */
export function expectCleanPrototypes(): void {
  const now = [Object.prototype, Array.prototype, String.prototype].map((one) => Reflect.ownKeys(one).length)
  expect(now).toEqual(prototypeKeys)
}
