/** A time span in ms since the epoch: `fromMs` is inclusive, `untilMs` exclusive. */
export interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** The union of spans, by time and without overlaps. */
export function unionOf(spans: readonly Span[]): readonly Span[] {
  const union: Span[] = []
  for (const { fromMs, untilMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (untilMs <= fromMs) continue
    const last = union.at(-1)
    if (last === undefined || last.untilMs < fromMs) union.push({ fromMs, untilMs })
    else union[union.length - 1] = { fromMs: last.fromMs, untilMs: Math.max(last.untilMs, untilMs) }
  }
  return union
}

/** The overlap of a span of each side. */
export interface Meeting<A extends Span, B extends Span> extends Span {
  readonly a: A
  readonly b: B
}

/** The overlaps of both sides. Each side must be sorted and without overlaps, and is read once. */
export function* meetings<A extends Span, B extends Span>(
  as: Iterable<A>,
  bs: readonly B[],
): Generator<Meeting<A, B>> {
  let at = 0
  for (const a of as) {
    for (let b = bs[at]; b !== undefined; b = bs[++at]) {
      const fromMs = Math.max(a.fromMs, b.fromMs)
      const untilMs = Math.min(a.untilMs, b.untilMs)
      if (fromMs < untilMs) yield { fromMs, untilMs, a, b }
      if (b.untilMs > a.untilMs) break
    }
  }
}
