import type { RequestHandler } from 'express'
import { defined } from '../../domain/defined.ts'
import type { Delivery, LastWebhook } from '../last-webhook.ts'
import type { HistoryReader } from '../ports.ts'
import { sendJson, timeOf } from './answer.ts'
import type { DockerHealth } from './docker-health.ts'
import { NoQuery } from './parameters.ts'
import { readQuery } from './query.ts'
import type { Delivery as DeliveryAnswer, StatusAnswer } from './schemas/status.ts'

/** What the status of the autoscaler is made from. */
export interface StatusSources {
  readonly version: string
  readonly isDryRun: boolean
  readonly currency: string
  readonly docker: DockerHealth
  readonly history: Pick<HistoryReader, 'status'>
  readonly lastWebhook: Pick<LastWebhook, 'last' | 'lastOk'>
}

/** `GET /api/v1/status`: the status of the autoscaler itself. */
export function showStatus(sources: StatusSources): RequestHandler {
  return async (request, response) => {
    readQuery(NoQuery, request)
    sendJson(request, response, await statusView(sources))
  }
}

async function statusView(sources: StatusSources): Promise<StatusAnswer> {
  const { version, isDryRun: dryRun, currency, docker, history, lastWebhook } = sources
  const { error, checkedAtMs } = await docker.read()
  return {
    version,
    dryRun,
    ...defined({ currency: currency === '' ? undefined : currency }),
    docker: { ok: error === undefined, ...defined({ error }), checkedAt: timeOf(checkedAtMs) },
    history: historyView(history),
    webhook: defined({ last: deliveryView(lastWebhook.last), lastOk: deliveryView(lastWebhook.lastOk) }),
  }
}

function historyView(history: Pick<HistoryReader, 'status'>): StatusAnswer['history'] {
  const { fault } = history.status()
  if (fault === undefined) return { ok: true }
  const { message: error, sinceMs, waiting, lost } = fault
  return { ok: false, error, since: timeOf(sinceMs), waiting, lost }
}

function deliveryView(delivery: Delivery | undefined): DeliveryAnswer | undefined {
  if (delivery === undefined) return undefined
  const { atMs, ...more } = delivery
  return { at: timeOf(atMs), ...more }
}
