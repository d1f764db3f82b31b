/**
 * Limits of one message. Prometheus and Alertmanager have none by default. Real messages are far below: about ten labels of ten characters, and a summary of
 * one line.
 */

/** Most alerts of a message. The shipped configuration groups by service and scale, so a group has one alert for each rule. */
export const mostAlerts = 5_000
/** Most labels of an alert, and most annotations. */
export const mostTexts = 256
/** Longest name of a label or annotation, in characters. */
export const longestName = 1_024
/** Longest value of a label or annotation, in characters. */
export const longestValue = 65_536
/** Longest name of a service, in characters. Swarm's names have at most 63, its IDs 25. */
export const longestService = 255

/** Longest alert name and summary that are kept, in characters. Longer ones are cut; the alert stays valid. */
export const longestAlertName = 200
export const longestSummary = 1_000
/** Longest description of what is invalid in an alert, in characters. */
export const longestProblem = 500

/** Labels or annotations by name. */
export type Texts = Readonly<Record<string, string>>

/** What is invalid in labels or annotations. Absent: nothing. */
export function textsFault(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'must be an object of strings'
  const names = Object.keys(raw)
  if (names.length > mostTexts) return `has ${names.length} entries, more than ${mostTexts}`
  for (const name of names) {
    const value: unknown = (raw as Readonly<Record<string, unknown>>)[name]
    const shown = JSON.stringify(name.slice(0, 100))
    if (name.length > longestName) return `has a name of ${name.length} characters, more than ${longestName}`
    if (typeof value !== 'string') return `must be strings, and ${shown} is not`
    if (value.length > longestValue)
      return `must have at most ${longestValue} characters each, and ${shown} has ${value.length}`
  }
  return undefined
}
