import { describe, expect, it } from 'vitest'
import type { Machine } from './machine.ts'
import { requirePrograms } from './packages.ts'

const minimal: Machine = { platform: 'linux', isRoot: true, has: (program) => program === 'apt-get' }

describe('programs that are missing', () => {
  it('are no obstacle for root with apt-get', () => {
    expect(() => requirePrograms(['ip', 'iptables'], minimal)).not.toThrow()
  })

  it('are no obstacle if they are there after all', () => {
    expect(() => requirePrograms(['ip'], { ...minimal, isRoot: false, has: () => true })).not.toThrow()
  })

  it.each([
    [
      'without root',
      { isRoot: false },
      "ip, iptables missing: run 'sudo apt-get install -y iproute2 iptables'",
    ],
    [
      'without apt-get',
      { has: () => false },
      'ip, iptables missing, and there is no apt-get: install iproute2 iptables by hand',
    ],
  ])('are reported with the command that brings them: %s', (_, difference, message) => {
    expect(() => requirePrograms(['ip', 'iptables'], { ...minimal, ...difference })).toThrow(message)
  })
})
