import { styleText } from 'node:util'
import { systemClock } from '../../reconcile/system-clock.ts'
import type { AskPorts } from './ports.ts'
import { request } from './request.ts'

/** What a terminal has that does not say how wide it is. */
const usualColumns = 80

/** The real things: the network, the time, and the terminal of this process. */
export const askPorts: AskPorts = {
  fetch: (address, asked) => (asked.tls === undefined ? fetch(address, asked) : request(address, asked)),
  clock: systemClock,
  screen: {
    columns: () => (process.stdout.isTTY ? process.stdout.columns || usualColumns : undefined),
    paint: (style, text) => styleText(style, text, { stream: process.stdout }),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  },
}
