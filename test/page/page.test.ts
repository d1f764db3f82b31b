import request from 'supertest'
import { afterEach, expect, it } from 'vitest'
import { EventIds } from '../../src/history/event-ids.ts'
import { accessibilityFaults } from '../support/browser/accessibility.ts'
import { describeWithBrowser } from '../support/browser/describe-with-browser.ts'
import { type OpenedPage, type OpenOptions, openPage } from '../support/browser/opened-page.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { aPolicy, aService, aWindow, noon } from '../support/fakes/builders.ts'
import { previewApp } from '../support/page/preview-app.ts'

const phone = { width: 360, height: 740 }
const wide = { width: 1280, height: 900 }

describeWithBrowser('the page in a browser', (browser) => {
  let opened: OpenedPage | undefined
  /** What may go wrong all the same in one test. */
  let accepted: string[] = []

  // No test may cause any other fault.
  afterEach(async () => {
    const wrongs = opened?.wrongs
    await opened?.close()
    opened = undefined
    expect(wrongs).toEqual(accepted)
    accepted = []
  })

  async function open(app: Parameters<typeof openPage>[1], options: OpenOptions = {}) {
    opened = await openPage(browser(), app, options)
    return opened.page
  }

  const appearances = [
    ['light and wide', { colorScheme: 'light', viewport: wide }],
    ['dark and wide', { colorScheme: 'dark', viewport: wide }],
    ['light on a phone', { colorScheme: 'light', viewport: phone }],
    ['dark on a phone', { colorScheme: 'dark', viewport: phone }],
  ] as const

  it.each(appearances)('is accessible: %s', async (_, appearance) => {
    const { app } = await previewApp(Date.now())
    const page = await open(app, appearance)
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it.each(appearances)(
    'is accessible with everything wrong at once, and when empty: %s',
    async (_, appearance) => {
      const world = await anApp({ services: [], isReady: false, isDryRun: true })
      world.store.fault = new Error('disk is full')
      await world.clock.advance(15_000)
      await request(world.app).post('/webhook').send({ version: '3' })
      accepted = ['console: Failed to load resource: the server responded with a status of 400 (Bad Request)']
      const page = await open(world.app, { ...appearance, path: '/?kind=exploded' })
      expect(await page.locator('.alarm').count()).toBe(3)
      expect(await accessibilityFaults(page)).toEqual([])
    },
  )

  it('follows the wish for light or dark', async () => {
    const { app } = await anApp()
    const page = await open(app, { colorScheme: 'light' })
    const brightness = async () => {
      const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      return Math.max(...(colour.match(/\d+/g) ?? []).map(Number))
    }
    expect(await brightness()).toBeGreaterThan(230)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await brightness()).toBeLessThan(40)
  })

  const overflow = 'document.scrollingElement.scrollWidth - document.documentElement.clientWidth'

  it('fits a phone, with all details open', async () => {
    const { app } = await previewApp(Date.now())
    const page = await open(app, { viewport: phone })
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
    expect(await page.evaluate(overflow)).toBe(0)
  })

  it.each([
    ['a phone', phone],
    ['a tablet', { width: 820, height: 1_100 }],
    ['a wide screen', wide],
  ])('fits %s with the longest and most hostile words, and shows them as words', async (_, viewport) => {
    const evil = `<script>alert(1)</script><img src=x onerror=alert(1)></svg>"'\u202e${'W'.repeat(4_000)}`
    const policy = aPolicy({
      targets: { [evil]: 1e15 },
      schedules: [aWindow({ name: evil })],
      max: 1_000_000,
    })
    const tasks = {
      running: 1,
      starting: 9,
      pending: 3,
      failing: 2,
      pendingReason: evil,
      failingReason: evil,
    }
    const world = await anApp({
      services: [
        aService({ name: evil, policy, tasks, desiredReplicas: 123_456 }),
        {
          ...aService({ name: 'invalid', id: 'b' }),
          policy: { kind: 'invalid', faults: [{ key: evil, value: evil, message: evil }] },
        },
      ],
      currency: '<b>"</b>',
      nowMs: noon,
    })
    const event = {
      id: new EventIds('aaaaaaaa').next(noon),
      atMs: noon,
      service: evil,
      kind: 'failed',
      reason: 'alert',
      from: 123_456,
      to: 1_000_000,
      actor: 'autoscaler',
      autoscalerVersion: '1',
      alerts: [{ name: evil, fingerprint: 'a', value: evil, summary: evil }],
      error: { code: evil, message: evil },
    } as const
    const count = { service: evil, atMs: noon - 3_600_000, desired: 123_456, costPerHour: 1e9 }
    const watch = { receiver: 'aaaaaaaa', fromMs: noon - 7_200_000, untilMs: noon }
    await world.store.write([
      { kind: 'event', event },
      { kind: 'count', count },
      { kind: 'watch', watch },
    ])
    const page = await open(world.app, {
      viewport,
      path: `/?service=${encodeURIComponent(evil.slice(0, 150))}`,
    })
    await page.goto(`${opened?.url}/`)
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
    expect(await page.evaluate(overflow)).toBe(0)
    expect(await page.locator('h3').first().textContent()).toContain('<script>alert(1)</script>')
    expect(await page.locator('main script, main img').count()).toBe(0)
  })

  it('is whole without a script: content, filter, paging and reload', async () => {
    const { app } = await previewApp(Date.now())
    const page = await open(app, { javaScriptEnabled: false })
    expect(await page.locator('.service').count()).toBe(14)
    expect(await page.locator('.event').count()).toBe(50)
    expect(await page.locator('#pause').isVisible()).toBe(false)
    await page.fill('#events input[name="service"]', 'shop_web')
    await page.selectOption('#events select[name="kind"]', 'scaled')
    await page.getByRole('button', { name: 'Show' }).click()
    const shown = await page
      .locator('.event')
      .evaluateAll((events) => events.map(({ textContent }) => /Scaled\s+shop_web/.test(textContent ?? '')))
    expect(new Set(shown)).toEqual(new Set([true]))
    const newest = await page.locator('.event').first().getAttribute('id')
    await page.getByRole('link', { name: 'Older' }).click()
    expect(await page.locator('.event').first().getAttribute('id')).not.toBe(newest)
    expect(await page.inputValue('#events input[name="service"]')).toBe('shop_web')
    await page.getByRole('link', { name: 'Reload' }).click()
    expect(new URL(page.url()).searchParams.get('service')).toBe('shop_web')
  })

  it('is walked through with the keyboard alone, and the focus is seen', async () => {
    const { app } = await previewApp(Date.now())
    const page = await open(app)
    const focused = () =>
      page.evaluate<string>(`(() => {
        const { localName, textContent, name } = document.activeElement
        return [localName, name ?? '', textContent.trim().slice(0, 30)].join(' ').replace(/\\s+/g, ' ').trim()
      })()`)
    const path: string[] = []
    for (let steps = 0; steps < 8; steps++) {
      await page.keyboard.press('Tab')
      path.push(await focused())
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')
      expect(outline).not.toBe('none')
    }
    expect(path).toEqual([
      'a Skip to the services',
      'a Services',
      'a Events',
      'a Cost',
      'button Pause',
      'a Reload',
      'a billing_worker',
      'a edge_proxy',
    ])
    await page.locator('.skip').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused()).toMatch(/^input q/)
    await page.locator('#service-shop_web summary').focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('#service-shop_web details').getAttribute('open')).toBe('')
    await page.locator('#events input[name="service"]').focus()
    await page.keyboard.type('shop_api')
    const navigated = page.waitForURL(/service=/)
    await page.keyboard.press('Enter')
    await navigated
    // Fields that were left empty do not clutter the address.
    expect(new URL(page.url()).search).toBe('?service=shop_api')
  })

  it('shows times like the server in UTC, so that nothing flickers', async () => {
    const { app } = await previewApp(Date.now())
    const times = async (javaScriptEnabled: boolean) => {
      const page = await open(app, { javaScriptEnabled })
      const words = await page
        .locator('time[data-time]')
        .evaluateAll((all) => all.map((time) => `${time.getAttribute('datetime')} ${time.textContent}`))
      await opened?.close()
      return words
    }
    expect(await times(true)).toEqual(await times(false))
  })

  it("shows and reads times in the reader's zone", async () => {
    const world = await anApp({ nowMs: noon })
    const page = await open(world.app, { timezoneId: 'Asia/Kathmandu', path: '/?since=2026-01-15T09:00' })
    expect(await page.textContent('.fresh-time')).toMatch(/As of 15 Jan, 17:45:00\s*$/)
    expect(await page.textContent('.foot')).toMatch(/All times are local \(Asia\/Kath?mandu\)/)
    const since = page.locator('input[name="since"]')
    expect(await since.inputValue()).toBe('2026-01-15T14:45')
    await since.fill('2026-01-15T15:00')
    const navigated = page.waitForURL(/09%3A15/)
    await page.getByRole('button', { name: 'Show' }).click()
    await navigated
    expect(new URL(page.url()).searchParams.get('since')).toBe('2026-01-15T09:15:00.000Z')
    expect(await page.locator('input[name="since"]').inputValue()).toBe('2026-01-15T15:00')
  })

  it('asks for the token, and stays open once it has it', async () => {
    const world = await anApp({ readTokens: ['read-token'] })
    const page = await open(world.app, {
      httpCredentials: { username: 'anybody', password: 'read-token' },
      standsStill: true,
    })
    expect(await page.locator('.service').count()).toBe(1)
    const before = await page.getAttribute('body', 'data-now-ms')
    await world.clock.advance(1_000)
    await page.clock.runFor(5_000)
    await page.locator(`body:not([data-now-ms="${before}"])`).waitFor()
    expect(await page.textContent('#fresh')).toBe('')
  })
})
