import { expect, it } from 'vitest'
import { HistoryError } from '../history-error.ts'
import { sqliteError } from './sqlite-error.ts'

const path = '/tmp/history.db'
const thrown = (fields: object) => Object.assign(new Error('what it said'), fields)

it.each([
  ['SQLITE_FULL', { errcode: 13 }, 'full', /free disk space/],
  ['SQLITE_BUSY', { errcode: 5 }, 'timeout', /another program/],
  ['SQLITE_BUSY_SNAPSHOT', { errcode: 517 }, 'timeout', /another program/],
  ['SQLITE_READONLY', { errcode: 8 }, 'read_only', /give user \d+ write access to the folder \/tmp/],
  ['SQLITE_READONLY_DIRECTORY', { errcode: 1544 }, 'read_only', /AUTOSCALER_DATA_DIR/],
  ['SQLITE_CORRUPT', { errcode: 11 }, 'damaged', /what it said/],
  ['SQLITE_NOTADB', { errcode: 26 }, 'damaged', /what it said/],
  ['SQLITE_IOERR_WRITE on a disk that can be written', { errcode: 778 }, 'unreachable', /what it said/],
  ['SQLITE_ERROR, such as a table that is gone', { errcode: 1 }, 'unreachable', /what it said/],
  ['SQLITE_CONSTRAINT', { errcode: 3091 }, 'store', /what it said/],
  ['SQLITE_TOOBIG', { errcode: 18 }, 'store', /what it said/],
  ['a folder that may not be made', { code: 'EACCES' }, 'read_only', /AUTOSCALER_DATA_DIR/],
  ['a file where a folder should be', { code: 'ENOTDIR' }, 'read_only', /AUTOSCALER_DATA_DIR/],
  ['a folder on a disk that may only be read', { code: 'EROFS' }, 'read_only', /AUTOSCALER_DATA_DIR/],
  ['no room for the folder', { code: 'ENOSPC' }, 'full', /free disk space/],
  ['a value that cannot be bound', { code: 'ERR_INVALID_ARG_TYPE' }, 'store', /what it said/],
] as const)('names the file, and what helps: %s', (_, fields, code, words) => {
  const error = sqliteError(thrown(fields), path)
  expect(error).toMatchObject({ name: 'HistoryError', code })
  expect(error.message).toMatch(/^\/tmp\/history\.db: what it said/)
  expect(error.message).toMatch(words)
})

it('takes a folder that is gone for one that may not be written', () => {
  expect(sqliteError(thrown({ errcode: 14 }), '/nowhere/history.db').code).toBe('read_only')
})

it('adds to a newer version what helps, and leaves other errors of the history alone', () => {
  expect(sqliteError(new HistoryError('newer', 'it has version 9'), path).message).toBe(
    '/tmp/history.db: it has version 9; run that version again, or start another history with AUTOSCALER_DATA_DIR',
  )
  const timeout = new HistoryError('timeout', 'late')
  expect(sqliteError(timeout, path)).toBe(timeout)
})
