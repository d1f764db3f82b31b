/** Keeps the times of the page up to date, in the reader's time zone. */

const twoDigits = (value) => String(value).padStart(2, '0')
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The same format as in format.ts. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const two = (large, largeName, small, smallName) => {
    const rest = Math.floor((seconds % large) / small)
    return `${Math.floor(seconds / large)}\u00a0${largeName}${rest === 0 ? '' : ` ${rest}\u00a0${smallName}`}`
  }
  if (seconds < 60) return `${seconds}\u00a0s`
  if (seconds < 3_600) return two(60, 'min', 1, 's')
  if (seconds < 86_400) return two(3_600, 'h', 60, 'min')
  return two(86_400, 'd', 3_600, 'h')
}

function local(date) {
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')
  return `${date.getDate()} ${months[date.getMonth()]}, ${clock}`
}

const formats = {
  at: (ms) => local(new Date(ms)),
  ago: (ms, nowMs) => `${span(nowMs - ms)} ago`,
  since: (ms, nowMs) => span(nowMs - ms),
  left: (ms, nowMs) => span(ms - nowMs),
}

/** Updates the times below `root` to `nowMs` by the server's clock. */
export function showTimes(root, nowMs) {
  for (const time of root.querySelectorAll('time[data-time]')) {
    const text = formats[time.dataset.time]?.(Date.parse(time.dateTime), nowMs)
    if (text !== undefined && time.textContent !== text) time.firstChild.data = text
  }
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'local'
const zoneNames = { short: zone === 'UTC' ? 'UTC' : '', long: zone === 'UTC' ? 'UTC' : `local (${zone})` }

/** Shows the time zone, and converts the times of the form to it. */
export function showZone(root) {
  for (const name of root.querySelectorAll('[data-zone]')) {
    const text = zoneNames[name.dataset.zone]
    name.textContent = name.textContent.startsWith('(') && text !== '' ? `(${text})` : text
  }
  for (const input of root.querySelectorAll('input[data-utc]')) {
    const date = new Date(`${input.getAttribute('value')}Z`)
    if (!Number.isNaN(date.getTime())) input.setAttribute('value', asInput(date))
  }
}

function asInput(date) {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
  return `${day}T${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
}

/** Sends times of a form in UTC, and leaves out empty fields. */
export function inUtc({ formData, target }) {
  for (const { name, value } of target.querySelectorAll('input[data-utc]')) {
    if (value !== '') formData.set(name, new Date(value).toISOString())
  }
  for (const [name, value] of [...formData]) if (value === '') formData.delete(name)
}
