import { visible } from '../../text/visible.ts'
import type { Alert } from './schemas/common.ts'
import type { Event } from './schemas.ts'

/** One column: its name, and its content. */
type Column = readonly [name: string, read: (event: Event) => string | number | boolean | undefined]

const columns: readonly Column[] = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => at],
  ['service', ({ service }) => service],
  ['kind', ({ kind }) => kind],
  ['dryRun', ({ dryRun }) => dryRun],
  ['reason', ({ reason }) => reason],
  ['from', ({ from }) => from],
  ['to', ({ to }) => to],
  ['needed', ({ needed }) => needed],
  ['limitedBy', ({ limitedBy }) => limitedBy],
  ['actor', ({ actor }) => actor],
  ['alerts', ({ alerts }) => alerts.map(formatAlert).join('; ')],
  ['until', ({ until }) => until],
  ['serviceVersion', ({ serviceVersion }) => serviceVersion],
  ['autoscalerVersion', ({ autoscalerVersion }) => autoscalerVersion],
  ['reactionSeconds', ({ reactionSeconds }) => reactionSeconds],
  ['convergedSeconds', ({ convergedSeconds }) => convergedSeconds],
  ['times', ({ times }) => times],
  ['lastAt', ({ lastAt }) => lastAt],
  ['errorCode', ({ error }) => error?.code],
  ['errorMessage', ({ error }) => error?.message],
]

/** Events as a table with a header (RFC 4180). */
export function eventsInCsv(events: readonly Event[]): string {
  const rows = [
    columns.map(([name]) => name),
    ...events.map((event) => columns.map(([, read]) => cell(read(event)))),
  ]
  return rows.map((row) => `${row.join(',')}\r\n`).join('')
}

/** Text that a spreadsheet reads as the start of a formula, in wide characters too. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/** The same after a separator other than a comma, which some spreadsheets use. */
const innerFormula = /[;|\t] *(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** A text that a spreadsheet would read as a formula gets an apostrophe before it. */
function cell(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value)
  const shown = visible(value)
  const text = formula.test(shown) ? `'${shown}` : shown.replace(innerFormula, "$&'")
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** `SwarmServiceNeedsMoreReplicas up 7.5: web needs more replicas.` */
function formatAlert({ name, scale, value, summary }: Alert): string {
  const head = [name, scale, value].filter((part) => part !== undefined && part !== '').join(' ')
  return summary === undefined ? head : `${head}: ${summary}`
}
