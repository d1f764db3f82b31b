import { expect, it } from 'vitest'
import { toDockerError } from './docker-error.ts'

const answered = (statusCode: number, message = '') => Object.assign(new Error(message), { statusCode })

it.each([
  [
    'a version conflict, which the engine answers with 500',
    answered(500, 'rpc error: update out of sequence'),
    'conflict',
  ],
  ['a service that went away', answered(404, 'service x not found'), 'not_found'],
  ['a worker node', answered(503, 'This node is not a swarm manager.'), 'not_manager'],
  ['a proxy that forbids the path', answered(403, 'Forbidden'), 'denied'],
  ['a proxy that forbids the method', answered(405, 'Method Not Allowed'), 'denied'],
  ['a proxy without its engine', answered(502, 'Bad Gateway'), 'unreachable'],
  ['any other refusal', answered(500, 'disk full'), 'engine'],
  ['a socket without permission', Object.assign(new Error('connect'), { code: 'EACCES' }), 'denied'],
  ['a socket that is not there', Object.assign(new Error('connect'), { code: 'ENOENT' }), 'unreachable'],
  ['a connection refused', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'unreachable'],
  ['no answer in time', new DOMException('aborted', 'TimeoutError'), 'timeout'],
  [
    'a call given up',
    Object.assign(new Error('aborted'), { name: 'AbortError', code: 'ABORT_ERR' }),
    'timeout',
  ],
  ['an answer that is none of the Docker API', new Error('no list of services'), 'engine'],
  ['something that is no error at all', 'broken', 'engine'],
])('%s', (_, thrown, code) => {
  const error = toDockerError(thrown, 'tcp://engine:2375')
  expect(error).toMatchObject({ name: 'SwarmError', code, cause: thrown })
  expect(error.message).toContain('tcp://engine:2375')
})
