import type { HistoryErrorCode } from '../history-error.ts'
import type { SqliteFile } from './sqlite-file.ts'

export type Name = 'write' | 'events' | 'services' | 'counts' | 'watches' | 'past' | 'prune' | 'close'
export type Argument<N extends Name> = Parameters<SqliteFile[N]>[0]
export type Value<N extends Name> = ReturnType<SqliteFile[N]>

/** A call for the thread. It times out at `untilMs`, in ms since the epoch. */
export interface Call {
  readonly id: number
  readonly untilMs: number
  readonly name: Name
  readonly argument: unknown
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: HistoryErrorCode; readonly message: string } }
