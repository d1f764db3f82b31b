import { defined } from '../domain/defined.ts'
import type { ScalingState } from '../domain/service.ts'
import { type Labels, prefix } from './label-reader.ts'
import { instant, replicas as replicasFrom } from './label-values.ts'

/** The labels that the autoscaler writes itself begin so. */
export const statePrefix = `${prefix}state.`
const lastUp = `${statePrefix}last-up`
const lastDown = `${statePrefix}last-down`
const replicas = `${statePrefix}replicas`

/** Whether a key, without the prefix, is the autoscaler's own, one that a newer version wrote among them. */
export function isStateKey(key: string): boolean {
  return `${prefix}${key}`.startsWith(statePrefix)
}

/** What the autoscaler wrote of its last changes. A value that it cannot have written counts as never written. */
export function readState(labels: Labels): ScalingState {
  return defined({
    lastUpMs: readTime(labels[lastUp]),
    lastDownMs: readTime(labels[lastDown]),
    replicas: labels[replicas] === undefined ? undefined : replicasFrom(0).parse(labels[replicas]),
  })
}

/** The labels with the state in them, all others untouched. */
export function withState(labels: Labels, state: ScalingState): Labels {
  return {
    ...labels,
    ...defined({
      [lastUp]: writeTime(state.lastUpMs),
      [lastDown]: writeTime(state.lastDownMs),
      [replicas]: state.replicas?.toString(),
    }),
  }
}

function readTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : instant.parse(text)
}

function writeTime(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString()
}
