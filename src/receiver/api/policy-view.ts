import type { Bounds } from '../../decide/bounds.ts'
import type { Amount } from '../../domain/amount.ts'
import { defined } from '../../domain/defined.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { DirectionPolicy, Policy } from '../../domain/policy.ts'
import { timeOf } from './answer.ts'
import type { Policy as PolicyAnswer, Window } from './schemas/policy.ts'

/** A policy in the terms of its labels. */
export function policyView({ min, max, targets, up, down, onRedeploy }: Policy): PolicyAnswer {
  return { min, max, targets: { ...targets }, up: directionView(up), down: directionView(down), onRedeploy }
}

export function windowView({ schedule, isOpen, nextChangeMs }: Bounds['windows'][number]): Window {
  const { name, start, end, timezone, min, max } = schedule
  return {
    name,
    start,
    ...(end.kind === 'cron' ? { end: end.cron } : { duration: formatDuration(end.durationMs) }),
    timezone,
    isOpen,
    ...defined({ min, max, nextChange: timeOf(nextChangeMs) }),
  }
}

function directionView({ step, maxStep, cooldownMs, stabilizationMs }: DirectionPolicy): PolicyAnswer['up'] {
  return {
    step: formatAmount(step),
    ...defined({
      maxStep: maxStep?.map(formatAmount).join(','),
      cooldown: cooldownMs === undefined ? undefined : formatDuration(cooldownMs),
    }),
    stabilization: formatDuration(stabilizationMs),
  }
}

function formatAmount({ unit, value }: Amount): string {
  return unit === 'percent' ? `${value}%` : String(value)
}
