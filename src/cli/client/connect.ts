import { styleText } from 'node:util'
import { systemClock } from '../../reconcile/system-clock.ts'
import type { ClientPorts } from './ports.ts'
import { request } from './request.ts'

/** The width of a terminal that does not report it. */
const defaultColumns = 80

/** The real ones: the network, the time, and the terminal of this process. */
export const clientPorts: ClientPorts = {
  fetch: (address, options) =>
    options.tls === undefined ? fetch(address, options) : request(address, options),
  clock: systemClock,
  screen: {
    columns: () => (process.stdout.isTTY ? process.stdout.columns || defaultColumns : undefined),
    paint: (style, text) => styleText(style, text, { stream: process.stdout }),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  },
}
