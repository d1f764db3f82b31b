import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mostHeldInHour, mostRefusedInHour } from '../../src/history/recorder.ts'
import * as alert from '../../src/receiver/alert-limits.ts'
import { longestUrl } from '../../src/receiver/app.ts'
import { mostRefused } from '../../src/receiver/ingest.ts'
import { mostBytes, mostBytesUnderWay, smallBytes } from '../../src/receiver/read-body.ts'
import { serverLimits } from '../../src/receiver/server-limits.ts'
import { mostWaiting } from '../../src/receiver/webhook.ts'
import * as active from '../../src/reconcile/active-alerts.ts'

const page = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8')

/** What the page says of a limit, by the first column of its row. */
const told = new Map(
  (page.split('## Limits')[1] ?? '').split('\n').flatMap((line) => {
    const [, what = '', limit = ''] = line.split(/ *\| */)
    return limit === '' || limit === 'limit' ? [] : [[what, limit] as const]
  }),
)

const { format } = new Intl.NumberFormat('en')
const kilobytes = (bytes: number) => `${bytes / 1_024} KB`
const megabytes = (bytes: number) => `${bytes / 1_048_576} MB`
const seconds = (ms: number) => `${ms / 1_000} s`

it.each<[string, ...string[]]>([
  ['body', megabytes(mostBytes)],
  ['messages without an answer yet, all together', megabytes(mostBytesUnderWay), kilobytes(smallBytes)],
  ['alerts of one message', format(alert.mostAlerts)],
  [
    'labels of an alert, and annotations',
    `${alert.mostTexts} each`,
    format(alert.longestName),
    format(alert.longestValue),
  ],
  ['label `service`', `${alert.longestService} characters`],
  ['alert name, `summary`', `${alert.longestAlertName} and ${format(alert.longestSummary)} characters`],
  ['active alerts of one service', format(active.mostAlertsOfService)],
  [
    'numbers kept of an alert, for the stabilization window',
    format(active.mostReceivedOfOne),
    format(active.mostReceivedOfAll),
  ],
  ['remembered resolutions', format(active.mostResolved)],
  ['messages waiting for Docker', `${mostWaiting}`],
  ['rejected alerts listed one by one', `${mostRefused} of a message`],
  ['rejected alerts in the history', `${format(mostRefusedInHour)} an hour`],
  ['holds and dry runs in the history', `${mostHeldInHour} an hour of each service`],
  ['address', `${format(longestUrl)} characters`],
  ['headers', kilobytes(serverLimits.mostHeaderBytes), `${serverLimits.mostHeaders} lines`],
  [
    'time for the headers, and for the whole request',
    `${seconds(serverLimits.headersMs)} and ${seconds(serverLimits.requestMs)}`,
    `every ${seconds(serverLimits.checkMs)}`,
  ],
  ['time between two requests of a connection', seconds(serverLimits.keepAliveMs)],
  ['connections', `${serverLimits.mostConnections}`],
])('docs/alerts.md gives the limit of the code: %s', (what, ...limits) => {
  for (const limit of limits) expect(told.get(what)).toContain(limit)
})
