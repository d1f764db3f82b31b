import { defined } from '../../domain/defined.ts'
import type { Service, ServiceDetail } from '../../receiver/api/schemas.ts'
import { describeFault } from '../../text/describe-fault.ts'
import { clean, numberOf } from '../client/text.ts'
import { endOf, type Times } from '../client/time.ts'

/** A fact about a service, by its name. An empty name continues the fact before it. */
export interface Fact {
  readonly name: string
  /** One line without control characters. */
  readonly text: string
  readonly isBad?: boolean
}

/** Everything about one service, the most important first. */
export function factsOf(service: ServiceDetail, times: Times): readonly Fact[] {
  const { decision, next, faults, warnings } = service
  const facts = [
    fact('service', `${service.name} (${service.id})`),
    fact('replicas', replicasOf(service)),
    fact('bounds', boundsOf(service, times)),
    fact('now', decision.summary),
    fact('', `since ${times.full(decision.since)}${untilOf(decision.until, times)}`),
    ...service.alerts.map((alert, index) => fact(index === 0 ? 'alerts' : '', alertOf(alert, times))),
    fact('next up', next.up.summary),
    fact('next down', next.down.summary),
    fact('last change', lastChangeOf(service, times)),
    ...stateOf(service, times),
    ...faults.map((fault, index) => ({
      ...fact(index === 0 ? 'faults' : '', faultText(fault)),
      isBad: true,
    })),
    ...warnings.map((fault, index) => fact(index === 0 ? 'warnings' : '', faultText(fault))),
    fact('seen at', times.full(service.seenAt)),
  ]
  return facts.filter(({ text }) => text !== '')
}

function fact(name: string, text: string | undefined): Fact {
  return { name, text: clean(text ?? '') }
}

function replicasOf({ replicas, mode }: Service): string {
  const { desired, running, pendingReason, failingReason } = replicas
  if (mode !== 'replicated') return `cannot be scaled (${mode})`
  const counts = (['starting', 'pending', 'failing'] as const).flatMap((state) =>
    replicas[state] ? [`${replicas[state]} ${state}`] : [],
  )
  const reasons = [pendingReason, failingReason].filter((reason) => reason !== undefined)
  return [`${running ?? '?'} of ${desired} running`, ...counts, ...reasons].join(', ')
}

function boundsOf({ bounds, windows }: Service, times: Times): string | undefined {
  if (bounds === undefined) return undefined
  const { min, max, nextChange } = bounds
  const open = windows.filter(({ isOpen }) => isOpen).map(({ name }) => name)
  const by = open.length === 0 ? '' : `, by the open window ${open.join(', ')}`
  return `${min} to ${max}${by}${nextChange === undefined ? '' : `, next change ${times.full(nextChange)}`}`
}

function alertOf({ name, scale, value, startsAt, summary }: Service['alerts'][number], times: Times): string {
  const demand = value === undefined ? "the policy's step" : value
  const since = startsAt === undefined ? '' : ` since ${times.full(startsAt)}`
  return `${name}: ${scale ?? '?'} ${demand}${since}${summary === undefined ? '' : `: ${summary}`}`
}

function lastChangeOf({ lastChange }: Service, times: Times): string {
  if (lastChange === undefined) return 'none known'
  const { at, direction, from, to, reason, actor } = lastChange
  const change = from === undefined || to === undefined ? direction : `${from}->${to}`
  const by = actor === undefined ? '' : ` by ${actor}`
  return `${times.full(at)}: ${change}${reason === undefined ? '' : ` (${reason})`}${by}`
}

/** What holds changes, and what the service costs; only what applies. */
function stateOf(
  { cooldownUntil, pause, dryRun, dryRunBy, rollout, cost }: Service,
  times: Times,
): readonly Fact[] {
  const { up, down } = cooldownUntil
  const cooldowns = [
    ...(up === undefined ? [] : [`up until ${times.full(endOf(up))}`]),
    ...(down === undefined ? [] : [`down until ${times.full(endOf(down))}`]),
  ]
  const where = dryRunBy === 'all' ? 'AUTOSCALER_DRY_RUN' : 'autoscaler.dry-run'
  return [
    fact('cooldown', cooldowns.join(', ')),
    fact('paused', pause && `${pause.directions.join(' and ')}${untilOf(pause.until, times)}`),
    fact('dry run', !dryRun ? '' : `changes are only reported (${where})`),
    fact('rollout', rollout),
    fact('cost', cost && `${numberOf(cost.perHour)} ${cost.currency ?? ''} per hour`.replace('  ', ' ')),
  ]
}

function untilOf(until: string | undefined, times: Times): string {
  return until === undefined ? '' : `, until ${times.full(endOf(until))}`
}

function faultText({ key, value, message }: Service['faults'][number]): string {
  return describeFault({ key, message, ...defined({ value }) })
}
