import type { RequestHandler } from 'express'
import type { CostQuery, ServiceCost } from '../domain/cost.ts'
import type { Decision } from '../domain/decision.ts'
import type { Scale } from '../domain/direction.ts'
import type { EventAlert, EventKind, HistoryEvent } from '../domain/event.ts'
import type { RejectReason } from '../domain/reason.ts'
import type { ReplicaCount } from '../domain/replica-count.ts'
import type { Service } from '../domain/service.ts'
import type { Outcome } from '../reconcile/apply.ts'
import type { AlertUpdate } from '../reconcile/reconciler.ts'
import type { ServiceDetails } from '../reconcile/service-loop.ts'
import type { ServiceStatus } from '../reconcile/status-store.ts'

/** What the receiver hands news to. Throws `SwarmError` where Swarm cannot be reached. */
export interface Loop {
  readonly receive: (service: string, news: readonly AlertUpdate[]) => Promise<Outcome>
  /** The same, where nobody waits for what comes of it. AlertUpdate of a service that was never seen is not kept. */
  readonly hear: (service: string, news: readonly AlertUpdate[]) => void
}

/** How the services stand, as the loop saw them last. */
export interface ServiceViews {
  /** Of every service that speaks of the autoscaler, by name. */
  readonly statuses: () => readonly ServiceStatus[]
  /** By exact name, else by exact ID. Absent: none such speaks of the autoscaler. */
  readonly status: (nameOrId: string) => ServiceDetails | undefined
}

/** Which events to read: the newest first. Times in ms since the epoch: `sinceMs` is in, `untilMs` is not. */
export interface EventFilter {
  readonly service?: string
  readonly kinds?: readonly EventKind[]
  readonly sinceMs?: number
  readonly untilMs?: number
  /** Only events before that of this id. */
  readonly beforeId?: string
  /** Only events after that of this id, the `limit` next ones; still the newest of them first. */
  readonly afterId?: string
  /** From 1 to 1,000. */
  readonly limit: number
}

/** How the keeping of the history goes. */
export interface HistoryStatus {
  /** Absent: what happens is written. Otherwise why it is not, since when (ms since the epoch), and what waits in memory or is lost. */
  readonly fault?: {
    readonly message: string
    readonly sinceMs: number
    readonly waiting: number
    readonly lost: number
  }
}

/** The history of what happened. Where its store is out of reach, what is in memory is answered; calls never hang. */
export interface HistoryReader {
  readonly events: (filter: EventFilter) => Promise<readonly HistoryEvent[]>
  /** Of every service asked about that has any count before `untilMs`, by name; without one that was gone all the time, unless it is asked for by name. */
  readonly cost: (query: CostQuery) => Promise<readonly ServiceCost[]>
  /** The cost of all services, with the counts within the time and the last one before it, by service and then by time: read once. */
  readonly past: (query: { readonly sinceMs: number; readonly untilMs: number }) => Promise<{
    readonly costs: readonly ServiceCost[]
    readonly counts: readonly ReplicaCount[]
  }>
  readonly status: () => HistoryStatus
  /** Resolves when what was told is written, and after a second at the latest. */
  readonly settled: () => Promise<void>
}

/** An alert that was refused. */
interface RefusedAlert {
  /** What it names, however wrong. */
  readonly service: string
  readonly reason: RejectReason
  readonly alert: EventAlert
  /** What is wrong with the alert itself. Absent where it could be understood. */
  readonly problem?: string
}

/** Is told what the receiver hears and answers. Never throws. */
export interface ReceiverObserver {
  readonly received: (scale: Scale | undefined, status: 'firing' | 'resolved') => void
  readonly decided: (service: Service | undefined, decision: Decision) => void
  /** An alert that could not be understood, or whose service may not be scaled. */
  readonly refused: (refused: RefusedAlert) => void
  /** So many more alerts of the same message were refused; none of them is told by itself. */
  readonly refusedMore: (alerts: number) => void
  /** Alertmanager left so many alerts out of a message. */
  readonly truncated: (alerts: number) => void
  /** A request was answered. `route` is one of the routes, or empty where none fits. */
  readonly answered: (method: string, route: string, code: number, durationMs: number) => void
  /** A fault of the receiver's own. */
  readonly broke: (error: unknown) => void
}

/** Follows requests through the program, in the trace of their caller. Never throws. */
export interface RequestTracer {
  /** Calls `handle` as a part of the trace. The answer tells that the request is over; `status` is absent where it was not answered. */
  readonly follow: (
    request: {
      readonly method: string
      readonly route: string
      readonly scheme: string
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
    },
    handle: () => void,
  ) => (status?: number) => void
}

/** The tokens in force of which a caller must show one, as Bearer or as the password of Basic. Empty: open to all. */
interface Tokens {
  /** Of the webhook and the reload. */
  readonly webhook: () => readonly string[]
  /** Of the API and the page. */
  readonly readers: () => readonly string[]
  /** Of the metrics. */
  readonly metrics: () => readonly string[]
}

/** All that the HTTP side needs from outside. */
export interface ReceiverDependencies {
  readonly loop: Loop
  readonly services: ServiceViews
  readonly history: HistoryReader
  readonly observer: ReceiverObserver
  /** Absent: no traces are made. */
  readonly tracer?: RequestTracer | undefined
  /** Rejects with the reason while Docker cannot be reached or is no Swarm manager. */
  readonly checkReady: () => Promise<void>
  /** The formats of the metrics, as content types, the one for whoever has no wish first. */
  readonly metricsTypes: readonly string[]
  /** The metrics in one of these formats. */
  readonly expose: (contentType: string) => Promise<{ contentType: string; body: string }>
  /** Reads all files again that settings name. Answers what is wrong with them: then what was in force stays so. */
  readonly reload: () => readonly string[]
  readonly tokens: Tokens
  /** Lets through who has shown a good certificate. Absent: none is asked for. */
  readonly requireCertificate?: RequestHandler
  /** Whether nothing at all is changed, whatever a policy says. */
  readonly isDryRun: boolean
  /** The currency of all prices, as it is shown. Empty: none is shown. */
  readonly currency: string
  readonly version: string
  /** Now, in ms since the epoch. */
  readonly nowMs: () => number
}
