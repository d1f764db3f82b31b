import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { launchBrowser } from './launch.ts'

const path = inject('chromium')

/** A block of tests that look at pages in one browser: skipped where there is none. */
export function describeWithBrowser(title: string, define: (browser: () => Browser) => void): void {
  describe.skipIf(path === null)(title, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      browser = await launchBrowser(path ?? '')
    })
    afterAll(() => browser?.close())
    define(() => {
      if (browser === undefined) throw new Error('the browser is there within tests only')
      return browser
    })
  })
}
