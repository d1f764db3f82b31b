import { SwarmError, type SwarmErrorCode } from '../reconcile/swarm-error.ts'

/** What an error of the Docker client may have: the status of an HTTP answer, or the code of a system error. */
interface DockerFailure {
  readonly message?: string
  readonly statusCode?: number
  readonly code?: string
  readonly name?: string
}

/**
 * Turns whatever the Docker client threw into a `SwarmError`. Only this function matches the engine's text, because a version
 * conflict and a node that is not a manager have no code.
 */
export function toDockerError(thrown: unknown, host: string): SwarmError {
  const failure: DockerFailure =
    typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  const code = codeOf(failure)
  return new SwarmError(code, `${explain(code, host)}: ${failure.message ?? 'no message'}`, { cause: thrown })
}

function codeOf({ statusCode, code, name, message = '' }: DockerFailure): SwarmErrorCode {
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout'
  if (code === 'EACCES' || code === 'EPERM') return 'denied'
  if (statusCode === undefined) return code === undefined ? 'engine' : 'unreachable'
  if (message.includes('update out of sequence')) return 'conflict'
  if (statusCode === 404) return 'not_found'
  // 405: a proxy that does not allow the method.
  if (statusCode === 401 || statusCode === 403 || statusCode === 405) return 'denied'
  if (statusCode === 503 && /swarm/i.test(message)) return 'not_manager'
  // A proxy in front of the engine answers this while the engine itself does not.
  if (statusCode === 502 || statusCode === 503 || statusCode === 504) return 'unreachable'
  return 'engine'
}

/** What is wrong, and what to do. */
function explain(code: SwarmErrorCode, host: string): string {
  switch (code) {
    case 'timeout':
      return `Docker at ${host} did not answer in time`
    case 'denied':
      return `Docker at ${host} refuses access; let this user read the socket, or let the proxy allow the call`
    case 'not_manager':
      return `Docker at ${host} is not a Swarm manager; run on a manager, or point DOCKER_HOST to one`
    case 'unreachable':
      return `Docker at ${host} cannot be reached; see DOCKER_HOST`
    default:
      return `Docker at ${host}`
  }
}
