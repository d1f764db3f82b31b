import { closest, distance } from 'fastest-levenshtein'

/** A longer word is not a typing error, and comparing it is slow. */
const longestWord = 255

/** The word that a mistyped one most likely means. Absent: none is close, and a wrong hint is worse than none. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0 || word.length > longestWord) return undefined
  const near = closest(word, words)
  const most = word.length <= 4 ? 1 : word.length <= 8 ? 2 : 3
  return distance(word, near) <= most ? near : undefined
}
