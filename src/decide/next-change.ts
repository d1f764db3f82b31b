import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Direction } from '../domain/direction.ts'
import { isPaused } from '../domain/pause.ts'
import { decide, type Situation } from './decide.ts'
import { decisionForDown } from './scale-up-active.ts'

/** What an alert for the policy's own step would result in if it began now and stayed active. */
export interface NextChange {
  /** At once. */
  readonly decision: Decision
  /** The first change that it would make by time alone, in ms since the epoch. Absent: time alone brings none, or not for long. */
  readonly earliest?: { readonly atMs: number; readonly to: number }
}

/** What the next alert of each direction would result in, beside the active alerts. */
export type NextChanges = Readonly<Record<Direction, NextChange>>

/** Most holds by cooldowns and schedules that are followed one after the other: a schedule may open and close for ever. */
const mostHolds = 6

export function nextChanges(situation: Situation): NextChanges {
  return { up: nextChange(situation, 'up'), down: nextChange(situation, 'down') }
}

function nextChange(situation: Situation, direction: Direction): NextChange {
  const alert: ActiveAlert = {
    fingerprint: '',
    scale: direction,
    demand: { kind: 'policy-step' },
    startsAtMs: situation.nowMs,
    alertName: '',
  }
  const at = (nowMs: number): Decision =>
    decide({ ...situation, nowMs, alerts: [...situation.alerts, alert] })
  const decision = forDirection(at(situation.nowMs), direction)
  const holds = mostHolds + holdsOf(situation.alerts)
  const earliest = firstChange(pauseEndMs(situation, direction), direction, at, holds)
  return { decision, ...(earliest === undefined ? {} : { earliest }) }
}

function forDirection(decision: Decision, direction: Direction): Decision {
  return direction === 'down' ? decisionForDown(decision) : decision
}

/** How often alerts can hold, each for a time of its own: until it is stable, and until a number leaves its window. */
function holdsOf(alerts: readonly ActiveAlert[]): number {
  return alerts.reduce((sum, { received = [] }) => sum + 1 + received.length, 0)
}

/** Since when no pause holds this direction, from now on, in ms since the epoch. Absent: one holds it until somebody ends it. */
function pauseEndMs({ service, nowMs }: Situation, direction: Direction): number | undefined {
  const pause = service?.policy.kind === 'valid' ? service.policy.policy.pause : undefined
  return isPaused(pause, direction, nowMs) ? pause?.untilMs : nowMs
}

/**
 * Follows that many holds from one end to the next, until one of them lets a change of this direction through. A down that an up
 * holds goes by the end of the up's own hold: a window that opens then may lower the ceiling.
 */
function firstChange(
  fromMs: number | undefined,
  direction: Direction,
  at: (nowMs: number) => Decision,
  holds: number,
): NextChange['earliest'] {
  let atMs = fromMs
  for (let hold = 0; hold <= holds && atMs !== undefined; hold++) {
    const decision = at(atMs)
    const change = forDirection(decision, direction)
    if (change.kind === 'scale') {
      const isThatWay = direction === 'up' ? change.to > change.from : change.to < change.from
      return isThatWay ? { atMs, to: change.to } : undefined
    }
    const untilMs = decision.kind === 'hold' ? decision.untilMs : undefined
    atMs = untilMs !== undefined && untilMs > atMs ? untilMs : undefined
  }
  return undefined
}
