import type { Express } from 'express'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type Listening, listen } from '../../../src/receiver/listen.ts'

/** A page in a browser, and all that goes wrong in it. */
export interface OpenedPage {
  readonly page: Page
  readonly url: string
  /** Errors on the console, violations of the policy on content, and requests to anybody but the application. */
  readonly wrongs: readonly string[]
  readonly close: () => Promise<void>
  /** As if the application's process had ended. */
  readonly stopServing: () => Promise<void>
  /** Serves again at the same address. */
  readonly serveAgain: () => Promise<void>
}

export interface OpenOptions extends BrowserContextOptions {
  /** Path and query. Default: `/`. */
  readonly path?: string
  /** Whether time in the page stands still until it is told to go on. Default: false. */
  readonly standsStill?: boolean
}

/** What a browser has not done by then, on the clock, it will never do: a machine may be ten times as slow as it should. */
const hangsAfterMs = 240_000

/** Serves the application on 127.0.0.1 and opens its page. */
export async function openPage(
  browser: Browser,
  app: Express,
  { path = '/', standsStill = false, ...options }: OpenOptions = {},
): Promise<OpenedPage> {
  let listening: Listening = await listen(app, '127.0.0.1', 0)
  const { port } = listening
  const url = `http://127.0.0.1:${port}`
  const context = await browser.newContext({ timezoneId: 'UTC', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(hangsAfterMs)
  const wrongs = watch(page, url)
  if (standsStill) await stopTime(page)
  await page.goto(url + path)
  return {
    page,
    url,
    wrongs,
    close: async () => {
      await context.close()
      await listening.close(0)
    },
    stopServing: () => listening.close(0),
    serveAgain: async () => {
      listening = await listen(app, '127.0.0.1', port)
    },
  }
}

/** An installed clock goes on by itself until it is told to stand still at a time that lies ahead of it. */
async function stopTime(page: Page): Promise<void> {
  const nowMs = Date.now()
  await page.clock.install({ time: nowMs - 3_600_000 })
  await page.clock.pauseAt(nowMs)
}

function watch(page: Page, url: string): readonly string[] {
  const wrongs: string[] = []
  page.on('console', (message) => {
    // Chromium reports violations of the policy here as well.
    if (['error', 'warning'].includes(message.type())) wrongs.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) wrongs.push(`request: ${request.url()}`)
  })
  return wrongs
}
