import { eventKinds } from '../../domain/event.ts'
import { type Html, html } from '../../text/html.ts'
import { eventRow } from './event-row.ts'
import { addressOf, type PageQuery, spans } from './query.ts'
import { kindTexts } from './texts.ts'
import type { PageView } from './view.ts'

/** Most names of services that the form suggests. */
const mostSuggested = 500

/** The events, newest first. */
export function eventsSection(view: PageView): Html {
  return html`<section id="events" class="section" aria-labelledby="events-title">
<header class="section-head"><h2 id="events-title">Events</h2></header>
${form(view)}
${view.faults.length > 0 ? faults(view.faults) : list(view)}
</section>`
}

function form({ query, services }: PageView): Html {
  const { service = '', kind, last, search, page } = query
  return html`<form class="form" method="get" action="./#events" aria-label="Which events">
${search !== undefined && html`<input type="hidden" name="q" value="${search}">`}${
  page > 1 && html`<input type="hidden" name="page" value="${page}">`
}
<label class="field"><span>Service</span><input name="service" value="${service}" list="service-names" maxlength="200" autocomplete="off" spellcheck="false"></label>
<datalist id="service-names">${services.all
    .slice(0, mostSuggested)
    .map(({ name }) => html`<option value="${name}"></option>`)}</datalist>
<label class="field"><span>Kind</span><select name="kind">${option('', 'All', kind ?? '')}${eventKinds.map(
    (one) => option(one, kindTexts[one], kind ?? ''),
  )}</select></label>
<label class="field"><span>Time</span><select name="last">${option('', 'Any', last ?? '')}${Object.entries(
    spans,
  ).map(([key, { name }]) => option(key, name, last ?? ''))}</select></label>
${instant('From', 'since', query.sinceMs)}${instant('To', 'until', query.untilMs)}
<button type="submit">Show</button>${isFiltered(query) && html`<a class="clear" href="${cleared(query)}">Show all</a>`}
</form>`
}

function option(value: string, name: string, selected: string): Html {
  return html`<option value="${value}"${value === selected && html` selected`}>${name}</option>`
}

/** A point in time in UTC; the script turns it into the time zone of the reader, and back. */
function instant(label: string, name: string, ms: number | undefined): Html {
  const value = ms === undefined ? '' : new Date(ms).toISOString().slice(0, 16)
  return html`<label class="field"><span>${label} <span data-zone="short">(UTC)</span></span><input type="datetime-local" name="${name}" value="${value}" data-utc></label>`
}

function isFiltered({ service, kind, last, sinceMs, untilMs, beforeId }: PageQuery): boolean {
  return [service, kind, last, sinceMs, untilMs, beforeId].some((value) => value !== undefined)
}

function cleared({ search, page }: PageQuery): string {
  return `${addressOf({ page, ...(search === undefined ? {} : { search }) }, {})}#events`
}

function faults(list: readonly string[]): Html {
  return html`<div class="empty empty-bad" role="alert"><p><strong>The filter is invalid:</strong></p><ul>${list.map(
    (fault) => html`<li>${fault}</li>`,
  )}</ul></div>`
}

function list({ events, query }: PageView): Html {
  if (events.shown.length === 0) return none(query)
  return html`<ol class="events">${events.shown.map((event) => eventRow(event, query))}</ol>
<nav class="paging" aria-label="Pages of events">${
    query.beforeId !== undefined &&
    html`<a href="${addressOf(query, { beforeId: undefined })}#events">Newest</a>`
  }${
    events.olderBeforeId === undefined
      ? html`<span>No older events</span>`
      : html`<a rel="next" href="${addressOf(query, { beforeId: events.olderBeforeId })}#events">Older</a>`
  }</nav>`
}

function none(query: PageQuery): Html {
  if (isFiltered(query)) {
    return html`<p class="empty">No event matches. <a href="${cleared(query)}">Show all</a></p>`
  }
  return html`<div class="empty"><p><strong>There are no events yet.</strong> Changes of replicas, held and rejected changes, and
external changes appear here with their alerts.</p></div>`
}
