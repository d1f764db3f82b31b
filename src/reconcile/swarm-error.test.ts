import { describe, expect, it } from 'vitest'
import { SwarmError, type SwarmErrorCode, toSwarmError } from './swarm-error.ts'

describe('an error of Swarm', () => {
  it.each<[SwarmErrorCode, boolean]>([
    ['timeout', true],
    ['unreachable', true],
    ['conflict', false],
    ['denied', false],
    ['not_manager', false],
    ['not_found', false],
    ['engine', false],
    ['stopping', false],
  ])('of code %s leaves open whether a write was applied: %s', (code, outcomeUnknown) => {
    expect(new SwarmError(code, 'why')).toMatchObject({ name: 'SwarmError', code, outcomeUnknown })
  })

  it('is made of whatever was thrown, with its message and cause', () => {
    const known = new SwarmError('denied', 'no')
    expect(toSwarmError(known)).toBe(known)
    const thrown = new TypeError('no such field')
    expect(toSwarmError(thrown)).toMatchObject({ code: 'engine', message: 'no such field', cause: thrown })
    expect(toSwarmError('text')).toMatchObject({ code: 'engine', message: 'text', cause: 'text' })
  })
})
