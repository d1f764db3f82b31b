/** At most `most` characters (UTF-16 units) of a text; an ellipsis says that there was more, and no pair is cut in half. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')
  // Put together anew: a part of a text keeps all of it in memory.
  return [...kept, '\u2026'].join('')
}
