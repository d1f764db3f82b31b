import { existsSync } from 'node:fs'
import type { NamedPolicy } from '../../simulator/comparison.ts'
import { type Labels, policyOf, readLabels } from '../policy-labels.ts'
import { UsageError } from '../usage-error.ts'
import { readComposeService, readLabelsFile } from './compose-file.ts'
import { type ReplicaModel, type ReplicaOptions, replicaModel, targetOf } from './replica-model.ts'

interface Token {
  readonly kind: string
  readonly name?: string
  readonly value?: string | undefined
}

/** The values of `--compare`: its own and the words that follow it. Throws `UsageError`, for words elsewhere too. */
export function comparedWords(tokens: readonly Token[]): readonly string[] {
  let isAfter = false
  const words: string[] = []
  for (const { kind, name, value = '' } of tokens) {
    if (kind === 'option') isAfter = name === 'compare'
    if (kind === 'positional' && !isAfter)
      throw new UsageError(`unexpected argument "${value}"; policies follow --compare`)
    if (isAfter && (kind === 'positional' || kind === 'option')) words.push(value)
  }
  if (words.length === 1) throw new UsageError('--compare needs two policies or more')
  return words
}

interface ComparedOptions {
  /** The values of `--compare`; empty: the labels are the only policy. */
  readonly compared: readonly string[]
  readonly labels: Labels
  readonly replica: ReplicaOptions
  /** Absent: no service is named. */
  readonly service?: string | undefined
}

interface Compared {
  /** By the first policy. */
  readonly model: ReplicaModel
  readonly policies: readonly [NamedPolicy, ...NamedPolicy[]]
}

/** The policies to run, and the replica that all of them run on. Throws `UsageError`. */
export function readPolicies({ compared, labels, replica, service }: ComparedOptions): Compared {
  const all = compared.map((word) => ({
    name: nameOf(word),
    policy: policyOf({ ...labels, ...labelsOf(word, service) }),
  }))
  const [first = { name: service ?? 'autoscaler', policy: policyOf(labels) }, ...others] = all
  const model = replicaModel(first.policy, replica)
  const withTarget = ({ name, policy }: Omit<NamedPolicy, 'target'>): NamedPolicy => ({
    name,
    policy,
    target: targetOf(policy, model.signal, replica),
  })
  return { model, policies: [withTarget(first), ...others.map(withTarget)] }
}

/** Longest name that a table has room for, in characters. */
const longestName = 40

const nameOf = (word: string) => (word.length > longestName ? `${word.slice(0, longestName - 1)}…` : word)

/** Labels with commas between them, a file of labels, or a compose file. A comma within a value (`4,100%`) is not followed by a key. */
function labelsOf(word: string, service: string | undefined): Labels {
  if (existsSync(word)) return readLabelsFile(word) ?? readComposeService(word, service).labels
  if (!word.includes('='))
    throw new UsageError(`--compare "${word}" is neither a file nor labels such as min=4,target.cpu=60%`)
  return readLabels(word.split(/,(?=[a-z][\w.-]*=)/))
}
