import { defined } from '../domain/defined.ts'
import type { ScalingState } from '../domain/service.ts'
import { type Labels, prefix } from './label-reader.ts'
import { instant } from './label-values.ts'

const lastUp = `${prefix}state.last-up`
const lastDown = `${prefix}state.last-down`

/** Whether a key, without the prefix, is the autoscaler's own, one that a newer version wrote among them. */
export function isStateKey(key: string): boolean {
  return key.startsWith('state.')
}

/** What the autoscaler wrote of its last changes. A value that is no time counts as never written. */
export function readState(labels: Labels): ScalingState {
  return defined({ lastUpMs: readTime(labels[lastUp]), lastDownMs: readTime(labels[lastDown]) })
}

/** The labels with the state in them, all others untouched. */
export function withState(labels: Labels, { lastUpMs, lastDownMs }: ScalingState): Labels {
  return { ...labels, ...defined({ [lastUp]: writeTime(lastUpMs), [lastDown]: writeTime(lastDownMs) }) }
}

function readTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : instant.parse(text)
}

function writeTime(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString()
}
