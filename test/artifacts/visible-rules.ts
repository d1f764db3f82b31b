import { parse, stringify } from 'yaml'
import { z } from 'zod'

const Rule = z.looseObject({ record: z.string().optional(), alert: z.string().optional() })
type Rule = z.infer<typeof Rule>

const RuleFile = z.object({ groups: z.array(z.looseObject({ rules: z.array(Rule) })) })

/** Texts of files of rules by their names. */
export type RuleTexts = Readonly<Record<string, string>>

/** Alerts' series of whatever name. */
const anyAlert = /\bALERTS\b(?!\{[^}]*\balertname=)/

/** Each rule of the file as a text that is the same where the rule is. */
export function rulesIn(text: string): readonly string[] {
  return RuleFile.parse(parse(text)).groups.flatMap(({ rules }) => rules.map((rule) => JSON.stringify(rule)))
}

/**
 * The files without the rules that can make no difference to what `looked` speaks of, but for those that `isKept` wants: promtool
 * evaluates what nobody looks at as often as all else. A rule is named to `isKept` as `rulesIn` has it.
 */
export function visibleRules(
  files: RuleTexts,
  looked: string,
  isKept: (rule: string) => boolean = () => false,
): RuleTexts {
  const parsed = Object.entries(files).map(([name, text]) => [name, RuleFile.parse(parse(text))] as const)
  const rules = parsed.flatMap(([, { groups }]) => groups.flatMap((group) => group.rules))
  const visible = new Set(rules.filter((rule) => isKept(JSON.stringify(rule))))
  const spoken = [looked, ...[...visible].map(textOf)]
  // Grows while it is gone through: what a rule speaks of counts too.
  for (const text of spoken) {
    for (const rule of rules.filter((each) => !visible.has(each) && speaksOf(text, each))) {
      visible.add(rule)
      spoken.push(textOf(rule))
    }
  }
  const reduced = parsed.map(([name, { groups }]) => {
    const kept = groups.map((group) => ({ ...group, rules: group.rules.filter((rule) => visible.has(rule)) }))
    return [name, stringify({ groups: kept })]
  })
  return Object.fromEntries(reduced)
}

/** Ends of lines are spaces: the `n` of `\n` would pass for a letter of the name after it. */
const textOf = (rule: Rule) => JSON.stringify(rule).replaceAll('\\n', ' ')

function speaksOf(text: string, { record, alert = '' }: Rule): boolean {
  if (record === undefined && anyAlert.test(text)) return true
  return new RegExp(`(?<![\\w:])${record ?? alert}(?![\\w:])`).test(text)
}
