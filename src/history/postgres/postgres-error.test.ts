import { expect, it } from 'vitest'
import { HistoryError } from '../history-error.ts'
import { postgresError } from './postgres-error.ts'

const address = 'postgres://me:s%40fe+ty@db.example:6432/history?sslmode=require'
const thrown = (fields: object, message = 'what it said') => Object.assign(new Error(message), fields)

it.each([
  ['disk_full', { code: '53100' }, 'full'],
  ['too_many_connections', { code: '53300' }, 'refused'],
  ['read_only_sql_transaction', { code: '25006' }, 'read_only'],
  ['query_canceled', { code: '57014' }, 'timeout'],
  ['lock_not_available', { code: '55P03' }, 'timeout'],
  ['deadlock_detected', { code: '40P01' }, 'timeout'],
  ['admin_shutdown', { code: '57P01' }, 'unreachable'],
  ['cannot_connect_now', { code: '57P03' }, 'unreachable'],
  ['connection_failure', { code: '08006' }, 'unreachable'],
  ['io_error', { code: '58030' }, 'unreachable'],
  ['internal_error', { code: 'XX000' }, 'unreachable'],
  ['data_corrupted', { code: 'XX001' }, 'damaged'],
  ['index_corrupted', { code: 'XX002' }, 'damaged'],
  ['invalid_password', { code: '28P01' }, 'refused'],
  ['invalid_catalog_name', { code: '3D000' }, 'refused'],
  ['insufficient_privilege', { code: '42501' }, 'refused'],
  ['undefined_table', { code: '42P01' }, 'refused'],
  ['untranslatable_character', { code: '22P05' }, 'store'],
  ['program_limit_exceeded', { code: '54000' }, 'store'],
  ['a refused connection', { code: 'ECONNREFUSED', syscall: 'connect' }, 'unreachable'],
  ['a name that cannot be looked up', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'unreachable'],
  ['a connection that took too long', { code: 'ETIMEDOUT', syscall: 'connect' }, 'timeout'],
  ['a certificate that nobody vouches for', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'refused'],
] as const)('names the server: %s', (_, fields, code) => {
  const error = postgresError(thrown(fields), address)
  expect(error).toMatchObject({ name: 'HistoryError', code })
  expect(error.message).toMatch(/^PostgreSQL at db\.example:6432\/history: what it said/)
})

it.each([
  ['timeout exceeded when trying to connect', 'timeout'],
  ['Connection terminated due to connection timeout', 'timeout'],
  ['Connection terminated unexpectedly', 'unreachable'],
  ['The server does not support SSL connections', 'refused'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'refused'],
  ["Cannot read properties of undefined (reading 'x')", 'store'],
] as const)('knows what the library says in words: %s', (message, code) => {
  expect(postgresError(new Error(message), address).code).toBe(code)
})

it('tells of each address of a host', () => {
  const both = new AggregateError([
    thrown({}, 'connect ECONNREFUSED ::1'),
    thrown({}, 'connect ECONNREFUSED 127.0.0.1'),
  ])
  expect(postgresError(both, address)).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('connect ECONNREFUSED ::1, connect ECONNREFUSED 127.0.0.1'),
  })
})

it('never tells the password, however it is written', () => {
  const words = 'cannot read s%40fe+ty, s@fe+ty'
  expect(postgresError(new Error(words), address).message).not.toMatch(/fe\+ty/)
  const inQuery = 'postgres:///history?host=/run&password=se-cret'
  expect(postgresError(new Error('odd: se-cret'), inQuery).message).not.toMatch(/se-cret/)
})

it('keeps the code of an error of the history', () => {
  expect(postgresError(new HistoryError('newer', 'it has version 9'), address)).toMatchObject({
    code: 'newer',
    message: expect.stringMatching(/it has version 9; run that version again/),
  })
})
