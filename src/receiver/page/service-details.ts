import type { NextChange } from '../../decide/next-change.ts'
import type { ActiveAlert } from '../../domain/active-alert.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { DirectionPolicy, Policy } from '../../domain/policy.ts'
import { type Content, type Html, html } from '../../text/html.ts'
import { arrows } from './chips.ts'
import { ago, at, left, money, number, shortened } from './format.ts'
import type { ServiceView } from './services-view.ts'
import { formatAmount, formatDemand, reasonTexts } from './texts.ts'

/** Everything else about a service, in an element that opens. */
export function serviceDetails(view: ServiceView, nowMs: number): Html {
  const { status, policy } = view
  return html`<details class="service-details"><summary>Details<span class="visually-hidden"> of ${shortened(
    status.service.name,
    120,
  )}</span></summary><div class="details-grid">
${alerts(status.alerts, nowMs)}
${policy && next(view, nowMs)}
${tasks(view)}
${windows(view, nowMs)}
${policy && policyList(policy)}
${facts(view, nowMs)}
</div></details>`
}

function block(title: string, content: Content): Html {
  return html`<section class="block"><h4>${title}</h4>${content}</section>`
}

function pairs(rows: readonly (readonly [Content, Content] | false)[]): Html {
  return html`<dl class="pairs">${rows.map(
    (row) => row !== false && html`<div><dt>${row[0]}</dt><dd>${row[1]}</dd></div>`,
  )}</dl>`
}

function alerts(list: readonly ActiveAlert[], nowMs: number): Html {
  if (list.length === 0) return block('Alerts', html`<p class="none">No alert is active.</p>`)
  return block(
    'Alerts',
    html`<ul class="alerts">${list
      .slice(0, 20)
      .map(
        (alert) =>
          html`<li><strong><span aria-hidden="true">${arrows[alert.scale]} </span><bdi>${shortened(
            alert.alertName || 'unnamed alert',
            120,
          )}</bdi></strong> ${alert.scale}, ${formatDemand(alert)}, since ${at(alert.startsAtMs)}${
            alert.receivedAtMs !== undefined && html`, received ${ago(alert.receivedAtMs, nowMs)}`
          }${alert.summary !== undefined && html`<p><bdi>${shortened(alert.summary, 400)}</bdi></p>`}</li>`,
      )}${list.length > 20 && html`<li>and ${list.length - 20} more</li>`}</ul>`,
  )
}

/** What the next alert in each direction would change. */
function next({ next }: ServiceView, nowMs: number): Content {
  if (next === undefined) return undefined
  return block(
    'Effect of an alert for one step now',
    pairs([
      ['Up', nextChange(next.up, nowMs)],
      ['Down', nextChange(next.down, nowMs)],
    ]),
  )
}

function nextChange({ decision, earliest }: NextChange, nowMs: number): Content {
  if (decision.kind === 'scale') return `to ${decision.to} at once`
  const reason = reasonTexts[decision.reason]
  if (earliest === undefined) return html`no change: ${reason}`
  return html`to ${earliest.to} in ${left(earliest.atMs, nowMs)}: ${reason}`
}

function tasks({ status }: ServiceView): Content {
  const { tasks: counts } = status.service
  if (counts === undefined) return undefined
  return block(
    'Tasks',
    pairs([
      ['Running', number(counts.running)],
      counts.starting > 0 && ['Starting', number(counts.starting)],
      counts.pending > 0 && ['Pending', withReason(counts.pending, counts.pendingReason)],
      counts.failing > 0 && ['Failing', withReason(counts.failing, counts.failingReason)],
    ]),
  )
}

function withReason(count: number, reason: string | undefined): Content {
  return reason === undefined ? number(count) : html`${number(count)}: <bdi>${shortened(reason, 400)}</bdi>`
}

function windows({ bounds }: ServiceView, nowMs: number): Content {
  if (bounds === undefined || bounds.windows.length === 0) return undefined
  return block(
    'Schedule windows',
    pairs(
      bounds.windows.map(({ schedule, isOpen, nextChangeMs }) => {
        const { min, max, timezone } = schedule
        const which = [min !== undefined && `min ${min}`, max !== undefined && `max ${max}`].filter(Boolean)
        const change =
          nextChangeMs === undefined
            ? ', permanently'
            : html`, ${isOpen ? 'closes' : 'opens'} ${at(nextChangeMs)} (in ${left(nextChangeMs, nowMs)})`
        return [
          html`<bdi>${shortened(schedule.name, 60)}</bdi>`,
          html`${isOpen ? 'open' : 'closed'}${change}: ${which.join(', ')}; ${timezone}`,
        ] as const
      }),
    ),
  )
}

function policyList(policy: Policy): Html {
  return block(
    'Policy',
    pairs([
      ...Object.entries(policy.targets).map(
        ([signal, target]) =>
          [html`Target <bdi>${shortened(signal, 60)}</bdi>`, targetOf(signal, target)] as const,
      ),
      ['Up', directionOf(policy.up)],
      ['Down', directionOf(policy.down)],
      ['Redeploys', policy.onRedeploy === 'restore' ? 'restored' : 'accepted'],
    ]),
  )
}

/** A target in the unit that people use. */
function targetOf(signal: string, target: number): string {
  if (['cpu', 'memory', 'errors'].includes(signal)) return `${number(target * 100)} %`
  if (signal === 'latency') return formatDuration(target * 1_000)
  if (signal === 'network') return `${number(target / 1e6)} MB/s`
  return signal === 'requests' ? `${number(target)} per second` : number(target)
}

function directionOf({ step, maxStep, cooldownMs, stabilizationMs }: DirectionPolicy): string {
  return [
    `step ${formatAmount(step)}`,
    maxStep !== undefined && `at most ${maxStep.map(formatAmount).join(' or ')}`,
    `cooldown ${cooldownMs === undefined ? '0s, for steps 1m' : formatDuration(cooldownMs)}`,
    `stabilization ${formatDuration(stabilizationMs)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function facts({ status: { service, atMs }, policy }: ServiceView, nowMs: number): Html {
  const { lastUpMs, lastDownMs } = service.state
  return block(
    'State',
    pairs([
      service.rollout !== undefined && ['Rollout', service.rollout.replaceAll('_', ' ')],
      ['Last up', lastUpMs === undefined ? 'never' : at(lastUpMs)],
      ['Last down', lastDownMs === undefined ? 'never' : at(lastDownMs)],
      policy?.costPerHour !== undefined && [
        'Price of a replica',
        `${money(policy.costPerHour, '')} per hour`,
      ],
      ['Read', ago(atMs, nowMs)],
      ['ID', html`<code>${shortened(service.id, 64)}</code>`],
    ]),
  )
}
