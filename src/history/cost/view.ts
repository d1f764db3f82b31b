import { type Span, unionOf } from './span.ts'

/** A part of the period, with whether Swarm was watched in it. */
export interface View extends Span {
  /** Why nothing is known about any service. Absent: it was watched. */
  readonly gap?: 'not_watched' | 'not_yet'
}

/**
 * The parts of a period that some receiver watched, and those that none did. Together they are the whole period.
 *
 * A watch that ended at most `patienceMs` ago is still active; the time since then is not known yet.
 */
export function viewsOf(
  window: Span,
  watches: readonly Span[],
  nowMs: number,
  patienceMs: number,
): readonly View[] {
  const seen = unionOf(watches)
  // A watch of a single resync has no length yet, but it ends the gap before it.
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
