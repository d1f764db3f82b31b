/** Milliseconds of each unit, in the order in which Prometheus wants them written. */
const unitMs = {
  y: 365 * 24 * 3_600_000,
  w: 7 * 24 * 3_600_000,
  d: 24 * 3_600_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
} as const

const grammar = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/**
 * A duration in Prometheus' grammar (`30s`, `5m`, `1h30m`, `0`) in milliseconds: whole numbers, each unit once, the
 * largest first. Absent if the text is no such duration or too long to count in milliseconds.
 *
 * Source of the rule: `ParseDuration` of prometheus/common `model/time.go`.
 */
export function parseDurationMs(text: string): number | undefined {
  if (text === '0') return 0
  const match = grammar.exec(text)
  if (match === null || text === '') return undefined
  const totalMs = Object.values(unitMs).reduce(
    (sum, ms, index) => sum + Number(match[index + 1] ?? 0) * ms,
    0,
  )
  return Number.isSafeInteger(totalMs) ? totalMs : undefined
}

/** Milliseconds in the same grammar: `90_000` is `1m30s`. */
export function formatDuration(ms: number): string {
  let restMs = Math.round(ms)
  let text = ''
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(restMs / unitMs[unit])
    restMs -= count * unitMs[unit]
    if (count > 0) text += `${count}${unit}`
  }
  return text === '' ? '0s' : text
}
