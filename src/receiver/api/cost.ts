import type { RequestHandler } from 'express'
import type { CostQuery as CostQuestion } from '../../domain/cost.ts'
import { defined } from '../../domain/defined.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { HistoryReader, ServiceViews } from '../ports.ts'
import { freshnessOf, sendJson, timeOf } from './answer.ts'
import { serviceCostView, sumView } from './cost-view.ts'
import { nameOf } from './name-of.ts'
import { CostQuery, momentMs } from './parameters.ts'
import { faultOf, invalidQuery, readQuery } from './query.ts'
import type { CostAnswer } from './schemas/cost.ts'

const dayMs = 86_400_000
/** The default period. */
const defaultMs = dayMs
/** The longest period: as long as a history can be kept. By day it is shorter, since each day is an answer of its own. */
const longestMs = 3_650 * dayMs
const longestByDayMs = 366 * dayMs

/** `GET /api/v1/cost`: what the services cost, and what they would have cost. */
export function showCost(
  history: Pick<HistoryReader, 'cost'>,
  services: Pick<ServiceViews, 'statuses'>,
  { nowMs, currency }: { readonly nowMs: () => number; readonly currency: string },
): RequestHandler {
  return async (request, response) => {
    const query = readQuery(CostQuery, request)
    const question = questionOf(query, services, nowMs())
    const costs = await history.cost(question)
    const { sinceMs, untilMs, byDayIn: timezone } = question
    const answer: CostAnswer = {
      since: timeOf(sinceMs),
      until: timeOf(untilMs),
      ...defined({ currency: currency === '' ? undefined : currency, timezone }),
      services: costs.map(serviceCostView),
      sum: sumView(costs, timezone !== undefined),
    }
    sendJson(request, response, answer, freshnessOf(query.since, query.until, nowMs()))
  }
}

function questionOf(
  { service, since, until, fixed, by, timezone }: CostQuery,
  services: Pick<ServiceViews, 'statuses'>,
  nowMs: number,
): CostQuestion {
  const untilMs = until === undefined ? nowMs : momentMs(until, nowMs)
  const sinceMs = since === undefined ? Math.max(0, untilMs - defaultMs) : momentMs(since, nowMs)
  const faults: string[] = []
  const longest = by === 'day' ? longestByDayMs : longestMs
  if (sinceMs >= untilMs)
    faults.push(faultOf('since', `must be before until (${timeOf(untilMs)})`, timeOf(sinceMs)))
  else if (untilMs - sinceMs > longest)
    faults.push(
      faultOf(
        'since',
        `must be at most ${formatDuration(longest)} before until${by === 'day' ? ' with by=day' : ''}`,
        timeOf(sinceMs),
      ),
    )
  if (timezone !== undefined && by === undefined) faults.push('timezone requires by=day')
  if (faults.length > 0) throw invalidQuery(faults)
  return {
    sinceMs,
    untilMs,
    ...defined({
      service: service === undefined ? undefined : nameOf(service, services),
      fixed,
      byDayIn: by === undefined ? undefined : (timezone ?? 'UTC'),
    }),
  }
}
