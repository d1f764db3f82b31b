import type { ActiveAlert, Demand } from '../../../src/domain/active-alert.ts'
import type { Policy } from '../../../src/domain/policy.ts'
import type { Schedule } from '../../../src/domain/schedule.ts'
import type { Service } from '../../../src/domain/service.ts'

/** A moment for tests to count from, in ms since the epoch. */
export const noon = Date.UTC(2026, 0, 15, 12)

/** A policy with the defaults of the public contract, bounds from 1 to 10. */
export function aPolicy(over: Partial<Policy> = {}): Policy {
  return {
    min: 1,
    max: 10,
    targets: { requests: 20 },
    up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0 },
    down: {
      step: { unit: 'replicas', value: 1 },
      maxStep: [{ unit: 'percent', value: 50 }],
      cooldownMs: 60_000,
      stabilizationMs: 150_000,
    },
    schedules: [],
    isDryRun: false,
    onRedeploy: 'restore',
    ...over,
  }
}

/** A service called `web` of 4 replicas, all running, that has opted in and was never scaled. */
export function aService(over: Partial<Omit<Service, 'policy'>> & { policy?: Policy } = {}): Service {
  const { policy = aPolicy(), ...rest } = over
  return {
    id: 'id-of-web',
    name: 'web',
    mode: 'replicated',
    desiredReplicas: 4,
    runningReplicas: 4,
    state: {},
    cpuLimitCores: 1,
    policy: { kind: 'valid', policy, warnings: [] },
    ...rest,
  }
}

/** An alert for `web` that has been active for an hour at noon. */
export function anActiveAlert(
  scale: ActiveAlert['scale'],
  demand: Demand | number,
  over: Partial<ActiveAlert> = {},
): ActiveAlert {
  return {
    fingerprint: `${scale}-${JSON.stringify(demand)}`,
    scale,
    demand: typeof demand === 'number' ? { kind: 'replicas', replicas: demand } : demand,
    startsAtMs: noon - 3_600_000,
    alertName: 'SwarmServiceNeedsReplicas',
    ...over,
  }
}

/** The demand of an alert with a `step` annotation. */
export function aStep(value: number, unit: 'replicas' | 'percent' = 'replicas'): Demand {
  return { kind: 'step', step: { unit, value } }
}

/** A window called `day`, open from noon for an hour each day, that asks for at least 2 replicas. */
export function aWindow(over: Partial<Schedule> = {}): Schedule {
  const end = { kind: 'duration', durationMs: 3_600_000 } as const
  return { name: 'day', start: '0 12 * * *', end, timezone: 'UTC', min: 2, ...over }
}
