import { replicasOf } from '../domain/amount.ts'
import type { Direction } from '../domain/direction.ts'
import type { MaxStep } from '../domain/policy.ts'
import type { Limit } from '../domain/reason.ts'
import type { Bounds } from './bounds.ts'

/** A number of replicas after every limit, and the limit that cut it last, where one did. */
export interface Limited {
  readonly replicas: number
  readonly limitedBy?: Limit
}

/** Cuts `needed` by the largest step first, then by the bounds. */
export function limit(
  needed: number,
  replicas: number,
  direction: Direction,
  maxStep: MaxStep | undefined,
  { min, max }: Pick<Bounds, 'min' | 'max'>,
): Limited {
  const stepped = limitStep(needed, replicas, direction, maxStep)
  if (stepped.replicas > max) return { replicas: max, limitedBy: 'max_replicas' }
  if (stepped.replicas < min) return { replicas: min, limitedBy: 'min_replicas' }
  return stepped
}

function limitStep(
  needed: number,
  replicas: number,
  direction: Direction,
  maxStep: MaxStep | undefined,
): Limited {
  if (maxStep === undefined) return { replicas: needed }
  const most = Math.max(...maxStep.map((amount) => replicasOf(amount, replicas, direction)))
  if (Math.abs(needed - replicas) <= most) return { replicas: needed }
  return { replicas: direction === 'up' ? replicas + most : replicas - most, limitedBy: 'max_step' }
}
