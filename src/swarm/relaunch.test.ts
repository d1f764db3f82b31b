import { describe, expect, it } from 'vitest'
import { type RolloutState, rolloutStates, type ScalingState } from '../domain/service.ts'
import type { DockerService, DockerSpec } from './docker-service.ts'
import { specAgain, specBefore, withSize } from './relaunch.ts'

const at = Date.UTC(2026, 0, 15, 11)
const stamp = '2026-01-15T11:00:00.000Z'
const marker = 'autoscaler.state.relaunch'
const state: ScalingState = { lastUpMs: at, replicas: 6 }
const stateLabels = { 'autoscaler.state.last-up': stamp, 'autoscaler.state.replicas': '6' }

/** A spec as the engine has it, with fields that nothing here reads. */
function aSpec(image: string, replicas: number, labels: Record<string, string> = {}) {
  return {
    Name: 'web',
    Labels: { 'autoscaler.enable': 'true', team: 'shop', ...labels },
    TaskTemplate: { ContainerSpec: { Image: image, Env: ['A=1'] }, ForceUpdate: 0 },
    Mode: { Replicated: { Replicas: replicas } },
    UpdateConfig: { Parallelism: 2, FailureAction: 'rollback' },
    RollbackConfig: { Parallelism: 1 },
    EndpointSpec: { Mode: 'vip' },
  }
}

const old = aSpec('web:1', 6, { ...stateLabels, 'autoscaler.max': '10' })
const redeployed = aSpec('web:2', 1, { 'autoscaler.max': '8' })

function raw(Spec: DockerSpec, PreviousSpec?: DockerSpec | null): DockerService {
  return {
    ID: 'id',
    Version: { Index: 1 },
    Spec,
    ...(PreviousSpec === undefined ? {} : { PreviousSpec }),
  } as DockerService
}

/** The service after the first update, as the engine has it: what was the spec is the one before now. */
function halfDone(): DockerService {
  const before = specBefore(raw(redeployed, old), 6, state)
  if (before === undefined) throw new Error('there is a spec to go back to')
  return raw(before, redeployed)
}

describe('the size of a spec', () => {
  it('is all that changes, with the state', () => {
    expect(withSize(redeployed, 6, state)).toStrictEqual({
      ...redeployed,
      Labels: { ...redeployed.Labels, ...stateLabels },
      Mode: { Replicated: { Replicas: 6 } },
    })
  })

  it('leaves the spec that was read as it is', () => {
    const kept = structuredClone(redeployed)
    withSize(redeployed, 6, state)
    expect(redeployed).toStrictEqual(kept)
  })

  it('leaves no mark, whatever it says', () => {
    expect(withSize(aSpec('web:1', 6, { [marker]: 'of old' }), 6, {}).Labels).toStrictEqual(
      aSpec('web:1', 6).Labels,
    )
  })

  it.each([
    ['no labels', { Name: 'web' }],
    ['null for labels', { Name: 'web', Labels: null }],
  ])('goes with %s as well', (_, spec) => {
    expect(withSize(spec, 2, { replicas: 2 })).toStrictEqual({
      Name: 'web',
      Labels: { 'autoscaler.state.replicas': '2' },
      Mode: { Replicated: { Replicas: 2 } },
    })
  })
})

describe('the spec before a redeploy', () => {
  it('comes back at this size, with this state and a mark, and all else of it untouched', () => {
    expect(specBefore(raw(redeployed, old), 5, { ...state, replicas: 5 })).toStrictEqual({
      ...old,
      Labels: {
        ...old.Labels,
        'autoscaler.state.replicas': '5',
        [marker]: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
      Mode: { Replicated: { Replicas: 5 } },
    })
  })

  it('has another mark for another redeploy', () => {
    const markOf = (spec: DockerSpec) => specBefore(raw(spec, old), 6, state)?.Labels?.[marker]
    expect(markOf(redeployed)).toBe(markOf(structuredClone(redeployed)))
    expect(markOf(redeployed)).not.toBe(markOf(aSpec('web:3', 1)))
  })

  it('comes back where the published ports alone are others: that is a rollout as well', () => {
    const ports = (PublishedPort: number) => ({
      EndpointSpec: { Ports: [{ TargetPort: 80, PublishedPort }] },
    })
    const before = { ...old, ...ports(80) }
    const service = raw({ ...aSpec('web:1', 1), ...ports(81) }, before)
    expect(specBefore(service, 6, state)).toMatchObject(ports(80))
    expect(specBefore(raw({ ...aSpec('web:1', 1), ...ports(80) }, before), 6, state)).toBeUndefined()
  })

  const rows: [string, DockerService][] = [
    ['there is none', raw(redeployed)],
    ['the engine writes null for none', raw(redeployed, null)],
    ['its tasks are the same', raw(aSpec('web:1', 1), old)],
    ['it was never scaled', raw(redeployed, aSpec('web:1', 4))],
    ['it has no labels at all', raw(redeployed, { ...old, Labels: null })],
    [
      'it tells no number that it was scaled to',
      raw(redeployed, aSpec('web:1', 6, { 'autoscaler.state.last-up': stamp })),
    ],
    ['its number means nothing', raw(redeployed, aSpec('web:1', 6, { 'autoscaler.state.replicas': 'many' }))],
  ]
  it.each(rows)('is nothing to go back to where %s', (_, service) => {
    expect(specBefore(service, 6, state)).toBeUndefined()
  })
})

describe('the redeployed spec', () => {
  it('comes again at the size of the spec before, with its state, without the mark, all else untouched', () => {
    expect(specAgain(halfDone())).toStrictEqual({
      ...redeployed,
      Labels: { ...redeployed.Labels, ...stateLabels },
      Mode: { Replicated: { Replicas: 6 } },
    })
  })

  it('comes again when the answers of the engine have been parsed anew', () => {
    expect(specAgain(JSON.parse(JSON.stringify(halfDone())))).toBeDefined()
  })

  it('keeps the credentials, configs and whatever else was not read', () => {
    const spec = { ...redeployed, FieldOfANewerVersion: { a: [1] } }
    const before = specBefore(raw(spec, old), 6, state) ?? old
    expect(specAgain(raw(before, spec))).toMatchObject({ FieldOfANewerVersion: { a: [1] } })
  })

  const { Spec: marked } = halfDone()
  const again = specAgain(halfDone()) ?? redeployed
  const rows: [string, DockerService][] = [
    ['nothing is half done', raw(redeployed, old)],
    ['there is no spec at all before', raw(old)],
    ['the second update was made', raw(again, marked)],
    ['Swarm has rolled back, and knows no spec before', raw(marked)],
    ['Swarm has rolled back, and writes null for the spec before', raw(marked, null)],
    ['a person has rolled back what was restarted', raw(marked, again)],
    ['somebody else has updated the service in between', raw({ ...marked, TaskTemplate: {} }, marked)],
    ['somebody has scaled it in between', raw(withMark(marked, 9), marked)],
    ['the mark is of another redeploy', raw(marked, aSpec('web:3', 1))],
    ['the labels are gone', raw({ ...marked, Labels: null }, redeployed)],
  ]
  it.each(rows)('does not come again where %s', (_, service) => {
    expect(specAgain(service)).toBeUndefined()
  })

  const isTakenBack = (state: RolloutState) => state.startsWith('rollback_')
  const under = (State: RolloutState) => specAgain({ ...halfDone(), UpdateStatus: { State } })
  it.each(rolloutStates.filter(isTakenBack))('does not come again where it was taken back: %s', (rollout) => {
    expect(under(rollout)).toBeUndefined()
  })
  it.each(rolloutStates.filter((state) => !isTakenBack(state)))(
    'comes again while its rollout is %s',
    (rollout) => {
      expect(under(rollout)).toBeDefined()
    },
  )
})

/** As `docker service scale` does: another number, and every label left as it is. */
function withMark(spec: DockerSpec, replicas: number): DockerSpec {
  return { ...spec, Mode: { Replicated: { Replicas: replicas } } }
}
