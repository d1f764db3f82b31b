/** How alerts ask for replicas of a service: one `to`; an up and a down, one of them at a time; or steps either way. */
type Manner = 'to' | 'pair' | 'step'

/** A service of the soak. */
export interface SoakService {
  readonly key: string
  /** Labels of the autoscaler without their prefix. */
  readonly labels: Readonly<Record<string, string>>
  readonly manner: Manner
  /** Most replicas that its alerts ask for. */
  readonly top: number
  /** Replicas that its stack file names. Absent: it names none. */
  readonly fileReplicas?: number
  /** What its last alert asks for, and the replicas that it must then have, whatever happened before. */
  readonly last: { readonly ask: number; readonly mustHave: number }
}

const calm = {
  'up.cooldown': '6s',
  'down.cooldown': '6s',
  'down.stabilization': '4s',
  'down.max-step': '100%',
}

/**
 * One service for each policy that behaves in its own way. No last number lies where an open window would move it; that of
 * `capped` lies above its max. What is paused, or a dry run, must have what its file says from the beginning to the end.
 */
export const soakServices: readonly SoakService[] = [
  {
    key: 'quick',
    labels: { max: '5', 'down.cooldown': '0s', 'down.stabilization': '0s', 'down.max-step': '100%' },
    manner: 'to',
    top: 5,
    last: { ask: 4, mustHave: 4 },
  },
  {
    key: 'calm',
    labels: { ...calm, max: '5' },
    manner: 'to',
    top: 5,
    last: { ask: 2, mustHave: 2 },
  },
  {
    key: 'pair',
    labels: {
      max: '5',
      'up.stabilization': '2s',
      'down.cooldown': '6s',
      'down.stabilization': '2s',
    },
    manner: 'pair',
    top: 5,
    last: { ask: 3, mustHave: 3 },
  },
  {
    key: 'steps',
    labels: { ...calm, max: '5', 'up.step': '2', 'down.stabilization': '0s' },
    manner: 'step',
    top: 5,
    last: { ask: 1, mustHave: 1 },
  },
  {
    key: 'percent',
    labels: { ...calm, max: '5', 'up.step': '50%', 'down.step': '50%', 'up.max-step': '2' },
    manner: 'step',
    top: 5,
    fileReplicas: 2,
    last: { ask: 5, mustHave: 5 },
  },
  {
    key: 'floor',
    labels: {
      ...calm,
      max: '5',
      'schedule.rush.start': '*/2 * * * *',
      'schedule.rush.duration': '1m',
      'schedule.rush.min': '3',
    },
    manner: 'to',
    top: 5,
    last: { ask: 4, mustHave: 4 },
  },
  {
    key: 'ceiling',
    labels: {
      ...calm,
      max: '5',
      'schedule.night.start': '1-59/2 * * * *',
      'schedule.night.end': '*/2 * * * *',
      'schedule.night.max': '2',
    },
    manner: 'to',
    top: 5,
    last: { ask: 2, mustHave: 2 },
  },
  {
    key: 'accepting',
    labels: { ...calm, max: '5', 'on-redeploy': 'accept' },
    manner: 'to',
    top: 5,
    fileReplicas: 3,
    last: { ask: 3, mustHave: 3 },
  },
  {
    key: 'capped',
    labels: { ...calm, max: '3' },
    manner: 'to',
    top: 6,
    last: { ask: 50, mustHave: 3 },
  },
  {
    key: 'paused',
    labels: { max: '5', pause: 'true' },
    manner: 'to',
    top: 5,
    fileReplicas: 2,
    last: { ask: 5, mustHave: 2 },
  },
  {
    key: 'dry',
    labels: { ...calm, max: '5', 'dry-run': 'true' },
    manner: 'to',
    top: 5,
    fileReplicas: 2,
    last: { ask: 5, mustHave: 2 },
  },
]

/** Whether the autoscaler may change the replicas of the service at all. */
export function isFree({ labels }: SoakService): boolean {
  return labels['pause'] === undefined && labels['dry-run'] === undefined
}
