import type { NextChange } from '../../decide/next-change.ts'
import type { ActiveAlert } from '../../domain/active-alert.ts'
import type { Decision } from '../../domain/decision.ts'
import { defined } from '../../domain/defined.ts'
import type { Direction } from '../../domain/direction.ts'
import { alertOf, type EventAlert } from '../../domain/event.ts'
import { timeOf } from './answer.ts'
import type { Alert } from './schemas/common.ts'
import type {
  ActiveAlert as AlertAnswer,
  Decision as DecisionAnswer,
  ServiceDetail,
} from './schemas/service.ts'
import { prospectInWords, standingInWords } from './summary.ts'

/** A decision that stands, as the API tells it. */
export function standingView(decision: Decision): DecisionAnswer {
  return decisionView(decision, standingInWords(decision))
}

/** What the next alert of a direction would come to, as the API tells it. */
export function nextChangeView(direction: Direction, prospect: NextChange): ServiceDetail['next']['up'] {
  const { decision, earliest } = prospect
  return {
    ...decisionView(decision, prospectInWords(direction, prospect)),
    ...(earliest === undefined ? {} : { earliest: { at: timeOf(earliest.atMs), to: earliest.to } }),
  }
}

function decisionView(decision: Decision, summary: string): DecisionAnswer {
  const { kind, reason } = decision
  if (kind === 'reject') return { kind, reason, summary }
  const from = kind === 'scale' ? decision.from : decision.replicas
  const to = kind === 'scale' ? decision.to : decision.replicas
  const limitedBy = kind === 'scale' ? decision.limitedBy : undefined
  const held = kind === 'hold' ? { wouldBe: decision.wouldBe, until: timeOf(decision.untilMs) } : {}
  // The alert that is only thought of has no fingerprint.
  const alert = decision.cause?.fingerprint || undefined
  return {
    kind,
    reason,
    from,
    to,
    ...defined({ needed: decision.needed, limitedBy, ...held, alert }),
    summary,
  }
}

export function activeAlertView(alert: ActiveAlert): AlertAnswer {
  return { ...alertView(alertOf(alert)), ...defined({ receivedAt: timeOf(alert.receivedAtMs) }) }
}

export function alertView({ name, fingerprint, scale, value, startsAtMs, summary }: EventAlert): Alert {
  return { name, fingerprint, ...defined({ scale, value, startsAt: timeOf(startsAtMs), summary }) }
}
