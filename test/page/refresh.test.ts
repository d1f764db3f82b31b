import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { describeWithBrowser } from '../support/browser/describe-with-browser.ts'
import { type OpenedPage, type OpenOptions, openPage } from '../support/browser/opened-page.ts'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { aPolicy, aService } from '../support/fakes/builders.ts'
import { eventually } from '../support/testbed/wait.ts'

type World = Awaited<ReturnType<typeof anApp>>

/** How often the page is fetched again, in ms. */
const everyMs = 5_000

describeWithBrowser('the page keeps itself fresh', (browser) => {
  let opened: OpenedPage | undefined
  let mayGoWrong = false

  afterEach(async () => {
    const wrongs = opened?.wrongs
    await opened?.close()
    opened = undefined
    if (!mayGoWrong) expect(wrongs).toEqual([])
    mayGoWrong = false
  })

  async function open(world: World, options: OpenOptions = {}): Promise<Page> {
    opened = await openPage(browser(), world.app, { standsStill: true, ...options })
    await opened.page.evaluate('window.isTheSame = true')
    return opened.page
  }

  /** Lets time pass in the page until it is fetched again, and waits for that. */
  async function refresh(page: Page): Promise<void> {
    const before = await page.getAttribute('body', 'data-now-ms')
    await page.clock.runFor(everyMs)
    await page.locator(`body:not([data-now-ms="${before}"])`).waitFor()
  }

  /** Every fetch of the page from here on. */
  function fetchesOf(page: Page): readonly string[] {
    const fetched: string[] = []
    page.on('request', (request) => {
      if (request.resourceType() === 'fetch') fetched.push(request.url())
    })
    return fetched
  }

  const desired = (page: Page, name = 'web') => page.textContent(`#service-${name} .figure-main dd`)
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => aService({ name: `s${100 + n}`, id: `id${n}` }))

  it('shows what has changed, without being loaded again', async () => {
    const world = await anApp()
    const page = await open(world)
    expect(await desired(page)).toBe('4')
    await world.post(anAlert({ replicas: '7' }))
    await world.clock.advance(1_000)
    await refresh(page)
    expect(await desired(page)).toBe('7')
    expect(await page.textContent('.event[data-kind="scaled"] .event-change')).toContain('7')
    expect(await page.textContent('#updates')).toMatch(/^Scaled web 4\s+to 7$/)
    expect(await page.evaluate('window.isTheSame')).toBe(true)
  })

  it('shows services that come, and no longer those that go', async () => {
    const world = await anApp({ services: many(3) })
    const page = await open(world)
    world.swarm.put(aService({ name: 's100b', id: 'new' }))
    world.swarm.remove('s102')
    await world.clock.advance(15_000)
    await refresh(page)
    const names = await page.locator('.service h3').allTextContents()
    expect(names).toEqual(['s100', 's100b', 's101'])
  })

  it('keeps the focus, what is typed and where the caret is', async () => {
    const world = await anApp()
    const page = await open(world)
    const field = page.locator('#events input[name="service"]')
    await field.pressSequentially('shop')
    await page.keyboard.press('ArrowLeft')
    await world.post(anAlert({ replicas: '7' }))
    await world.clock.advance(1_000)
    await refresh(page)
    expect(await desired(page)).toBe('7')
    await page.keyboard.type('!')
    expect(await field.inputValue()).toBe('sho!p')
  })

  it('keeps open what is open, closed what is closed, and the focus within', async () => {
    const world = await anApp({ services: many(3) })
    const page = await open(world)
    await page.locator('#service-s101 summary').click()
    await world.post(anAlert({ service: 's101', replicas: '7' }))
    await world.clock.advance(1_000)
    await refresh(page)
    expect(await desired(page, 's101')).toBe('7')
    expect(await page.locator('details[open]').count()).toBe(1)
    expect(await page.locator('#service-s101 details .alerts').textContent()).toContain('7 replicas')
    await page.keyboard.press('Enter')
    expect(await page.locator('details[open]').count()).toBe(0)
  })

  it('keeps what is in sight where it is, and what is selected', async () => {
    const world = await anApp({ services: many(40) })
    const page = await open(world)
    const place = () =>
      page.evaluate<number>('document.querySelector("#service-s130").getBoundingClientRect().top')
    await page.locator('#service-s130').scrollIntoViewIfNeeded()
    await page.locator('#service-s130 h3').selectText()
    const before = await place()
    // A new row above, and a change of the row itself.
    world.swarm.put(aService({ name: 's1', id: 'new' }))
    await world.post(anAlert({ service: 's130', replicas: '7' }))
    await world.clock.advance(15_000)
    await refresh(page)
    expect(await page.locator('#service-s1').count()).toBe(1)
    expect(await desired(page, 's130')).toBe('7')
    expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1)
    expect(await page.evaluate('String(getSelection())')).toBe('s130')
  })

  it('leaves the nodes of events alone when newer ones come in above', async () => {
    const world = await anApp()
    await world.post(anAlert({ replicas: '5' }))
    await world.clock.advance(1_000)
    const page = await open(world)
    await page.evaluate('for (const event of document.querySelectorAll(".event")) event.wasThere = true')
    const count = await page.locator('.event').count()
    await world.post(anAlert({ replicas: '7' }))
    await world.clock.advance(1_000)
    await refresh(page)
    const were = await page.evaluate<boolean[]>(
      '[...document.querySelectorAll(".event")].map((event) => event.wasThere === true)',
    )
    expect(were.length).toBeGreaterThan(count)
    expect(were.slice(-count)).toEqual(Array(count).fill(true))
    expect(were.slice(0, -count)).not.toContain(true)
  })

  it('counts down in between', async () => {
    const nowMs = Date.now()
    const world = await anApp({
      nowMs,
      services: [aService({ state: { lastUpMs: nowMs - 10_000, replicas: 4 } })],
    })
    const page = await open(world)
    const chip = page.locator('.chip-cooldown')
    expect((await chip.textContent())?.replace('\u00a0', ' ')).toBe('Cooldown: 50 s')
    await page.clock.runFor(2_000)
    expect((await chip.textContent())?.replace('\u00a0', ' ')).toBe('Cooldown: 48 s')
  })

  it('shows that it is out of date while nobody answers, retries less and less often, and recovers', async () => {
    mayGoWrong = true
    const world = await anApp()
    const page = await open(world)
    await opened?.stopServing()
    const fetched = fetchesOf(page)
    await page.clock.runFor(everyMs)
    await page.locator('#fresh', { hasText: 'does not answer' }).waitFor()
    expect(await page.textContent('#fresh')).toContain('Last update 5\u00a0s ago')
    expect(await desired(page)).toBe('4')
    await page.clock.runFor(9_000)
    expect(fetched).toHaveLength(1)
    await page.clock.runFor(1_000)
    await eventually(() => expect(fetched).toHaveLength(2))
    // Only then has it planned when to ask again.
    await page.locator('#fresh', { hasText: 'Last update 15\u00a0s ago' }).waitFor()
    await opened?.serveAgain()
    await world.post(anAlert({ replicas: '7' }))
    await world.clock.advance(1_000)
    await page.clock.runFor(20_000)
    await page.locator('#service-web .figure-main dd', { hasText: '7' }).waitFor()
    expect(await page.textContent('#fresh')).toBe('')
  })

  it('shows what is wrong if the answer is not a page', async () => {
    mayGoWrong = true
    const page = await open(await anApp())
    await page.route('**/', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }))
    await page.clock.runFor(everyMs)
    await page.locator('#fresh', { hasText: 'the receiver answered 502' }).waitFor()
    await page.unroute('**/')
    await page.route('**/', (route) => route.fulfill({ status: 403, body: '{}' }))
    await page.clock.runFor(2 * everyMs)
    await page.locator('#fresh', { hasText: 'a token is required' }).waitFor()
  })

  it('rests while it is hidden or paused, and catches up at once', async () => {
    const world = await anApp()
    const page = await open(world)
    const fetched = fetchesOf(page)
    const hide = (isHidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} })
        document.dispatchEvent(new Event('visibilitychange'))`)
    await hide(true)
    await page.clock.runFor(60_000)
    expect(fetched).toHaveLength(0)
    await hide(false)
    await eventually(() => expect(fetched).toHaveLength(1))
    await page.getByRole('button', { name: 'Pause' }).click()
    expect(await page.getAttribute('#pause', 'aria-pressed')).toBe('true')
    await page.clock.runFor(60_000)
    expect(fetched).toHaveLength(1)
    await page.getByRole('button', { name: 'Pause' }).click()
    await eventually(() => expect(fetched).toHaveLength(2))
  })

  it('is loaded again when another version serves it, but not while somebody types', async () => {
    const page = await open(await anApp())
    await page.route('**/', async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replaceAll('page.js?v=', 'page.js?v=0')
      await route.fulfill({ response, body })
    })
    await page.locator('#events input[name="service"]').focus()
    await page.clock.runFor(everyMs)
    await page.locator('#fresh', { hasText: 'another version' }).waitFor()
    expect(await page.evaluate('window.isTheSame')).toBe(true)
    await page.locator('#pause').focus()
    const loaded = page.waitForEvent('load')
    await page.clock.runFor(2 * everyMs)
    await loaded
    expect(await page.evaluate('window.isTheSame')).toBeUndefined()
  })

  it('reads out alarms, and nothing that is merely counted on', async () => {
    const world = await anApp({ services: [aService({ policy: aPolicy() })] })
    const page = await open(world)
    const live = await page
      .locator('[aria-live], [role="status"], [role="alert"]')
      .evaluateAll((all) => all.map(({ id }) => id))
    expect(live).toEqual(['fresh', 'updates', 'alarms'])
    expect(await page.locator('#alarms time, #updates time').count()).toBe(0)
  })
})
