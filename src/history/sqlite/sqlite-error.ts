import { accessSync, constants, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { HistoryError, type HistoryErrorCode } from '../history-error.ts'

/** The primary result codes of SQLite that tell more than that something is wrong: https://sqlite.org/rescode.html. */
const codes: Readonly<Record<number, HistoryErrorCode>> = {
  3: 'read_only',
  5: 'timeout',
  6: 'timeout',
  8: 'read_only',
  11: 'damaged',
  13: 'full',
  // What lies in the entries themselves: too big, a constraint, a type, too many parameters.
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
  full: 'make room on its disk, or keep less with AUTOSCALER_HISTORY_MAX_AGE and AUTOSCALER_HISTORY_MAX_ROWS',
  timeout: 'another program holds it locked: let that end',
  newer: 'run that version again, or begin another history with AUTOSCALER_DATA_DIR',
}

/** Makes a `HistoryError` of what the file at `path` threw: with its name, and what helps. */
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
  return `let user ${process.getuid?.() ?? ''} write to the folder ${dirname(path)}, or name another one with AUTOSCALER_DATA_DIR`
}

function codeOf(thrown: unknown, path: string): HistoryErrorCode {
  const { code = '', errcode } = thrown as { code?: string; errcode?: number }
  if (errcode === undefined) return systemCodes[code] ?? 'store'
  // SQLite does not always say what the file system said.
  return codes[errcode & 0xff] ?? stateOfFolder(dirname(path))
}

/** Why a file of the folder can be neither opened nor written. */
function stateOfFolder(folder: string): HistoryErrorCode {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < 65_536 ? 'full' : 'unreachable'
  } catch {
    return 'read_only'
  }
}
