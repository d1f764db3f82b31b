import type { styleText } from 'node:util'
import type { Environment } from '../../config/load.ts'
import type { Clock } from '../../reconcile/ports.ts'
import type { Streams } from '../streams.ts'
import type { Answer, Request } from './request.ts'

export type Style = Parameters<typeof styleText>[0]

/** The terminal. */
export interface Screen {
  /** Its width in columns. Absent: there is no terminal; the output goes to a file or a pipe. */
  readonly columns: () => number | undefined
  /** Colours a text, if the terminal shows colours. */
  readonly paint: (style: Style, text: string) => string
  /** The user's time zone (IANA name). */
  readonly timeZone: string
}

/** Sends a `GET`, as `fetch` does. Rejects if there is no answer. */
export type Fetch = (address: string, request: Request) => Promise<Answer>

/** What the clients of a receiver need from outside. */
export interface ClientPorts {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly screen: Screen
}

export interface ClientContext {
  readonly environment: Environment
  readonly streams: Streams
  /** Resolves with the name of the process signal that asks to stop. */
  readonly untilAskedToStop: () => Promise<string>
  readonly client: ClientPorts
}
