import type { styleText } from 'node:util'
import type { Environment } from '../../config/load.ts'
import type { Clock } from '../../reconcile/ports.ts'
import type { Streams } from '../streams.ts'
import type { Answer, Request } from './request.ts'

export type Style = Parameters<typeof styleText>[0]

/** Where the lines of a command are shown. */
export interface Screen {
  /** How wide the terminal is, in columns. Absent: there is none, the lines go into a file or another program. */
  readonly columns: () => number | undefined
  /** Gives a text a colour, where colours are shown. */
  readonly paint: (style: Style, text: string) => string
  /** The time zone of whoever looks at it (IANA name). */
  readonly timeZone: string
}

/** Asks with `GET`, as `fetch` does. Rejects where there is no answer. */
export type Fetch = (address: string, request: Request) => Promise<Answer>

/** What commands need that ask a receiver. */
export interface AskPorts {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly screen: Screen
}

export interface AskContext {
  readonly environment: Environment
  readonly streams: Streams
  /** Resolves with the name of the signal that asks the process to end. */
  readonly untilAskedToStop: () => Promise<string>
  readonly ask: AskPorts
}
