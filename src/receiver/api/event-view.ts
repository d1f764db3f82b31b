import { defined } from '../../domain/defined.ts'
import type { HistoryEvent } from '../../domain/event.ts'
import { timeOf } from './answer.ts'
import { alertView } from './decision-view.ts'
import type { Event } from './schemas.ts'

/** An event of the history as the API answers it. */
export function eventView(recorded: HistoryEvent): Event {
  const { id, atMs, service, kind, reason, from, to, needed, limitedBy, actor, alerts } = recorded
  const { untilMs, serviceVersion, autoscalerVersion, reactionMs, convergedMs, times, lastAtMs, error } =
    recorded
  return {
    id,
    at: timeOf(atMs),
    service,
    kind,
    dryRun: kind === 'dry_run',
    ...defined({ reason, from, to, needed, limitedBy }),
    actor,
    alerts: alerts.map(alertView),
    ...defined({ until: timeOf(untilMs), serviceVersion }),
    autoscalerVersion,
    ...defined({
      reactionSeconds: inSeconds(reactionMs),
      convergedSeconds: inSeconds(convergedMs),
      times,
      lastAt: timeOf(lastAtMs),
      error,
    }),
  }
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000
}
