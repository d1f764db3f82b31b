import type { Decision } from '../domain/decision.ts'
import type { Scale } from '../domain/direction.ts'
import type { Service } from '../domain/service.ts'
import type { Outcome } from '../reconcile/apply.ts'
import type { News } from '../reconcile/reconciler.ts'

/** What the receiver hands news to. Throws `SwarmError` where Swarm cannot be reached. */
export interface Loop {
  readonly receive: (service: string, news: readonly News[]) => Promise<Outcome>
}

/** Is told what the receiver hears and answers. Never throws. */
export interface ReceiverObserver {
  readonly heard: (scale: Scale | undefined, status: 'firing' | 'resolved') => void
  readonly decided: (service: Service | undefined, decision: Decision) => void
  /** An alert that could not be understood. `service` is what it names, however wrong. */
  readonly refused: (alert: { service: string; fingerprint: string; problem: string }) => void
  /** A request was answered. `route` is one of the routes, or empty where none fits. */
  readonly answered: (method: string, route: string, code: number, durationMs: number) => void
  /** A fault of the receiver's own. */
  readonly broke: (error: unknown) => void
}

/** All that the HTTP side needs from outside. */
export interface ReceiverDependencies {
  readonly loop: Loop
  readonly observer: ReceiverObserver
  /** Rejects with the reason while Docker cannot be reached or is no Swarm manager. */
  readonly checkReady: () => Promise<void>
  /** The formats of the metrics, as content types, the one for whoever has no wish first. */
  readonly metricsTypes: readonly string[]
  /** The metrics in one of these formats. */
  readonly expose: (contentType: string) => Promise<{ contentType: string; body: string }>
  /** Reads the policy file again. Answers what is wrong with it: then what was in force stays so. */
  readonly reload: () => readonly string[]
  /** Bearer tokens of which a caller of the webhook or of reload must show one. Empty: open to all. */
  readonly webhookTokens: readonly string[]
}
