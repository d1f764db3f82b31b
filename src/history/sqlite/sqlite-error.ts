import { accessSync, constants, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { HistoryError, type HistoryErrorCode } from '../history-error.ts'

/** The primary result codes of SQLite that have a code of ours: https://sqlite.org/rescode.html. */
const codes: Readonly<Record<number, HistoryErrorCode>> = {
  3: 'read_only',
  5: 'timeout',
  6: 'timeout',
  8: 'read_only',
  11: 'damaged',
  13: 'full',
  // Faults of the entries themselves: too big, a constraint, a type, too many parameters.
  18: 'store',
  19: 'store',
  20: 'store',
  25: 'store',
  26: 'damaged',
}

/** The same for the file system. */
const systemCodes: Readonly<Record<string, HistoryErrorCode>> = {
  EACCES: 'read_only',
  EPERM: 'read_only',
  EROFS: 'read_only',
  EEXIST: 'read_only',
  ENOTDIR: 'read_only',
  ENOSPC: 'full',
  EDQUOT: 'full',
}

const remedies: Readonly<Partial<Record<HistoryErrorCode, string>>> = {
  full: 'free disk space, or keep less with AUTOSCALER_HISTORY_MAX_AGE and AUTOSCALER_HISTORY_MAX_ROWS',
  timeout: 'another program has locked it; stop that program',
  newer: 'run that version again, or start another history with AUTOSCALER_DATA_DIR',
}

/** Turns an error of the file at `path` into a `HistoryError` with the path and the remedy. */
export function sqliteError(thrown: unknown, path: string): HistoryError {
  if (thrown instanceof HistoryError && thrown.code !== 'newer') return thrown
  const code = thrown instanceof HistoryError ? thrown.code : codeOf(thrown, path)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const remedy = code === 'read_only' ? writableBy(path) : remedies[code]
  return new HistoryError(code, `${path}: ${message}${remedy === undefined ? '' : `; ${remedy}`}`, {
    cause: thrown,
  })
}

function writableBy(path: string): string {
  return `give user ${process.getuid?.() ?? ''} write access to the folder ${dirname(path)}, or set another AUTOSCALER_DATA_DIR`
}

function codeOf(thrown: unknown, path: string): HistoryErrorCode {
  const { code = '', errcode } = thrown as { code?: string; errcode?: number }
  if (errcode === undefined) return systemCodes[code] ?? 'store'
  // SQLite does not always pass on the error of the file system.
  return codes[errcode & 0xff] ?? stateOfFolder(dirname(path))
}

/** Why a file in the folder cannot be opened or written. */
function stateOfFolder(folder: string): HistoryErrorCode {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < 65_536 ? 'full' : 'unreachable'
  } catch {
    return 'read_only'
  }
}
