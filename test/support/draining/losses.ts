import { type Conditions, starvation } from '../load/starved.ts'
import type { Totals } from './draining-stack.ts'

/** What the load generator says of a request that was not answered in time. It may have been answered later. */
const late = 'timeout'

/** Requests that got another answer than they should, or whose connection was cut or refused: lost, whatever the machine is at. */
export function lostRequests({ failures }: Pick<Totals, 'failures'>): number {
  return Object.entries(failures)
    .filter(([reason]) => reason !== late)
    .reduce((sum, [, count]) => sum + count, 0)
}

/** Why a run in which requests were late, or could not be sent, says nothing of who is to blame. Undefined: it does. */
export function starvedRun(
  totals: Pick<Totals, 'failures' | 'skipped'>,
  conditions: Conditions,
): string | undefined {
  const lateRequests = totals.failures[late] ?? 0
  if (lostRequests(totals) > 0 || (lateRequests === 0 && totals.skipped === 0)) return undefined
  const reason = starvation(conditions)
  return reason && `${lateRequests} requests late, ${totals.skipped} not sent, while ${reason}`
}
