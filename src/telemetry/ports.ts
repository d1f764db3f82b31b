/** Which traces are sent. */
export interface TraceSettings {
  /** The fraction of the traces that begin here, from 0 to 1. */
  readonly fraction: number
  /** Whether a trace that began elsewhere is sent exactly if its caller samples it. */
  readonly followsCaller: boolean
}
