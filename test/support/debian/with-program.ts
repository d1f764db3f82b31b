import { expect, type TestContext } from 'vitest'
import { thisMachine } from './machine.ts'

/** Skips a test that needs a program which is not here. With CI=true that is a failure: a check that nobody runs is none. */
export function needsProgram(name: string, context: TestContext): void {
  if (thisMachine.has(name)) return
  expect(process.env['CI'], `${name} is missing: apt-get install ${name}`).not.toBe('true')
  context.skip(`${name} is missing: apt-get install ${name}`)
}
