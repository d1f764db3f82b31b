import { nearest } from '../text/nearest.ts'

/** Every label that a user may set, without the prefix. `<…>` is a name that the user chooses. */
export const labelKeys = [
  'enable',
  'min',
  'max',
  'target.cpu',
  'target.memory',
  'target.requests',
  'target.queue',
  'target.network',
  'target.latency',
  'target.errors',
  'up.step',
  'up.max-step',
  'up.cooldown',
  'up.stabilization',
  'down.step',
  'down.max-step',
  'down.cooldown',
  'down.stabilization',
  'schedule.<name>.start',
  'schedule.<name>.end',
  'schedule.<name>.duration',
  'schedule.<name>.timezone',
  'schedule.<name>.min',
  'schedule.<name>.max',
  'forecast',
  'forecast-only',
  'forecast-look-ahead',
  'pause',
  'dry-run',
  'on-redeploy',
  'cost',
] as const

/** The label that a mistyped key most likely means. Absent: none is close, and a wrong hint is worse than none. */
export function nearestKey(key: string): string | undefined {
  const name = /^schedule\.([^.]+)\./.exec(key)?.[1]
  const keys = labelKeys.map((known) => (name === undefined ? known : known.replace('<name>', name)))
  // The first part of the key may be missing: `cooldown` exists for up and down, and the first of them is the hint.
  return nearest(key, keys) ?? keys.find((known) => known.endsWith(`.${key}`))
}
