import type { Environment } from '../../config/load.ts'
import type { Clock } from '../../reconcile/ports.ts'
import type { TableScreen } from '../../text/table.ts'
import type { Streams } from '../streams.ts'
import type { Answer, Request } from './request.ts'

/** The terminal. */
export interface Screen extends TableScreen {
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
