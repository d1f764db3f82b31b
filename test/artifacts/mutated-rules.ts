import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runTool } from '../support/tools/run-tool.ts'
import { RULES } from './shipped-files.ts'

/** Expects that `tests`, the text of a file of prometheus/tests, notices when the file of rules called `name` says `rules`. */
export async function expectNoticed(
  { promtool, folder }: { readonly promtool: string; readonly folder: string },
  { name, rules, tests }: { readonly name: string; readonly rules: string; readonly tests: string },
): Promise<void> {
  const copy = mkdtempSync(join(folder, 'mutated-'))
  mkdirSync(join(copy, 'tests'))
  cpSync(RULES, join(copy, 'rules'), { recursive: true })
  writeFileSync(join(copy, 'rules', name), rules)
  writeFileSync(join(copy, 'tests/tests.yml'), tests)

  const { exitCode, output } = await runTool(promtool, ['test', 'rules', join(copy, 'tests/tests.yml')])

  // A wrong number or a failed evaluation, and not a file that cannot be read.
  expect(output).toMatch(/exp:.*got:|rule: .* err: /s)
  expect(exitCode).not.toBe(0)
}
