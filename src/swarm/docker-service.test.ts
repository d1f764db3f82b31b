import { describe, expect, it } from 'vitest'
import { PolicyCache } from '../policy/policy-cache.ts'
import { type DockerService, type DockerSpec, readService } from './docker-service.ts'

const optedIn = { 'autoscaler.enable': 'true', 'autoscaler.max': '9' }

function aRaw(spec: Partial<DockerSpec> = {}, rest: Partial<DockerService> = {}): DockerService {
  return {
    ID: 'id-of-web',
    Version: { Index: 7 },
    Spec: { Name: 'web', Labels: optedIn, Mode: { Replicated: { Replicas: 3 } }, ...spec },
    ...rest,
  } as DockerService
}

const read = (raw: DockerService, isAllowed?: boolean) => readService(raw, {}, new PolicyCache(), isAllowed)

type Limits = { readonly NanoCPUs?: number; readonly MemoryBytes?: number }
const withResources = (Limits?: Limits, Reservations?: Limits) =>
  aRaw({ TaskTemplate: { Resources: { Limits, Reservations } } } as Partial<DockerSpec>)

describe('a service', () => {
  it('of which the engine says no more than it must is read', () => {
    const { policy, ...service } = read(aRaw())
    expect(policy.kind).toBe('valid')
    expect(service).toStrictEqual({
      id: 'id-of-web',
      name: 'web',
      version: 7,
      mode: 'replicated',
      desiredReplicas: 3,
      state: {},
      cpuLimitCores: 1,
    })
  })

  it.each([
    ['replicated', { Replicated: { Replicas: 3 } }, 3],
    ['replicated', { Replicated: {} }, 0],
    ['global', { Global: {} }, 0],
    ['replicated-job', { ReplicatedJob: {} }, 0],
    ['global-job', { GlobalJob: {} }, 0],
    ['unknown', {}, 0],
    ['unknown', undefined, 0],
  ])('is %s where its mode is %j', (mode, Mode, desiredReplicas) => {
    expect(read(aRaw({ Mode } as Partial<DockerSpec>))).toMatchObject({ mode, desiredReplicas })
  })

  it('is told with its rollout, the time of its update and what it was before', () => {
    const before = {
      Name: 'web',
      Labels: { 'autoscaler.state.replicas': '5' },
      Mode: { Replicated: { Replicas: 5 } },
    }
    const raw = aRaw(
      {},
      { UpdatedAt: '2026-01-15T12:00:00.5Z', UpdateStatus: { State: 'updating' }, PreviousSpec: before },
    )
    expect(read(raw)).toMatchObject({
      rollout: 'updating',
      updatedAtMs: Date.UTC(2026, 0, 15, 12, 0, 0, 500),
      previous: { replicas: 5, state: { replicas: 5 } },
    })
  })

  it.each(['', 'yesterday'])('has no time of its update where that is %j', (UpdatedAt) => {
    expect(read(aRaw({}, { UpdatedAt }))).not.toHaveProperty('updatedAtMs')
  })
})

describe('the CPU limit', () => {
  it.each([
    ['is the limit', { NanoCPUs: 5e8 }, { NanoCPUs: 25e7 }, 0.5],
    ['else the reservation', { NanoCPUs: 0 }, { NanoCPUs: 25e7 }, 0.25],
    ['else the reservation, without any limits', undefined, { NanoCPUs: 25e7 }, 0.25],
    ['else one core', { NanoCPUs: 0 }, { NanoCPUs: 0 }, 1],
  ])('%s', (_, limits, reservations, cores) => {
    expect(read(withResources(limits, reservations)).cpuLimitCores).toBe(cores)
  })
})

describe('the memory limit', () => {
  it.each([
    ['is the limit', { MemoryBytes: 2e8 }, { MemoryBytes: 1e8 }, 2e8],
    ['else the reservation', { MemoryBytes: 0 }, { MemoryBytes: 1e8 }, 1e8],
    ['else the reservation, without any limits', undefined, { MemoryBytes: 1e8 }, 1e8],
    ['else none', { MemoryBytes: 0 }, { MemoryBytes: 0 }, undefined],
  ])('%s', (_, limits, reservations, bytes) => {
    expect(read(withResources(limits, reservations)).memoryLimitBytes).toBe(bytes)
  })

  it.each([
    [{ MemoryBytes: 2e8 }, 'valid'],
    [{}, 'invalid'],
  ])('of %j makes a target of memory %s', (limits, kind) => {
    const raw = withResources(limits)
    const Labels = { ...optedIn, 'autoscaler.target.memory': '80%' }
    expect(read({ ...raw, Spec: { ...raw.Spec, Labels } }).policy.kind).toBe(kind)
  })
})

describe('a service that this receiver may not scale', () => {
  it.each([
    ['opts in', optedIn, { kind: 'not_enabled', isExcluded: true }],
    [
      'opts in, with labels that are wrong',
      { 'autoscaler.enable': 'true' },
      { kind: 'not_enabled', isExcluded: true },
    ],
    ['does not opt in', {}, { kind: 'not_enabled' }],
    ['has no labels', null, { kind: 'not_enabled' }],
  ])('is left out where it %s', (_, Labels, policy) => {
    expect(read(aRaw({ Labels }), false).policy).toStrictEqual(policy)
  })
})
