import type { PolicyFault } from '../../domain/policy.ts'
import { type Content, type Html, html } from '../../text/html.ts'
import { chart } from './chart.ts'
import { chips } from './chips.ts'
import { number, shortened, span } from './format.ts'
import { serviceDetails } from './service-details.ts'
import type { ServiceView } from './services-view.ts'
import { formatDecision } from './texts.ts'
import { extremesOf } from './timeline.ts'

/** The ID of a service's row, for links. Characters that an ID cannot have are encoded. */
export function rowId(name: string): string {
  return `service-${encodeURIComponent(name.toWellFormed()).replace(/[!'()*%]/g, '_')}`
}

/** One service: its decision, its last 24 hours, its numbers, and the details. */
export function serviceRow(view: ServiceView, nowMs: number): Html {
  const { status, badge } = view
  const { service } = status
  return html`<li class="service" id="${rowId(service.name)}" data-tone="${badge.tone}">
<div class="service-about">
<div class="service-title"><h3><bdi>${shortened(service.name, 120)}</bdi></h3><span class="badge badge-${badge.tone}">${
    badge.text
  }</span></div>
<p class="service-why">${formatDecision(status.decision, service, nowMs)} <span class="since">For ${sinceOf(
    status.sinceMs,
    nowMs,
  )}.</span></p>
${chips(view, nowMs)}${faults(view)}
</div>
${past(view)}
${numbers(view)}
${serviceDetails(view, nowMs)}
</li>`
}

function sinceOf(sinceMs: number, nowMs: number): Html {
  return html`<time datetime="${new Date(sinceMs).toISOString()}" data-time="since">${span(nowMs - sinceMs)}</time>`
}

function past({ status: { service }, timeline, bounds }: ServiceView): Content {
  if (service.mode !== 'replicated') return undefined
  const extremes = extremesOf(timeline, service.desiredReplicas)
  const range =
    extremes &&
    (extremes.low === extremes.high ? `always ${extremes.low}` : `${extremes.low} to ${extremes.high}`)
  return html`<figure class="service-chart">${chart(service, timeline, bounds)}<figcaption><span>24 h ago</span><span>${
    range ?? 'no data yet'
  }</span><span>now</span></figcaption></figure>`
}

function numbers({ status: { service, decision }, bounds }: ServiceView): Content {
  if (service.mode !== 'replicated') return undefined
  const needed = decision.kind === 'reject' ? undefined : decision.needed
  const { desiredReplicas: desired, runningReplicas: running } = service
  return html`<dl class="numbers">${[
    figure('Desired', number(desired), 'main'),
    figure(
      'Running',
      running === undefined ? '?' : number(running),
      running !== undefined && running < desired && 'low',
    ),
    figure(
      'Needed',
      needed === undefined ? '\u2013' : number(needed),
      needed !== undefined && needed > desired && 'high',
    ),
    figure('Bounds', bounds === undefined ? '\u2013' : `${bounds.min}\u2013${bounds.max}`),
  ]}</dl>`
}

function figure(name: string, value: Content, kind: string | false = false): Html {
  return html`<div class="figure${kind && ` figure-${kind}`}"><dt>${name}</dt><dd>${value}</dd></div>`
}

/** The faults and warnings of the policy. */
function faults({ status: { service } }: ServiceView): Content {
  const { policy } = service
  if (policy.kind === 'invalid') return faultList('fault', policy.faults)
  return policy.kind === 'valid' && policy.warnings.length > 0 && faultList('warning', policy.warnings)
}

function faultList(kind: string, list: readonly PolicyFault[]): Html {
  return html`<ul class="faults faults-${kind}">${list.map(
    ({ key, value, message }) =>
      html`<li><code>${shortened(key, 120)}${value !== undefined && html`=&quot;${shortened(value, 200)}&quot;`}</code> ${shortened(
        message,
        500,
      )}</li>`,
  )}</ul>`
}
