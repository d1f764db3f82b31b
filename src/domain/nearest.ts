import { closest, distance } from 'fastest-levenshtein'

/** The one of these words that a mistyped one most likely means. Absent where none is near: a wrong hint is worse than none. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined
  const near = closest(word, words)
  const most = word.length <= 4 ? 1 : word.length <= 8 ? 2 : 3
  return distance(word, near) <= most ? near : undefined
}
