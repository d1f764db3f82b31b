/** Does something for each, at most `size` at the same time, and gives what came of it in the same order. */
export async function inBatches<T, R>(
  size: number,
  all: readonly T[],
  act: (one: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = []
  for (let start = 0; start < all.length; start += size) {
    done.push(...(await Promise.all(all.slice(start, start + size).map(act))))
  }
  return done
}
