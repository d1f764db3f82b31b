/** At most `most` characters (UTF-16 units) of a text. An ellipsis marks the cut, and no surrogate pair is cut in half. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')
  // A new string: a slice would keep the whole text in memory.
  return [...kept, '\u2026'].join('')
}
