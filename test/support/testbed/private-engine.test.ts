import { describe, expect, it } from 'vitest'
import type { Machine } from '../debian/machine.ts'
import { requirePrivateEngine } from './private-engine.ts'

const reason = 'no engine answers'
const swarm = 'install Docker (https://docs.docker.com/engine/install/) and run: docker swarm init'

/** A Debian with nothing but apt-get, as root. */
const debian: Machine = { platform: 'linux', isRoot: true, has: (program) => program === 'apt-get' }

describe('a private engine', () => {
  it('is possible for root on a minimal Debian', () => {
    expect(() => requirePrivateEngine(reason, debian)).not.toThrow()
  })

  it.each([
    ['elsewhere than on Linux', { platform: 'darwin' }, `needs Linux: ${swarm}`],
    ['without apt-get', { has: () => false }, `is made with Debian's apt-get: ${swarm}`],
    ['without root', { isRoot: false }, `needs root: run this again with sudo, or ${swarm}`],
  ])('is refused in one sentence that says what to do: %s', (_, difference, remedy) => {
    expect(() => requirePrivateEngine(reason, { ...debian, ...difference })).toThrow(
      `${reason}, and a private engine ${remedy}`,
    )
  })
})
