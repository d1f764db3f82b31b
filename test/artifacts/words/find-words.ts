import { type BannedWord, bannedWords } from './banned-words.ts'
import { literalsOnly, strikeOut } from './string-literals.ts'

/** A banned word in a file. */
export interface FoundWord {
  readonly path: string
  /** From 1. */
  readonly line: number
  /** As it is written there. */
  readonly text: string
  readonly use: string
}

const compiled = bannedWords.map((word) => ({ ...word, regex: toRegExp(word) }))

/** All banned words of a file, in the order of the lines. */
export function findWords(path: string, text: string): readonly FoundWord[] {
  const prose = proseOf(path, text)
  return compiled
    .flatMap(({ regex, use }) =>
      [...prose.matchAll(regex)].map((match) => ({
        path,
        line: prose.slice(0, match.index).split('\n').length,
        text: match[0].replaceAll(/\s+/g, ' ').replaceAll('\0', '').slice(0, 60).trim(),
        use,
      })),
    )
    .toSorted((one, other) => one.line - other.line)
}

export function describeFound({ path, line, text, use }: FoundWord): string {
  return `${path}:${line}: "${text}": write ${use}`
}

export function toRegExp({ pattern }: BannedWord): RegExp {
  const isSentence = pattern.includes(String.raw`\0`)
  return new RegExp(pattern.replaceAll(' ', String.raw`\s+`), isSentence ? 'gm' : 'gi')
}

/** What people read of a file, each character where it was. */
function proseOf(path: string, text: string): string {
  if (/\.[jt]s$/.test(path)) return literalsOnly(text)
  if (path.endsWith('.md')) return text.replaceAll(/(?<!`)`[^`\n]+`(?!`)|\]\([^)\s]+\)/g, strikeOut)
  return text
}
