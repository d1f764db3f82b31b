export const directions = ['up', 'down'] as const
/** Which way the number of replicas goes. */
export type Direction = (typeof directions)[number]

/** What an alert's `scale` label may say: `up` never lowers, `down` never raises, `to` goes either way. */
export const scales = ['up', 'down', 'to'] as const
export type Scale = (typeof scales)[number]
