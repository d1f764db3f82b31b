import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { changed, itNotices } from './mutated-rules.ts'
import { healthMutations } from './rule-mutations/health.ts'
import { HEALTH_RULES, RULE_TESTS } from './shipped-files.ts'

const [head = '', ...rules] = readFileSync(HEALTH_RULES, 'utf8').split(/^(?= {6}- (?:alert|record): )/m)

/** The file with a change in one rule. */
function mutated(name: string, was: string, becomes: string): string {
  const index = rules.findIndex((rule) => /^ {6}- (?:alert|record): (\S+)/.exec(rule)?.[1] === name)
  return head + rules.map((rule, at) => (at === index ? changed(rule, was, becomes) : rule)).join('')
}

const { tests, ...testsHead } = parse(readFileSync(join(RULE_TESTS, 'health.yml'), 'utf8')) as {
  tests: object[]
}

/** The tests that name the rule: the others take time and cannot notice. */
const testsOf = (rule: string) =>
  stringify({ ...testsHead, tests: tests.filter((test) => JSON.stringify(test).includes(rule)) })

await describeWithTools('the tests of health.yml', ({ promtool }) => {
  itNotices(healthMutations, promtool, (rule, was, becomes) => ({
    name: 'health.yml',
    rules: mutated(rule, was, becomes),
    tests: testsOf(rule),
  }))
})
