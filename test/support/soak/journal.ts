/** What is done to the receiver, its engine, or a service. */
export type FaultKind =
  | 'kill'
  | 'stop'
  | 'engine'
  | 'alertmanager'
  | 'redeploy'
  | 'person'
  | 'conflict'
  | 'reload'
  | 'wrong-reload'

/** A fault, and from when until when it was under way, in ms since the epoch. */
export interface Deed {
  readonly kind: FaultKind
  /** The full name of the service that it was done to. Absent: it concerned all of them. */
  readonly service?: string
  readonly fromMs: number
  readonly toMs: number
}

/** How long after its end a fault still explains what it has set off, in ms. */
const aftermathMs = {
  // The engine starts all containers anew, and the receiver finds out by and by.
  engine: 30_000,
  kill: 10_000,
  stop: 10_000,
  alertmanager: 0,
  redeploy: 10_000,
  person: 10_000,
  conflict: 10_000,
  reload: 0,
  'wrong-reload': 5_000,
} as const satisfies Record<FaultKind, number>

/** Clocks and clients are a little apart. */
const leadMs = 1_000

/** Whether a fault of one of these kinds overlaps the time, with its aftermath. Of `service` alone, where one is named. */
export function explains(
  deeds: readonly Deed[],
  kinds: readonly FaultKind[],
  { fromMs, toMs, service }: { readonly fromMs: number; readonly toMs: number; readonly service?: string },
): boolean {
  return deeds.some(
    (deed) =>
      kinds.includes(deed.kind) &&
      (service === undefined || deed.service === undefined || deed.service === service) &&
      deed.fromMs - leadMs <= toMs &&
      deed.toMs + aftermathMs[deed.kind] >= fromMs,
  )
}
