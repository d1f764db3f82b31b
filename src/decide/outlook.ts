import type { Decision } from '../domain/decision.ts'
import type { Direction } from '../domain/direction.ts'
import { isPaused } from '../domain/pause.ts'
import type { Signal } from '../domain/signal.ts'
import { decide, type Situation } from './decide.ts'
import { decisionForDown } from './up-stands.ts'

/** What an alert of the policy's own step would come to, were it to begin now and go on. */
export interface Prospect {
  /** At once. */
  readonly decision: Decision
  /** The first change that it would make by time alone, in ms since the epoch. Absent: time alone brings none, or not for long. */
  readonly earliest?: { readonly atMs: number; readonly to: number }
}

/** What the next alert of each direction would come to, beside the signals that stand. */
export type Outlook = Readonly<Record<Direction, Prospect>>

/** Most holds that are followed one after the other: stabilization, cooldown, and a window or two. */
const mostHolds = 6

export function outlook(situation: Situation): Outlook {
  return { up: prospect(situation, 'up'), down: prospect(situation, 'down') }
}

function prospect(situation: Situation, direction: Direction): Prospect {
  const alert: Signal = {
    fingerprint: '',
    scale: direction,
    demand: { kind: 'policy-step' },
    startsAtMs: situation.nowMs,
    alertName: '',
  }
  const at = (nowMs: number): Decision => {
    const decision = decide({ ...situation, nowMs, signals: [...situation.signals, alert] })
    return direction === 'down' ? decisionForDown(decision) : decision
  }
  const decision = at(situation.nowMs)
  const earliest = firstChange(pauseEndMs(situation, direction), direction, at)
  return { decision, ...(earliest === undefined ? {} : { earliest }) }
}

/** Since when no pause holds this direction, from now on, in ms since the epoch. Absent: one holds it until somebody ends it. */
function pauseEndMs({ service, nowMs }: Situation, direction: Direction): number | undefined {
  const pause = service?.policy.kind === 'valid' ? service.policy.policy.pause : undefined
  return isPaused(pause, direction, nowMs) ? pause?.untilMs : nowMs
}

/** Follows holds from one end to the next, until one of them lets a change of this direction through. */
function firstChange(
  fromMs: number | undefined,
  direction: Direction,
  at: (nowMs: number) => Decision,
): Prospect['earliest'] {
  let atMs = fromMs
  for (let hold = 0; hold <= mostHolds && atMs !== undefined; hold++) {
    const decision = at(atMs)
    if (decision.kind === 'scale') {
      const isThatWay = direction === 'up' ? decision.to > decision.from : decision.to < decision.from
      return isThatWay ? { atMs, to: decision.to } : undefined
    }
    const untilMs = decision.kind === 'hold' ? decision.untilMs : undefined
    atMs = untilMs !== undefined && untilMs > atMs ? untilMs : undefined
  }
  return undefined
}
