/**
 * What can go wrong between the autoscaler and Swarm.
 * - `unreachable`: no answer from the engine. `timeout`: none in time; an update may have been applied.
 * - `not_manager`: the engine answers, but it is no Swarm manager. `denied`: it, or a proxy before it, forbids the call.
 * - `conflict`: the service changed between reading and writing; nothing was written.
 * - `not_found`: the service went away. `engine`: any other refusal. `stopping`: the autoscaler is shutting down.
 */
export type SwarmErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'not_manager'
  | 'denied'
  | 'conflict'
  | 'not_found'
  | 'engine'
  | 'stopping'

/** The one error that comes out of a `Swarm`. All of them pass: the same call may succeed later. */
export class SwarmError extends Error {
  override readonly name = 'SwarmError'
  readonly code: SwarmErrorCode

  constructor(code: SwarmErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** Whether a write may have been applied although its answer was lost. */
  get outcomeUnknown(): boolean {
    return this.code === 'timeout' || this.code === 'unreachable'
  }
}

/** Makes a `SwarmError` of whatever was thrown, so that nothing else leaves the loop. */
export function toSwarmError(thrown: unknown): SwarmError {
  if (thrown instanceof SwarmError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new SwarmError('engine', message, { cause: thrown })
}
