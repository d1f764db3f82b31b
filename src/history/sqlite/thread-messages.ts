import type { HistoryErrorCode } from '../history-error.ts'
import type { SqliteFile } from './sqlite-file.ts'

export type Name = 'write' | 'events' | 'services' | 'counts' | 'watches' | 'past' | 'prune' | 'close'
export type Argument<N extends Name> = Parameters<SqliteFile[N]>[0]
export type Value<N extends Name> = ReturnType<SqliteFile[N]>

/** What the thread is to do. Later than `untilMs` (ms since the epoch) nobody waits for it any more. */
export interface Call {
  readonly id: number
  readonly untilMs: number
  readonly name: Name
  readonly argument: unknown
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: HistoryErrorCode; readonly message: string } }
