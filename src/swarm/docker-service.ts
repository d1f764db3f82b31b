import type Docker from 'dockerode'
import { defined } from '../domain/defined.ts'
import { type RolloutState, rolloutStates, type Service, type ServiceMode } from '../domain/service.ts'
import { mergeLabels } from '../policy/file-labels.ts'
import { type Labels, prefix } from '../policy/label-reader.ts'
import type { PolicyCache } from '../policy/policy-cache.ts'
import { readState } from '../policy/state-labels.ts'

/** The spec of a service: the fields that are read here. All other fields are written back unchanged. */
export interface DockerSpec {
  readonly Name: string
  readonly Labels?: Labels | null
  readonly Mode?: {
    readonly Replicated?: { readonly Replicas?: number }
    readonly Global?: object
    readonly ReplicatedJob?: object
    readonly GlobalJob?: object
  }
  readonly TaskTemplate?: Readonly<Record<string, unknown>> & {
    readonly Resources?: { readonly Limits?: Resources; readonly Reservations?: Resources }
  }
}

/** A service of the engine's API: the fields that are read here. The client's own types lack the newest ones. */
export type DockerService = Omit<Docker.Service, 'Spec' | 'PreviousSpec'> & {
  readonly ID: string
  readonly Version: { readonly Index: number }
  readonly UpdatedAt?: string
  readonly Spec: DockerSpec
  readonly PreviousSpec?: DockerSpec | null
  readonly UpdateStatus?: { readonly State?: string }
  readonly ServiceStatus?: { readonly RunningTasks?: number; readonly DesiredTasks?: number }
}

interface Resources {
  readonly NanoCPUs?: number
  readonly MemoryBytes?: number
}

/**
 * Reads a service of the engine. `fromFile`: its labels from the policy file, keys without the prefix. The state is read from
 * the service's own labels alone. `isAllowed`: whether this receiver may scale it.
 */
export function readService(
  raw: DockerService,
  fromFile: Labels,
  policies: PolicyCache,
  isAllowed = true,
): Service {
  const labels = raw.Spec.Labels ?? {}
  const { Limits: limits, Reservations: reservations } = raw.Spec.TaskTemplate?.Resources ?? {}
  // The engine writes 0 if nothing is set.
  const memoryLimitBytes = limits?.MemoryBytes || reservations?.MemoryBytes || undefined
  const rollout = readRollout(raw.UpdateStatus?.State)
  const runningReplicas = raw.ServiceStatus?.RunningTasks
  const updatedAtMs = readTime(raw.UpdatedAt)
  const previous = raw.PreviousSpec ?? undefined
  return {
    id: raw.ID,
    name: raw.Spec.Name,
    version: raw.Version.Index,
    mode: readMode(raw.Spec.Mode),
    desiredReplicas: readReplicas(raw.Spec),
    policy: isAllowed
      ? policies.read(raw.ID, mergeLabels(labels, fromFile), memoryLimitBytes !== undefined)
      : { kind: 'not_enabled', ...(optsIn(raw, fromFile) ? { isExcluded: true } : {}) },
    state: readState(labels),
    cpuLimitCores: (limits?.NanoCPUs || reservations?.NanoCPUs || 1e9) / 1e9,
    ...defined({
      runningReplicas,
      memoryLimitBytes,
      rollout,
      updatedAtMs,
      previous: previous && { replicas: readReplicas(previous), state: readState(previous.Labels ?? {}) },
    }),
  }
}

/** Whether it opts in, by its own labels or in the policy file, even if its policy is invalid. */
export function optsIn({ Spec }: DockerService, fromFile: Labels): boolean {
  return mergeLabels(Spec.Labels ?? {}, fromFile)[`${prefix}enable`] === 'true'
}

function readReplicas({ Mode }: DockerSpec): number {
  return Mode?.Replicated?.Replicas ?? 0
}

function readTime(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : ms
}

function readMode(mode: DockerSpec['Mode']): ServiceMode {
  if (mode?.Replicated !== undefined) return 'replicated'
  if (mode?.Global !== undefined) return 'global'
  if (mode?.ReplicatedJob !== undefined) return 'replicated-job'
  return mode?.GlobalJob === undefined ? 'unknown' : 'global-job'
}

function readRollout(state: string | undefined): RolloutState | undefined {
  return rolloutStates.find((known) => known === state)
}
