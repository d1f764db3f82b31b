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
  ['an engine that is in no swarm yet', answered(503, 'This node is not part of a swarm'), 'not_manager'],
  ['a refusal whose words name the swarm', answered(500, 'the swarm does not have a leader'), 'engine'],
  ['a proxy that asks who calls', answered(401, 'Unauthorized'), 'denied'],
  ['a proxy that forbids the path', answered(403, 'Forbidden'), 'denied'],
  ['a proxy that forbids the method', answered(405, 'Method Not Allowed'), 'denied'],
  ['a proxy without its engine', answered(502, 'Bad Gateway'), 'unreachable'],
  ['a proxy that is overloaded', answered(503, 'Service Unavailable'), 'unreachable'],
  ['a proxy whose engine does not answer', answered(504, 'Gateway Timeout'), 'unreachable'],
  ['any other refusal', answered(500, 'disk full'), 'engine'],
  ['a socket without permission', Object.assign(new Error('connect'), { code: 'EACCES' }), 'denied'],
  ['a socket that the kernel forbids', Object.assign(new Error('connect'), { code: 'EPERM' }), 'denied'],
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
  ['nothing at all', null, 'engine'],
  ['an answer without a message', { statusCode: 500 }, 'engine'],
])('%s', (_, thrown, code) => {
  const error = toDockerError(thrown, 'tcp://engine:2375')
  expect(error).toMatchObject({ name: 'SwarmError', code, cause: thrown })
  expect(error.message).toContain('tcp://engine:2375')
})

it.each([
  [answered(403, 'Forbidden'), / refuses access; let this user read the socket, .*: Forbidden$/],
  [
    answered(503, 'not a swarm manager'),
    / is not a Swarm manager; run on a manager, .*: not a swarm manager$/,
  ],
  [answered(504, 'Gateway Timeout'), / cannot be reached; see DOCKER_HOST: Gateway Timeout$/],
  [new DOMException('late', 'TimeoutError'), / did not answer in time: late$/],
  [answered(500, 'disk full'), /^Docker at tcp:\/\/engine:2375: disk full$/],
  ['broken', /: broken$/],
  [{ statusCode: 500 }, /: no message$/],
])('says what helps, and what Docker said: %s', (thrown, message) => {
  expect(toDockerError(thrown, 'tcp://engine:2375').message).toMatch(message)
})
