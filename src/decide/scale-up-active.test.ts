import { expect, it } from 'vitest'
import { anActiveAlert } from '../../test/support/fakes/builders.ts'
import type { Decision } from '../domain/decision.ts'
import { decisionForDown } from './scale-up-active.ts'

const scaledBy = (scale: 'up' | 'down' | 'to', to: number): Decision => ({
  kind: 'scale',
  from: 4,
  to,
  reason: 'alert',
  needed: to,
  cause: anActiveAlert(scale, to),
})
const heldBy = (scale: 'up' | 'down' | 'to', needed: number): Decision => ({
  kind: 'hold',
  replicas: 4,
  reason: 'cooldown',
  needed,
  cause: anActiveAlert(scale, needed),
})
const upStands: Decision = { kind: 'hold', reason: 'scale_up_active', replicas: 4 }

it.each([
  ['an up that scales', scaledBy('up', 7)],
  ['an up that waits', heldBy('up', 7)],
  ['an up that asks for no more', heldBy('up', 4)],
  ['a `to` that scales up', scaledBy('to', 7)],
  ['a `to` that waits to go up', heldBy('to', 5)],
])('a down beside %s is answered that an up is active', (_, decision) => {
  expect(decisionForDown(decision)).toEqual(upStands)
})

const own: [string, Decision][] = [
  ['it decided', scaledBy('down', 2)],
  ['it waits', heldBy('down', 2)],
  ['a `to` goes down', scaledBy('to', 2)],
  ['a content `to` keeps it back', heldBy('to', 4)],
  ['the bounds were corrected', { kind: 'scale', from: 1, to: 3, reason: 'below_min' }],
  ['nothing is active', { kind: 'hold', replicas: 4, reason: 'no_alert' }],
  ['the service is refused', { kind: 'reject', reason: 'not_enabled' }],
]
it.each(own)('a down is told the decision itself where %s', (_, decision) => {
  expect(decisionForDown(decision)).toBe(decision)
})
