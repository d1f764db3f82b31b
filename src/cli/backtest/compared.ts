import { existsSync } from 'node:fs'
import type { NamedPolicy } from '../../simulator/contest.ts'
import { readComposeService, readLabelsFile } from './compose-file.ts'
import { type PlantWords, targetOf } from './plant-words.ts'
import { type Labels, policyOf, readLabels } from './policy-source.ts'
import { UsageError } from './usage-error.ts'

interface Token {
  readonly kind: string
  readonly name?: string
  readonly value?: string | undefined
}

/** The words after `--compare`: its own value and those that follow it. Any other word is one too many. Throws `UsageError`. */
export function comparedWords(tokens: readonly Token[]): readonly string[] {
  let isAfter = false
  const words: string[] = []
  for (const { kind, name, value = '' } of tokens) {
    if (kind === 'option') isAfter = name === 'compare'
    if (kind === 'positional' && !isAfter)
      throw new UsageError(`${value} is a word too many; policies follow --compare`)
    if (isAfter && (kind === 'positional' || kind === 'option')) words.push(value)
  }
  if (words.length === 1) throw new UsageError('--compare needs two policies or more')
  return words
}

/** The policies beside each other; none where nothing is compared. Throws `UsageError`. */
export function comparedPolicies(
  words: readonly string[],
  base: Labels,
  plant: PlantWords & { readonly signal: string },
  service: string | undefined,
): readonly NamedPolicy[] {
  return words.map((word) => {
    const policy = policyOf({ ...base, ...labelsOf(word, service) })
    return { name: nameOf(word), policy, target: targetOf(policy, plant.signal, plant) }
  })
}

/** The labels of the first policy: what is compared with has its target and its bounds. Throws `UsageError`. */
export function firstLabels([word]: readonly string[], base: Labels, service: string | undefined): Labels {
  return word === undefined ? base : { ...base, ...labelsOf(word, service) }
}

/** Most of a word that a table has room for. */
const longestName = 40

const nameOf = (word: string) => (word.length > longestName ? `${word.slice(0, longestName - 1)}…` : word)

/** Labels with commas between them, a file of labels, or a compose file. A comma within a value (`4,100%`) is followed by no key. */
function labelsOf(word: string, service: string | undefined): Labels {
  if (existsSync(word)) return readLabelsFile(word) ?? readComposeService(word, service).labels
  if (!word.includes('='))
    throw new UsageError(`--compare "${word}" is neither a file nor labels such as min=4,target.cpu=60%`)
  return readLabels(word.split(/,(?=[a-z][\w.-]*=)/))
}
