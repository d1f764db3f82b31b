import { become } from './morph.js'
import { inUtc, span, tellTimes, tellZone } from './times.js'

/**
 * Keeps the page fresh: fetches it again every few seconds and changes what has changed, so that focus, scroll position, selection,
 * open details and what is being typed stay as they are. Times are counted on in between, in the time zone of the reader.
 */

const freshEveryMs = 5_000
const mostBetweenMs = 60_000
const patienceMs = 15_000

/** How far the server's clock is ahead of this one, in ms. */
let aheadMs = 0
/** When the page shown was made, by the server's clock. */
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

function take(page) {
  const before = new Set([...document.querySelectorAll('.event')].map(({ id }) => id))
  madeAtMs = Number(page.body.dataset.nowMs)
  aheadMs = madeAtMs - Date.now()
  tellZone(page)
  tellTimes(page, madeAtMs)
  become(document.body, page.body)
  tellNews([...document.querySelectorAll('.event')].filter(({ id }) => !before.has(id)))
}

/** Reads out what matters of what is new: replicas that were changed, or could not be. */
function tellNews(events) {
  const loud = events
    .filter(({ dataset }) => ['scaled', 'failed', 'changed'].includes(dataset.kind))
    .slice(0, 3)
  if (loud.length === 0) return
  byId('news').textContent = loud
    .map((event) =>
      ['.badge', '.event-service', '.event-change']
        .map((part) => event.querySelector(part).textContent)
        .join(' ')
        .replace('\u2192', ''),
    )
    .join('. ')
}

function say(words) {
  const line = byId('fresh')
  if (line.textContent !== words) line.textContent = words
}

function tellFailure(why) {
  failures++
  say(`Not fresh: ${why}. This is from ${span(serverNowMs() - madeAtMs)} ago.`)
  document.body.classList.add('stale')
}

function tellFresh() {
  failures = 0
  say('')
  document.body.classList.remove('stale')
}

async function refresh() {
  try {
    const response = await fetch(location.href.split('#')[0], {
      headers: { Accept: 'text/html' },
      signal: AbortSignal.timeout(patienceMs),
    })
    if (response.status === 401 || response.status === 403)
      return tellFailure('the token is asked for, reload')
    const text = await response.text()
    const page = new DOMParser().parseFromString(text, 'text/html')
    if (page.body.dataset.nowMs === undefined) return tellFailure(`the answer was ${response.status}`)
    // Its markup is for another script. Nobody who is typing loses that.
    if (!isOfThisVersion(page)) {
      if (document.activeElement?.closest('form') === null) location.reload()
      return tellFailure('another version runs by now, reload')
    }
    take(page)
    tellFresh()
  } catch {
    tellFailure('the autoscaler does not answer')
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
tellZone(document)
tellTimes(document, madeAtMs)
setInterval(() => {
  if (!document.hidden && !isPaused) tellTimes(document, serverNowMs())
}, 1_000)
byId('pause').hidden = false
byId('pause').addEventListener('click', togglePause)
document.addEventListener('visibilitychange', refreshAndPlan)
document.addEventListener('formdata', inUtc)
plan()
