import { assertNever } from '../../domain/assert-never.ts'
import type { EventAlert, HistoryEvent } from '../../domain/event.ts'
import { type Content, type Html, html } from '../../text/html.ts'
import { at, number, shortened, span } from './format.ts'
import { addressOf, type PageQuery } from './query.ts'
import { kindTexts, limitTexts, reasonTexts } from './texts.ts'

/** Most alerts in a row; an event can have more. */
const mostAlerts = 3

/** One event of the history. */
export function eventRow(event: HistoryEvent, query: PageQuery): Html {
  const { id, kind, service, atMs, alerts } = event
  const shown = alerts.slice(0, mostAlerts)
  return html`<li class="event" id="event-${id}" data-kind="${kind}">
<span class="event-time">${at(atMs)}</span>
<span class="badge badge-${toneOf(event)}">${kindTexts[kind]}</span>
<a class="event-service" href="${addressOf(query, { service, beforeId: undefined })}#events"><bdi>${shortened(
    service === '' ? '(no name)' : service,
    80,
  )}</bdi></a>
<span class="event-change">${changeOf(event)}</span>
<div class="event-why"><p>${whyOf(event)}${timesOf(event)}${speedOf(event)}</p>${shown.map(alertLine)}${
    alerts.length > shown.length && html`<p class="event-alert">and ${alerts.length - shown.length} more</p>`
  }</div>
</li>`
}

function toneOf({ kind, from = 0, to = 0 }: HistoryEvent): string {
  switch (kind) {
    case 'scaled':
      return to >= from ? 'up' : 'down'
    case 'failed':
    case 'rejected':
      return 'bad'
    case 'held':
    case 'dry_run':
    case 'changed':
      return 'off'
    default:
      return assertNever(kind)
  }
}

function changeOf({ kind, from, to }: HistoryEvent): Content {
  if (from === undefined || to === undefined) return undefined
  if (kind === 'held' || from === to) return html`<span class="visually-hidden">stays at </span>${number(to)}`
  return html`${number(from)}<span class="event-arrow" aria-hidden="true"> \u2192 </span><span class="visually-hidden"> to </span>${number(
    to,
  )}`
}

function whyOf(event: HistoryEvent): Content {
  const { kind, reason, needed, to, limitedBy, untilMs, error, actor } = event
  if (kind === 'changed') return actor === 'redeploy' ? 'By a redeploy' : 'External change'
  const text = reason === undefined ? '' : capital(reasonTexts[reason])
  const parts: Content[] = [
    text,
    needed !== undefined && needed !== to && `, ${number(needed)} needed`,
    limitedBy !== undefined && `, ${limitTexts[limitedBy]}`,
    untilMs !== undefined && html`, until ${at(untilMs)}`,
    error !== undefined &&
      html`: <span class="event-error"><bdi>${shortened(error.message, 400)}</bdi></span>`,
  ]
  return parts
}

function timesOf({ times, lastAtMs }: HistoryEvent): Content {
  if (times === undefined || times < 2) return undefined
  return html` <span class="event-more">${number(times)} times${
    lastAtMs !== undefined && html`, last at ${at(lastAtMs)}`
  }</span>`
}

/** How long the change took. */
function speedOf({ kind, reactionMs, convergedMs }: HistoryEvent): Content {
  if (kind !== 'scaled') return undefined
  const parts = [
    reactionMs !== undefined && `${short(reactionMs)} after the start of the alert`,
    convergedMs !== undefined && `all tasks running ${short(convergedMs)} later`,
  ].filter(Boolean)
  return parts.length > 0 && html` <span class="event-more">${parts.join(', ')}</span>`
}

function short(ms: number): string {
  return ms < 10_000 ? `${number(Math.round(ms / 100) / 10)} s` : span(ms)
}

function alertLine({ name, summary, value, scale }: EventAlert): Html {
  const asks = [scale, value].filter((part) => part !== undefined).join(' ')
  return html`<p class="event-alert"><bdi>${shortened(name || 'unnamed alert', 80)}</bdi>${asks !== '' && ` (${shortened(asks, 40)})`}${
    summary !== undefined && html`: <bdi>${shortened(summary, 300)}</bdi>`
  }</p>`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
