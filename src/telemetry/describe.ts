import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import { alertOf } from '../domain/event.ts'

/** A decision as fields of a log line, with the alert behind it. For a held change, `wouldBe` has the replicas that it would set. */
export function describe(decision: Decision): Record<string, unknown> {
  const { kind, reason } = decision
  if (kind === 'reject') return { decision: kind, reason }
  const alert = decision.cause === undefined ? {} : { alert: describeAlert(decision.cause) }
  if (kind === 'scale') {
    const { from, to, needed, limitedBy } = decision
    return { decision: kind, reason, from, to, needed, limitedBy, ...alert }
  }
  const { replicas: from, wouldBe, needed, untilMs } = decision
  const to = reason === 'dry_run' ? (wouldBe ?? from) : from
  return { decision: kind, reason, from, to, wouldBe, needed, until: timeOf(untilMs), ...alert }
}

function describeAlert(active: ActiveAlert) {
  const { startsAtMs, ...alert } = alertOf(active)
  return { ...alert, startsAt: timeOf(startsAtMs) }
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString()
}
