import { type Span, unionOf } from './span.ts'

/** A part of the time asked about: whether Swarm was seen in it. */
export interface View extends Span {
  /** Why nothing is known of it, whatever the service. Absent: it was seen. */
  readonly gap?: 'not_watched' | 'not_yet'
}

/**
 * The parts of a time that some receiver watched, and those that none did: together the whole of it.
 *
 * A watch that ended no longer than `patienceMs` ago goes on: what comes after its end is not looked at yet.
 */
export function viewsOf(
  window: Span,
  watches: readonly Span[],
  nowMs: number,
  patienceMs: number,
): readonly View[] {
  const seen = unionOf(watches)
  // A watch of one look has no length yet, but it ends the gap before it.
  const lastLookMs = watches.reduce((last, { untilMs }) => Math.max(last, untilMs), Number.NEGATIVE_INFINITY)
  const knownUntilMs = nowMs - lastLookMs <= patienceMs ? Math.min(nowMs, lastLookMs) : nowMs
  const views: View[] = []
  const add = (fromMs: number, untilMs: number, gap?: View['gap']) => {
    const span = { fromMs: Math.max(fromMs, window.fromMs), untilMs: Math.min(untilMs, window.untilMs) }
    if (span.fromMs < span.untilMs) views.push(gap === undefined ? span : { ...span, gap })
  }
  let doneMs = Number.NEGATIVE_INFINITY
  for (const { fromMs, untilMs } of seen) {
    add(doneMs, Math.min(fromMs, knownUntilMs), 'not_watched')
    add(fromMs, Math.min(untilMs, knownUntilMs))
    doneMs = untilMs
  }
  add(doneMs, knownUntilMs, 'not_watched')
  add(knownUntilMs, Number.POSITIVE_INFINITY, 'not_yet')
  return views
}
