import type { ActiveAlert } from '../../domain/active-alert.ts'
import { cooldownUntilMs } from '../../domain/cooldown.ts'
import { type Direction, directions } from '../../domain/direction.ts'
import { isPaused } from '../../domain/pause.ts'
import { type Content, type Html, html } from '../../text/html.ts'
import { at, left, shortened } from './format.ts'
import type { ServiceView } from './services-view.ts'
import { formatDemand } from './texts.ts'

/** Most alerts in the row itself; the details show more. */
const mostAlertsOfService = 3

export const arrows: Readonly<Record<Direction | 'to', string>> = {
  up: '\u2191',
  down: '\u2193',
  to: '\u2195',
}

/** What affects a service now, each in a few words. */
export function chips(view: ServiceView, nowMs: number): Html {
  const all = [
    ...alertChips(view.status.alerts),
    ...cooldownChips(view, nowMs),
    ...windowChips(view, nowMs),
    ...pauseChips(view, nowMs),
    ...dryRunChips(view),
    ...taskChips(view),
  ]
  return html`${all.length > 0 && html`<ul class="chips">${all}</ul>`}`
}

function chip(kind: string, content: Content): Html {
  return html`<li class="chip chip-${kind}">${content}</li>`
}

function alertChips(alerts: readonly ActiveAlert[]): readonly Html[] {
  const named = alerts
    .slice(0, mostAlertsOfService)
    .map((alert) =>
      chip(
        'alert',
        html`<span class="arrow" aria-hidden="true">${arrows[alert.scale]}</span><span class="visually-hidden">Alert ${
          alert.scale
        }: </span><bdi>${shortened(alert.alertName || 'unnamed alert', 60)}</bdi> asks for ${formatDemand(alert)}`,
      ),
    )
  const rest = alerts.length - named.length
  return rest > 0 ? [...named, chip('alert', `and ${rest} more`)] : named
}

/** The cooldowns for steps; alerts up with `replicas` may have none. */
function cooldownChips({ policy, status }: ServiceView, nowMs: number): readonly Html[] {
  if (policy === undefined) return []
  const ends = directions.flatMap((direction) => {
    const untilMs = cooldownUntilMs(direction, 'step', policy, status.service.state)
    return untilMs === undefined || untilMs <= nowMs ? [] : [{ which: ` ${direction}`, untilMs }]
  })
  const [one, other] = ends
  const shown = one !== undefined && one.untilMs === other?.untilMs ? [{ ...one, which: '' }] : ends
  return shown.map(({ which, untilMs }) => chip('cooldown', html`Cooldown${which}: ${left(untilMs, nowMs)}`))
}

function windowChips({ bounds }: ServiceView, nowMs: number): readonly Html[] {
  const open = bounds?.windows.filter(({ isOpen }) => isOpen) ?? []
  return open.map(({ schedule, nextChangeMs }) =>
    chip(
      'window',
      html`Window <bdi>${shortened(schedule.name, 40)}</bdi> is open${
        nextChangeMs !== undefined && html`: ${left(nextChangeMs, nowMs)} left`
      }`,
    ),
  )
}

function pauseChips({ policy }: ServiceView, nowMs: number): readonly Html[] {
  const held = directions.filter((direction) => isPaused(policy?.pause, direction, nowMs))
  if (held.length === 0) return []
  const untilMs = policy?.pause?.untilMs
  const which = held.length === 2 ? 'Paused' : `Paused ${held[0]}`
  return [
    chip(
      'pause',
      html`${which}${untilMs === undefined ? ' until the label is removed' : html` until ${at(untilMs)}`}`,
    ),
  ]
}

function dryRunChips({ policy, status }: ServiceView): readonly Html[] {
  const isDryRun = policy?.isDryRun === true || status.decision.reason === 'dry_run'
  return isDryRun ? [chip('dry-run', 'Dry run: nothing is changed')] : []
}

function taskChips({ status }: ServiceView): readonly Html[] {
  const { pending = 0, failing = 0, starting = 0 } = status.service.tasks ?? {}
  return [
    ...(failing > 0 ? [chip('bad', `${failing} failing`)] : []),
    ...(pending > 0 ? [chip('warn', `${pending} pending`)] : []),
    ...(starting > 0 ? [chip('busy', `${starting} starting`)] : []),
  ]
}
