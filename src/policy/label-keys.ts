import { nearest } from '../text/nearest.ts'

/** Every label that a user may write, without the prefix; `<…>` stands for a name of the user's. */
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

/** The label that a mistyped key most likely means. Absent where none is near: a wrong hint is worse than none. */
export function nearestKey(key: string): string | undefined {
  const name = /^schedule\.([^.]+)\./.exec(key)?.[1]
  const keys = labelKeys.map((known) => (name === undefined ? known : known.replace('<name>', name)))
  // A key whose first part is missing: `cooldown` is both ways, and the first of them a hint.
  return nearest(key, keys) ?? keys.find((known) => known.endsWith(`.${key}`))
}
