import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import type { Pause } from '../domain/pause.ts'
import type { Service } from '../domain/service.ts'
import { decide } from './decide.ts'

const up = anActiveAlert('up', 9)
const down = anActiveAlert('down', 2)

describe('a pause', () => {
  const rows: [string, Pause, Service['desiredReplicas'], (typeof up)[], object][] = [
    [
      'of ups holds an up',
      { directions: ['up'] },
      4,
      [up],
      { kind: 'hold', reason: 'paused', needed: 9, wouldBe: 9 },
    ],
    ['of ups lets a down go', { directions: ['up'] }, 4, [down], { kind: 'scale', to: 2 }],
    ['of downs holds a down', { directions: ['down'] }, 4, [down], { kind: 'hold', reason: 'paused' }],
    ['of downs lets an up go', { directions: ['down'] }, 4, [up], { kind: 'scale', to: 9 }],
    ['holds a correction up', { directions: ['up'] }, 1, [], { kind: 'hold', reason: 'paused' }],
    ['holds a correction down', { directions: ['down'] }, 11, [], { kind: 'hold', reason: 'paused' }],
    [
      'with an end holds until then',
      { directions: ['up'], untilMs: noon + 1 },
      4,
      [up],
      { reason: 'paused', untilMs: noon + 1 },
    ],
    ['that has ended holds nothing', { directions: ['up'], untilMs: noon }, 4, [up], { kind: 'scale' }],
    [
      'says nothing where nothing is due',
      { directions: ['up', 'down'] },
      4,
      [],
      { kind: 'hold', reason: 'no_alert' },
    ],
  ]
  it.each(rows)('%s', (_, pause, desiredReplicas, alerts, expected) => {
    const service = aService({ desiredReplicas, policy: aPolicy({ min: 2, pause }) })
    expect(decide({ service, alerts, nowMs: noon })).toMatchObject(expected)
  })
})

describe('a dry run', () => {
  const dry = aPolicy({ isDryRun: true })

  it('tells what it would have done', () => {
    const decision = decide({ service: aService({ policy: dry }), alerts: [up], nowMs: noon })
    expect(decision).toEqual({
      kind: 'hold',
      replicas: 4,
      reason: 'dry_run',
      needed: 9,
      wouldBe: 9,
      cause: up,
    })
    expect(
      decide({ service: aService({ policy: dry, desiredReplicas: 30 }), alerts: [], nowMs: noon }),
    ).toEqual({
      kind: 'hold',
      replicas: 30,
      reason: 'dry_run',
      wouldBe: 10,
    })
  })

  it('may be of the whole autoscaler', () => {
    const situation = { service: aService(), alerts: [up], nowMs: noon }
    expect(decide({ ...situation, isDryRun: true })).toMatchObject({ reason: 'dry_run', wouldBe: 9 })
    expect(decide({ ...situation, isDryRun: false })).toMatchObject({ kind: 'scale' })
  })

  it('is told only where nothing else would have stopped the change', () => {
    const paused = aService({ policy: { ...dry, pause: { directions: ['up'] } } })
    expect(decide({ service: paused, alerts: [up], nowMs: noon })).toMatchObject({ reason: 'paused' })
    const rolling = aService({ policy: dry, rollout: 'updating' })
    expect(decide({ service: rolling, alerts: [up], nowMs: noon })).toMatchObject({ reason: 'rollout' })
  })
})

it('a pause is told before a rollout', () => {
  const service = aService({ policy: aPolicy({ pause: { directions: ['up'] } }), rollout: 'updating' })
  expect(decide({ service, alerts: [up], nowMs: noon })).toMatchObject({ reason: 'paused' })
})
