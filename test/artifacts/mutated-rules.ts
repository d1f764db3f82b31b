import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { runTool, type ToolResult } from '../support/tools/run-tool.ts'
import { RULE_TESTS } from './shipped-files.ts'
import { type RuleTexts, rulesIn, visibleRules } from './visible-rules.ts'

const TestFile = z.looseObject({
  rule_files: z.array(z.string()),
  tests: z.array(z.looseObject({ name: z.string() })),
})

/** What tests must notice: by the test or rule, texts in the rules, each with what takes its place, one text after the other. */
export type Mutations = Readonly<Record<string, readonly (readonly [was: string, ...becomes: string[]])[]>>

/** One file of rules with a change, and the tests that must notice it. */
interface Mutated {
  /** The name of the file of rules. */
  readonly name: string
  readonly rules: string
  /** The text of a file of prometheus/tests. */
  readonly tests: string
}

/** A test for each mutation: `mutate` makes the change. */
export function itNotices(
  mutations: Mutations,
  promtool: string,
  mutate: (about: string, was: string, becomes: string) => Mutated,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-mutations-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const each = Object.entries(mutations).flatMap(([about, changes]) =>
    changes.flatMap(([was, ...becomes]) => becomes.map((now) => [about, was, now] as const)),
  )
  it.concurrent.each(each)('%s: notices that %j becomes %j', async (about, was, becomes) => {
    await expectNoticed({ promtool, folder }, mutate(about, was, becomes))
  })
}

/** The text with one change; what is changed must be in it once. */
export function changed(text: string, was: string, becomes: string): string {
  expect(text.split(was), `${was} is there once`).toHaveLength(2)
  // A function, since a text may have `$1` in it.
  return text.replace(was, () => becomes)
}

/** A promtool, and a folder that files may be put into. */
interface Place {
  readonly promtool: string
  readonly folder: string
}

/**
 * A file of prometheus/tests with one test of it alone: the others take time and cannot notice. `test`: the file, a space, and how the
 * test's name begins.
 */
export function onlyTest(test: string): string {
  const [, file = '', name = ''] = /^(\S+) (.+)$/.exec(test) ?? []
  const { tests, ...head } = TestFile.parse(parse(readFileSync(join(RULE_TESTS, file), 'utf8')))
  const chosen = tests.filter((each) => each.name.startsWith(name))
  expect(chosen, test).toHaveLength(1)
  return stringify({ ...head, tests: chosen })
}

/** Expects that the tests fail with the changed rules. */
async function expectNoticed(place: Place, { name, rules, tests }: Mutated): Promise<void> {
  const shipped = shippedUnder(tests)
  const known = new Set(Object.values(shipped).flatMap(rulesIn))
  const mutated = { ...shipped, [name]: rules }
  await expectPassed(place, tests, shipped)

  const { exitCode, output } = await run(
    place,
    tests,
    visibleRules(mutated, tests, (rule) => !known.has(rule)),
  )

  // A wrong number or a failed evaluation, and not a file that cannot be read.
  expect(output).toMatch(/exp:.*got:|rule: .* err: /s)
  expect(exitCode).not.toBe(0)
}

const passed = new Map<string, Promise<ToolResult>>()

/** That the tests pass on the shipped rules that they see, once for all mutations: else they would notice whatever is changed. */
async function expectPassed(place: Place, tests: string, shipped: RuleTexts): Promise<void> {
  const result = passed.get(tests) ?? run(place, tests, visibleRules(shipped, tests))
  passed.set(tests, result)
  const { exitCode, output } = await result
  expect(exitCode, output).toBe(0)
}

/** The files of rules that the tests are about. */
function shippedUnder(tests: string): RuleTexts {
  const files = TestFile.parse(parse(tests)).rule_files
  return Object.fromEntries(
    files.map((file) => [basename(file), readFileSync(join(RULE_TESTS, file), 'utf8')]),
  )
}

function run({ promtool, folder }: Place, tests: string, rules: RuleTexts): Promise<ToolResult> {
  const copy = mkdtempSync(join(folder, 'mutated-'))
  mkdirSync(join(copy, 'tests'))
  mkdirSync(join(copy, 'rules'))
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(copy, 'rules', name), text)
  writeFileSync(join(copy, 'tests/tests.yml'), tests)
  return runTool(promtool, ['test', 'rules', join(copy, 'tests/tests.yml')])
}
