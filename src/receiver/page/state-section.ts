import { type Content, type Html, html } from '../../text/html.ts'
import { ago, at, counted, number, shortened, span } from './format.ts'
import { addressOf } from './query.ts'
import { rowId } from './service-row.ts'
import type { Tone } from './status.ts'
import { attentionOf, type NamedStatus, type PageView, servicesPerPage } from './view.ts'

/** Services in need of attention that are named one by one. */
const mostNamed = 12

/** What is wrong with the autoscaler itself, loudly. It is always there, so that what comes into it is read out. */
export function alarms(view: PageView): Html {
  return html`<div id="alarms" class="alarms" aria-live="polite">${dockerAlarm(view)}${historyAlarm(view)}${dryRunNote(view)}</div>`
}

function dockerAlarm({ dockerFault }: PageView): Content {
  if (dockerFault === undefined) return undefined
  return alarm(
    'Docker cannot be used, so nothing can be scaled',
    html`<bdi>${dockerFault}</bdi>. It is asked again and again; what stands below is from the last time that it answered. Look at
<code>DOCKER_HOST</code>, at the socket proxy, and whether this node is a Swarm manager.`,
  )
}

/** Who has set it knows; whoever wonders why nothing is scaled may not. */
function dryRunNote({ isDryRun }: PageView): Content {
  if (!isDryRun) return undefined
  return html`<div class="alarm alarm-calm"><p class="alarm-title">Dry run: nothing is changed</p><p>Everything is decided, told and recorded, for every
service, and no replicas are set. <code>AUTOSCALER_DRY_RUN=false</code> ends it.</p></div>`
}

function historyAlarm({ history: { fault }, nowMs }: PageView): Content {
  if (fault === undefined) return undefined
  const { message, sinceMs, waiting, lost } = fault
  return alarm(
    'The history cannot be written',
    html`<bdi>${message}</bdi>. For ${span(nowMs - sinceMs)}, since ${at(sinceMs)}; ${counted(waiting, 'entry waits', 'entries wait')} in memory${
      lost > 0 && html`, <strong>${counted(lost, 'is lost', 'are lost')}</strong>`
    }. Scaling goes on. Look at the disk or the database that keeps it; what waits is written as soon as that works.`,
  )
}

function alarm(title: string, text: Content): Html {
  return html`<div class="alarm"><p class="alarm-title">${title}</p><p>${text}</p></div>`
}

/** How the autoscaler stands, at a glance. */
export function stateSection(view: PageView): Html {
  const { services, dockerFault, history } = view
  const attention = attentionOf(services)
  const { all, desired, running } = services
  return html`<section class="state" aria-label="State of the autoscaler"><dl class="tiles">
${tile('Services', number(all.length), attentionInWords(attention), attention.length > 0 ? 'warn' : 'ok')}
${tile('Replicas', number(desired), `${number(running)} running`, running < desired ? 'busy' : 'ok')}
${
  dockerFault === undefined
    ? tile('Docker', 'Reachable', 'a Swarm manager', 'ok')
    : tile('Docker', 'Not usable', 'see above', 'bad')
}
${
  history.fault === undefined
    ? tile('History', 'Written', 'nothing waits', 'ok')
    : tile('History', 'Not written', 'see above', 'bad')
}
${webhookTile(view)}
</dl>${attention.length > 0 && attentionList(attention, view)}</section>`
}

function tile(name: string, value: Content, note: Content, tone: Tone): Html {
  return html`<div class="tile" data-tone="${tone}"><dt>${name}</dt><dd><span class="tile-value">${value}</span><span class="tile-note">${note}</span></dd></div>`
}

function attentionInWords(attention: readonly NamedStatus[]): string {
  if (attention.length === 0) return 'none needs attention'
  return attention.length === 1 ? '1 needs attention' : `${number(attention.length)} need attention`
}

function webhookTile({ webhook: { last, lastOk }, nowMs }: PageView): Html {
  if (last === undefined) {
    const note = html`none since the start; is its route set? <code>swarm-autoscaler check</code>`
    return tile('Last webhook', 'None yet', note, 'off')
  }
  const { status, alerts, alertmanager, atMs } = last
  const words = alerts === undefined ? 'unreadable' : counted(alerts, 'alert')
  const from =
    alertmanager !== undefined &&
    html` from <bdi>${shortened(alertmanager.replace(/^https?:\/\/|\/$/g, ''), 60)}</bdi>`
  if (status === 200) return tile('Last webhook', ago(atMs, nowMs), html`${words}${from}`, 'ok')
  const before =
    lastOk === undefined ? 'none was taken yet' : html`the last one taken ${ago(lastOk.atMs, nowMs)}`
  return tile('Last webhook', `Answered ${status}`, html`${ago(atMs, nowMs)}${from}; ${before}`, 'bad')
}

function attentionList(attention: readonly NamedStatus[], view: PageView): Html {
  const rest = attention.length - mostNamed
  return html`<ul class="attention" aria-label="In need of attention">${attention
    .slice(0, mostNamed)
    .map(
      ({ name, status }) =>
        html`<li data-tone="${status.tone}"><a href="${placeOf(name, view)}"><bdi>${name}</bdi></a> ${status.word}</li>`,
    )}${rest > 0 && html`<li>and ${rest} more</li>`}</ul>`
}

/** The address of a service's row, on whatever page it is. */
function placeOf(name: string, { services, query }: PageView): string {
  const isShown = services.shown.some(({ standing }) => standing.service.name === name)
  if (isShown) return `#${rowId(name)}`
  const index = services.all.findIndex((one) => one.name === name)
  const page = Math.floor(index / servicesPerPage) + 1
  return `${addressOf(query, { search: undefined, page })}#${rowId(name)}`
}
