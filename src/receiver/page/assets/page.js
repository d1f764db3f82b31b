import { morph } from './morph.js'
import { inUtc, showTimes, showZone, span } from './times.js'

/**
 * Keeps the page up to date: fetches it every few seconds and updates only what changed, so that focus, scroll position, selection,
 * open details and typed text stay. In between it updates the times, in the time zone of the reader.
 */

const freshEveryMs = 5_000
const mostBetweenMs = 60_000
const patienceMs = 15_000

/** How far the server's clock is ahead of this one, in ms. */
let aheadMs = 0
/** When the current page was made, by the server's clock. */
let madeAtMs = 0
let failures = 0
let isPaused = false
let timer = 0

const byId = (id) => document.getElementById(id)

const serverNowMs = () => Date.now() + aheadMs

function isOfThisVersion(page) {
  const addressOf = (root) => root.querySelector('script[src]')?.getAttribute('src')
  return addressOf(page) === addressOf(document)
}

function update(page) {
  const before = new Set([...document.querySelectorAll('.event')].map(({ id }) => id))
  madeAtMs = Number(page.body.dataset.nowMs)
  aheadMs = madeAtMs - Date.now()
  showZone(page)
  showTimes(page, madeAtMs)
  morph(document.body, page.body)
  announce([...document.querySelectorAll('.event')].filter(({ id }) => !before.has(id)))
}

/** Announces changed replicas and failures to screen readers. */
function announce(events) {
  const important = events
    .filter(({ dataset }) => ['scaled', 'failed', 'changed'].includes(dataset.kind))
    .slice(0, 3)
  if (important.length === 0) return
  byId('updates').textContent = important
    .map((event) =>
      ['.badge', '.event-service', '.event-change']
        .map((part) => event.querySelector(part).textContent)
        .join(' ')
        .replace('\u2192', ''),
    )
    .join('. ')
}

function showStatus(text) {
  const line = byId('fresh')
  if (line.textContent !== text) line.textContent = text
}

function showStale(why) {
  failures++
  showStatus(`Out of date: ${why}. Last update ${span(serverNowMs() - madeAtMs)} ago.`)
  document.body.classList.add('stale')
}

function showFresh() {
  failures = 0
  showStatus('')
  document.body.classList.remove('stale')
}

async function refresh() {
  try {
    const response = await fetch(location.href.split('#')[0], {
      headers: { Accept: 'text/html' },
      signal: AbortSignal.timeout(patienceMs),
    })
    if (response.status === 401 || response.status === 403) return showStale('a token is required, reload')
    const text = await response.text()
    const page = new DOMParser().parseFromString(text, 'text/html')
    if (page.body.dataset.nowMs === undefined) return showStale(`the receiver answered ${response.status}`)
    // Its markup is for another script. Typed text must not be lost.
    if (!isOfThisVersion(page)) {
      if (document.activeElement?.closest('form') === null) location.reload()
      return showStale('the receiver has another version, reload')
    }
    update(page)
    showFresh()
  } catch {
    showStale('the receiver does not answer')
  }
}

async function refreshAndPlan() {
  clearTimeout(timer)
  if (!isPaused && !document.hidden) await refresh()
  plan()
}

function plan() {
  clearTimeout(timer)
  if (isPaused || document.hidden) return
  timer = setTimeout(refreshAndPlan, Math.min(mostBetweenMs, freshEveryMs * 2 ** failures))
}

function togglePause() {
  isPaused = !isPaused
  const button = byId('pause')
  button.setAttribute('aria-pressed', String(isPaused))
  if (isPaused) plan()
  else refreshAndPlan()
}

madeAtMs = Number(document.body.dataset.nowMs)
aheadMs = madeAtMs - Date.now()
showZone(document)
showTimes(document, madeAtMs)
setInterval(() => {
  if (!document.hidden && !isPaused) showTimes(document, serverNowMs())
}, 1_000)
byId('pause').hidden = false
byId('pause').addEventListener('click', togglePause)
document.addEventListener('visibilitychange', refreshAndPlan)
document.addEventListener('formdata', inUtc)
plan()
