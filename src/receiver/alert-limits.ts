/**
 * What one message may hold. Prometheus and Alertmanager limit none of it by default; what they send in earnest lies far below: some ten labels of some
 * ten characters, and a summary of a line.
 */

/** Most alerts of a message. The shipped configuration groups by service and scale: one group has as many as there are rules. */
export const mostAlerts = 10_000
/** Most labels of an alert, and most annotations. */
export const mostTexts = 256
/** Longest name of a label or annotation, in characters. */
export const longestName = 1_024
/** Longest value of a label or annotation, in characters. */
export const longestValue = 65_536
/** Longest name of a service, in characters. Swarm's own end at 63, its IDs at 25. */
export const longestService = 255

/** Longest alert name and summary that are kept, in characters: what is longer is cut, and still understood. */
export const longestAlertName = 200
export const longestSummary = 1_000
/** Longest of what is wrong with an alert, in characters. */
export const longestProblem = 500

/** Labels or annotations as JSON has them: some object. */
export type Texts = Readonly<Record<string, string>>

/** What is wrong with labels or annotations. Absent: they are texts by name, not too many and none too long. */
export function textsFault(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'must be an object of texts'
  const names = Object.keys(raw)
  if (names.length > mostTexts) return `are ${names.length}, more than ${mostTexts}`
  for (const name of names) {
    const value: unknown = (raw as Readonly<Record<string, unknown>>)[name]
    const shown = JSON.stringify(name.slice(0, 100))
    if (name.length > longestName) return `have a name of ${name.length} characters, more than ${longestName}`
    if (typeof value !== 'string') return `must be texts, and ${shown} is none`
    if (value.length > longestValue)
      return `must have at most ${longestValue} characters each, and ${shown} has ${value.length}`
  }
  return undefined
}
