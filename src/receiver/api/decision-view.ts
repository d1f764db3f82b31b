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
import { formatNextChange, formatStatus } from './summary.ts'

/** The current decision as the API answers it. */
export function currentDecisionView(decision: Decision): DecisionAnswer {
  return decisionView(decision, formatStatus(decision))
}

/** What the next alert in a direction would change, as the API answers it. */
export function nextChangeView(direction: Direction, change: NextChange): ServiceDetail['next']['up'] {
  const { decision, earliest } = change
  return {
    ...decisionView(decision, formatNextChange(direction, change)),
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
  // A hypothetical alert has no fingerprint.
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
