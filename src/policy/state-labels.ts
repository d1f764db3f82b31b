import { defined } from '../domain/defined.ts'
import type { ScalingState } from '../domain/service.ts'
import { type Labels, prefix } from './label-reader.ts'
import { instant, replicas as replicasFrom } from './label-values.ts'

/** The start of every label that the autoscaler writes itself. */
export const statePrefix = `${prefix}state.`
const lastUp = `${statePrefix}last-up`
const lastDown = `${statePrefix}last-down`
const replicas = `${statePrefix}replicas`

/** Whether a key, without the prefix, is one that the autoscaler writes itself, in this version or a newer one. */
export function isStateKey(key: string): boolean {
  return `${prefix}${key}`.startsWith(statePrefix)
}

/** The state in these labels. An invalid value counts as missing: the autoscaler has not written it. */
export function readState(labels: Labels): ScalingState {
  return defined({
    lastUpMs: readTime(labels[lastUp]),
    lastDownMs: readTime(labels[lastDown]),
    replicas: labels[replicas] === undefined ? undefined : replicasFrom(0).parse(labels[replicas]),
  })
}

/** The labels with this state; all other labels stay as they are. */
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
