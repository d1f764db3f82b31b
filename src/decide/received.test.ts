import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import type { Received } from '../domain/active-alert.ts'
import { decide } from './decide.ts'

const ago = (seconds: number, replicas: number): Received => ({ atMs: noon - seconds * 1_000, replicas })
const patientUp = aPolicy({ up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 60_000 } })
const at = (policy: ReturnType<typeof aPolicy>, alert: ReturnType<typeof anActiveAlert>, lastUpMs?: number) =>
  decide({
    service: aService({ policy, desiredReplicas: 8, state: lastUpMs === undefined ? {} : { lastUpMs } }),
    alerts: [alert],
    nowMs: noon,
  })

describe('a down goes to the largest number that it asked for within its window (150 s)', () => {
  const rows: [string, Received[], number][] = [
    ['the largest in the window', [ago(140, 4), ago(100, 6.2), ago(10, 5)], 7],
    ['a larger one from before the window is over', [ago(400, 7), ago(150, 5)], 5],
    [
      'one from before that still stood 1 ms into it counts',
      [ago(400, 7), { atMs: noon - 149_999, replicas: 5 }],
      7,
    ],
    ['the latest where that is all', [ago(400, 5)], 5],
  ]
  it.each(rows)('%s', (_, received, to) => {
    const latest = received.at(-1)?.replicas ?? 0
    expect(at(aPolicy(), anActiveAlert('down', latest, { received }))).toMatchObject({ kind: 'scale', to })
  })

  it('holds while the largest asks for no change, until that leaves the window', () => {
    const alert = anActiveAlert('down', 2, { received: [ago(100, 8), ago(10, 2)] })
    expect(at(aPolicy(), alert)).toMatchObject({
      kind: 'hold',
      reason: 'stabilizing',
      needed: 8,
      untilMs: noon + 140_000,
    })
    const service = aService({ desiredReplicas: 8 })
    expect(decide({ service, alerts: [alert], nowMs: noon + 139_999 })).toMatchObject({ kind: 'hold' })
    expect(decide({ service, alerts: [alert], nowMs: noon + 140_000 })).toMatchObject({
      kind: 'scale',
      to: 4,
    })
  })

  it('is content where the newest asks for no change either', () => {
    const alert = anActiveAlert('down', 8, { received: [ago(100, 2), ago(10, 8)] })
    expect(at(aPolicy(), alert)).toMatchObject({ kind: 'hold', reason: 'at_target' })
  })

  it('counts nothing from before the last up: it says nothing about the new size', () => {
    const policy = aPolicy({
      down: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 150_000, cooldownMs: 0 },
    })
    const received = [ago(170, 7), ago(150, 3)]
    expect(at(policy, anActiveAlert('down', 3, { received }), noon - 150_000)).toMatchObject({
      kind: 'scale',
      to: 3,
    })
  })
})

describe('an up goes to the smallest number that it asked for within its window (60 s)', () => {
  it.each([
    ['the smallest in the window', [ago(50, 12), ago(30, 9.5), ago(5, 20)], 10],
    ['a smaller one from before the window is over', [ago(90, 9), ago(60, 20)], 10],
  ])('%s', (_, received, to) => {
    const latest = received.at(-1)?.replicas ?? 0
    expect(at({ ...patientUp, max: to }, anActiveAlert('up', latest, { received }))).toMatchObject({
      kind: 'scale',
      to,
    })
  })

  it('holds while the smallest asks for no change, until that leaves the window', () => {
    expect(at(patientUp, anActiveAlert('up', 20, { received: [ago(50, 8), ago(5, 20)] }))).toMatchObject({
      reason: 'stabilizing',
      untilMs: noon + 55_000,
    })
    expect(at(patientUp, anActiveAlert('up', 8, { received: [ago(50, 20), ago(5, 8)] }))).toMatchObject({
      reason: 'at_target',
    })
  })

  it('goes to the latest without a window', () => {
    expect(at(aPolicy(), anActiveAlert('up', 10, { received: [ago(50, 9), ago(0, 10)] }))).toMatchObject({
      to: 10,
    })
  })
})

describe('the end of a hold', () => {
  it('is not told where no number can leave a window', () => {
    expect(at(aPolicy(), anActiveAlert('down', 8, { received: [ago(100, 8)] }))).not.toHaveProperty('untilMs')
  })

  it('is no part of a change', () => {
    expect(
      at(aPolicy(), anActiveAlert('down', 5, { received: [ago(100, 6), ago(10, 5)] })),
    ).not.toHaveProperty('untilMs')
  })
})

it('of several alerts one that is content now keeps the word of a wait away from a down, and not from an up', () => {
  const service = aService({ desiredReplicas: 8 })
  const waiting = anActiveAlert('down', 2, { received: [ago(100, 8), ago(10, 2)] })
  const content = anActiveAlert('down', 8, { received: [ago(100, 8)] })
  expect(decide({ service, alerts: [waiting, content], nowMs: noon })).toMatchObject({
    reason: 'at_target',
  })
  const patient = aService({ desiredReplicas: 8, policy: patientUp })
  const rising = anActiveAlert('up', 20, { received: [ago(50, 8), ago(5, 20)] })
  const level = anActiveAlert('up', 8, { received: [ago(100, 8)] })
  expect(decide({ service: patient, alerts: [rising, level], nowMs: noon })).toMatchObject({
    reason: 'stabilizing',
  })
})
