import { afterEach, beforeEach, type TestContext } from 'vitest'

/**
 * In a block whose tests go on where the one before has ended: after one that fails the rest is skipped, and says why. Without it,
 * one fault would be told as many.
 */
export function tellInOrder(): void {
  let failed: string | undefined
  beforeEach(({ skip }) => skip(failed !== undefined, `"${failed}" failed, and this goes on from there`))
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') failed ??= task.name
  })
}

/** What one test makes and others go on with. */
export class Outcome<T> {
  readonly #whenMissing: string
  #made: { readonly value: T } | undefined

  /** `whenMissing`: why tests that go on with it are skipped, "the loop did not close". */
  constructor(whenMissing: string) {
    this.#whenMissing = whenMissing
  }

  make(value: T): T {
    this.#made = { value }
    return value
  }

  /** What was made. Where it was not, the test of `context` is skipped and says why. */
  of({ skip }: Pick<TestContext, 'skip'>): T {
    if (this.#made === undefined) return skip(this.#whenMissing)
    return this.#made.value
  }
}
