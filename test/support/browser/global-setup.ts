import type { TestProject } from 'vitest/node'
import { newWork, Unavailable } from '../testbed/work.ts'
import { ensureChromium } from './ensure-chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a Chromium. Null where this machine has none and cannot get one. */
    chromium: string | null
  }
}

/**
 * One Chromium for all tests that look at pages. Where it cannot be had, they are skipped and the console says what to do about it;
 * with CI=true that is a failure instead, because tests that nobody runs are none.
 */
export async function setup(project: TestProject): Promise<void> {
  const path = await ensureChromium(newWork((line) => console.log(line))).catch((error: unknown) => {
    if (!(error instanceof Unavailable) || process.env['CI'] === 'true') throw error
    const bar = '!'.repeat(100)
    console.warn(`\n${bar}\nSKIPPED: every test that needs a browser.\n${error.message}\n${bar}\n`)
    return null
  })
  project.provide('chromium', path)
}
