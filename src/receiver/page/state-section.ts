import { type Content, type Html, html } from '../../text/html.ts'
import type { Tone } from './badge.ts'
import { ago, at, counted, number, shortened, span } from './format.ts'
import { addressOf } from './query.ts'
import { rowId } from './service-row.ts'
import { attentionOf, type NamedBadge, servicesPerPage } from './services-view.ts'
import type { PageView } from './view.ts'

/** Most services that need attention and are listed by name. */
const mostNamed = 12

/** Faults of the autoscaler itself. The element always exists, so that screen readers announce its content. */
export function alarms(view: PageView): Html {
  return html`<div id="alarms" class="alarms" aria-live="polite">${dockerAlarm(view)}${historyAlarm(view)}${dryRunNote(view)}</div>`
}

function dockerAlarm({ dockerFault }: PageView): Content {
  if (dockerFault === undefined) return undefined
  return alarm(
    'Docker cannot be used, so nothing can be scaled',
    html`<bdi>${dockerFault}</bdi>. The receiver keeps retrying; the page shows the last known state. Check
<code>DOCKER_HOST</code>, the socket proxy, and whether this node is a Swarm manager.`,
  )
}

/** Explains why nothing is scaled. */
function dryRunNote({ isDryRun }: PageView): Content {
  if (!isDryRun) return undefined
  return html`<div class="alarm alarm-calm"><p class="alarm-title">Dry run: nothing is changed</p><p>Decisions for every service are made, reported and
recorded, but no replicas are set. Set <code>AUTOSCALER_DRY_RUN=false</code> to end it.</p></div>`
}

function historyAlarm({ history: { fault }, nowMs }: PageView): Content {
  if (fault === undefined) return undefined
  const { message, sinceMs, waiting, lost } = fault
  return alarm(
    'The history cannot be written',
    html`<bdi>${message}</bdi>. For ${span(nowMs - sinceMs)}, since ${at(sinceMs)}; ${counted(waiting, 'entry waits', 'entries wait')} in memory${
      lost > 0 && html`, <strong>${counted(lost, 'is lost', 'are lost')}</strong>`
    }. Scaling continues. Check the disk or the database; waiting entries are written when it works again.`,
  )
}

function alarm(title: string, text: Content): Html {
  return html`<div class="alarm"><p class="alarm-title">${title}</p><p>${text}</p></div>`
}

/** The state of the autoscaler at a glance. */
export function stateSection(view: PageView): Html {
  const { services, dockerFault, history } = view
  const attention = attentionOf(services)
  const { all, desired, running } = services
  return html`<section class="state" aria-label="State of the autoscaler"><dl class="tiles">
${tile('Services', number(all.length), formatAttention(attention), attention.length > 0 ? 'warn' : 'ok')}
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

function formatAttention(attention: readonly NamedBadge[]): string {
  if (attention.length === 0) return 'none needs attention'
  return attention.length === 1 ? '1 needs attention' : `${number(attention.length)} need attention`
}

function webhookTile({ webhook: { last, lastOk }, nowMs }: PageView): Html {
  if (last === undefined) {
    const note = html`none since the start; run <code>swarm-autoscaler check</code>`
    return tile('Last webhook', 'None yet', note, 'off')
  }
  const { status, alerts, alertmanager, atMs } = last
  const text = alerts === undefined ? 'unreadable' : counted(alerts, 'alert')
  const from =
    alertmanager !== undefined &&
    html` from <bdi>${shortened(alertmanager.replace(/^https?:\/\/|\/$/g, ''), 60)}</bdi>`
  if (status === 200) return tile('Last webhook', ago(atMs, nowMs), html`${text}${from}`, 'ok')
  const before =
    lastOk === undefined ? 'none accepted yet' : html`last one accepted ${ago(lastOk.atMs, nowMs)}`
  return tile('Last webhook', `Answered ${status}`, html`${ago(atMs, nowMs)}${from}; ${before}`, 'bad')
}

function attentionList(attention: readonly NamedBadge[], view: PageView): Html {
  const rest = attention.length - mostNamed
  return html`<ul class="attention" aria-label="Needs attention">${attention
    .slice(0, mostNamed)
    .map(
      ({ name, badge }) =>
        html`<li data-tone="${badge.tone}"><a href="${placeOf(name, view)}"><bdi>${name}</bdi></a> ${badge.text}</li>`,
    )}${rest > 0 && html`<li>and ${rest} more</li>`}</ul>`
}

/** The URL of a service's row, with its page. */
function placeOf(name: string, { services, query }: PageView): string {
  const isShown = services.shown.some(({ status }) => status.service.name === name)
  if (isShown) return `#${rowId(name)}`
  const index = services.all.findIndex((one) => one.name === name)
  const page = Math.floor(index / servicesPerPage) + 1
  return `${addressOf(query, { search: undefined, page })}#${rowId(name)}`
}
