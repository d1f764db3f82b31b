import { defined } from '../domain/defined.ts'
import type { Direction } from '../domain/direction.ts'
import { formatDuration } from '../domain/duration.ts'
import {
  type DirectionPolicy,
  defaultDownCooldownMs,
  defaultDownMaxStep,
  defaultDownStabilizationMs,
  defaultMin,
  defaultStep,
  defaultUpStabilizationMs,
  type ParsedPolicy,
} from '../domain/policy.ts'
import { readForecast } from './forecast-labels.ts'
import { LabelReader, type Labels, prefix } from './label-reader.ts'
import * as value from './label-values.ts'
import { readSchedules } from './schedule-labels.ts'
import { isStateKey } from './state-labels.ts'

/** The shipped signals, with the kind of their targets. The target of any other signal is a plain number. */
const targetKinds: Readonly<Record<string, value.ValueKind<number>>> = {
  cpu: value.percent,
  memory: value.percent,
  requests: value.positiveNumber,
  queue: value.positiveNumber,
  network: value.bytes,
  latency: value.seconds,
  errors: value.percent,
}

/**
 * Parses a service's labels into its policy, strictly: an unknown key or an invalid value makes the whole policy invalid, and all
 * faults are reported at once. The labels of a service that has not opted in are not checked.
 *
 * `hasMemoryLimit`: whether the service has a memory limit or reservation; `target.memory` needs one.
 */
export function readPolicy(labels: Labels, hasMemoryLimit: boolean): ParsedPolicy {
  const reader = new LabelReader(labels)
  const enabled = reader.optional('enable', value.boolean)
  if (reader.faults.length === 0 && enabled !== true) return { kind: 'not_enabled' }

  const min = reader.optional('min', value.replicas(0)) ?? defaultMin
  const max = reader.required('max', value.replicas(1))
  const up = readDirection(reader, 'up')
  const down = readDirection(reader, 'down')
  const targets = readTargets(reader)
  const schedules = readSchedules(reader, { min, max })
  const forecast = readForecast(reader, { targets, upCooldownMs: up.cooldownMs })
  const pause = reader.optional('pause', value.pause)
  const isDryRun = reader.optional('dry-run', value.boolean) ?? false
  const onRedeploy = reader.optional('on-redeploy', value.onRedeploy) ?? 'restore'
  const costPerHour = reader.optional('cost', value.price)
  if (max !== undefined && min > max) {
    reader.refuse('min', `must not exceed ${prefix}max (${max})`)
  }
  if (targets['memory'] !== undefined && !hasMemoryLimit) {
    reader.refuse(
      'target.memory',
      'is a percentage of the memory limit or reservation, and the service has neither; set one in deploy.resources',
    )
  }
  reader.refuseUnread(isStateKey)

  const [first, ...others] = reader.faults
  if (first !== undefined) return { kind: 'invalid', faults: [first, ...others] }
  if (max === undefined) throw new Error('a missing maximum is a fault')
  return {
    kind: 'valid',
    warnings: reader.warnings,
    policy: {
      min,
      max,
      targets,
      up,
      down,
      schedules,
      isDryRun,
      onRedeploy,
      ...defined({ forecast, pause: pause ?? undefined, costPerHour }),
    },
  }
}

const directionDefaults = {
  up: { stabilizationMs: defaultUpStabilizationMs },
  down: {
    stabilizationMs: defaultDownStabilizationMs,
    cooldownMs: defaultDownCooldownMs,
    maxStep: defaultDownMaxStep,
  },
} as const satisfies Record<Direction, Partial<DirectionPolicy>>

/** The `group_interval` of the shipped Alertmanager configuration, in ms. */
const postIntervalMs = { up: 5_000, down: 30_000 } as const

function readDirection(reader: LabelReader, direction: Direction): DirectionPolicy {
  const maxStep = reader.optional(`${direction}.max-step`, value.maxStep)
  const cooldownMs = reader.optional(`${direction}.cooldown`, value.duration)
  if (cooldownMs !== undefined && cooldownMs > 0 && cooldownMs < postIntervalMs[direction]) {
    const interval = formatDuration(postIntervalMs[direction])
    reader.warn(
      `${direction}.cooldown`,
      `is shorter than the ${interval} between two posts of the shipped Alertmanager`,
    )
  }
  const stabilizationMs = reader.optional(`${direction}.stabilization`, value.duration)
  return {
    step: reader.optional(`${direction}.step`, value.step) ?? defaultStep,
    ...directionDefaults[direction],
    ...defined({ maxStep, cooldownMs, stabilizationMs }),
  }
}

function readTargets(reader: LabelReader): Readonly<Record<string, number>> {
  const targets: Record<string, number> = Object.create(null)
  for (const key of reader.keysUnder('target.')) {
    const signal = key.slice('target.'.length)
    if (!/^[a-z][a-z0-9_-]*$/.test(signal)) {
      reader.refuse(
        key,
        'is not the name of a signal; a name has lower-case letters, digits, - and _, and starts with a letter',
      )
      continue
    }
    if (signal === 'forecast') {
      reader.refuse(key, `is reserved: the forecast is a signal without a target; see ${prefix}forecast`)
      continue
    }
    const kind = Object.hasOwn(targetKinds, signal) ? targetKinds[signal] : undefined
    const target = reader.optional(key, kind ?? value.positiveNumber)
    if (target !== undefined) targets[signal] = target
  }
  return targets
}
