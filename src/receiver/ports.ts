import type { RequestHandler } from 'express'
import type { CostQuery, ServiceCost } from '../domain/cost.ts'
import type { Decision } from '../domain/decision.ts'
import type { Scale } from '../domain/direction.ts'
import type { EventQuery, HistoryEvent, RefusedAlert } from '../domain/event.ts'
import type { ReplicaCount } from '../domain/replica-count.ts'
import type { Service } from '../domain/service.ts'
import type { AlertUpdate } from '../reconcile/active-alerts.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import type { ServiceDetails, ServiceStatus } from '../reconcile/status.ts'

/** What receives the updates of alerts. Throws `SwarmError` if Swarm cannot be reached. */
export interface Loop {
  readonly receive: (service: string, updates: readonly AlertUpdate[]) => Promise<Outcome>
  /** The same, without waiting for what comes of it. Updates for a service that was never seen are not kept. */
  readonly enqueue: (service: string, updates: readonly AlertUpdate[]) => void
}

/** The status of the services at their last check. */
export interface ServiceViews {
  /** Of every service with autoscaler labels, by name. */
  readonly statuses: () => readonly ServiceStatus[]
  /** By exact name or exact ID. Absent: no such service has autoscaler labels. */
  readonly status: (nameOrId: string) => ServiceDetails | undefined
}

/** Whether the history is written. */
export interface HistoryStatus {
  /** Absent: it is. Otherwise why it is not, since when (ms since the epoch), and how many entries wait in memory or are lost. */
  readonly fault?: {
    readonly message: string
    readonly sinceMs: number
    readonly waiting: number
    readonly lost: number
  }
}

/** The replicas of all services in a time. */
export interface ReplicaHistory {
  /** By service. */
  readonly costs: readonly ServiceCost[]
  /** The counts in the time and the last one before it, by service and then by time. */
  readonly counts: readonly ReplicaCount[]
}

/** Reads the history. If its store cannot be read, calls return what is in memory. They end within a bounded time. */
export interface HistoryReader {
  readonly events: (filter: EventQuery) => Promise<readonly HistoryEvent[]>
  /** By name, for every service of the query with a count before `untilMs`. One that did not exist in the time is omitted, unless the query names it. */
  readonly cost: (query: CostQuery) => Promise<readonly ServiceCost[]>
  /** Costs and counts, read once for both. */
  readonly past: (query: { readonly sinceMs: number; readonly untilMs: number }) => Promise<ReplicaHistory>
  readonly status: () => HistoryStatus
  /** Resolves when all entries are written, and after a second at the latest. */
  readonly settled: () => Promise<void>
}

/** Observes what the receiver receives and answers. Never throws. */
export interface ReceiverObserver {
  readonly received: (scale: Scale | undefined, status: 'firing' | 'resolved') => void
  readonly decided: (service: Service | undefined, decision: Decision) => void
  /** An alert that is invalid, or whose service cannot be scaled. */
  readonly refused: (refused: RefusedAlert) => void
  /** This many more alerts of the same message were rejected. They are not reported one by one. */
  readonly refusedMore: (alerts: number) => void
  /** Alertmanager left this many alerts out of a message. */
  readonly truncated: (alerts: number, isFirst: boolean) => void
  /** A request was answered. `route` is one of the routes, or empty if none matches. */
  readonly answered: (method: string, route: string, code: number, durationMs: number) => void
  /** An internal error of the receiver. */
  readonly broke: (error: unknown) => void
}

/** Reports whether the active alerts of Alertmanager were ingested at the start. Never throws. */
export interface IngestObserver {
  /** How many were. */
  readonly ingested: (alerts: number) => void
  /** They could not be read, or not be ingested. */
  readonly notIngested: (error: Error) => void
}

/** A request, as far as its trace describes it. */
export interface TracedRequest {
  readonly method: string
  /** The route that answers it. */
  readonly route: string
  /** `http` or `https`. */
  readonly scheme: string
  /** By their names in lower case. `traceparent` and `tracestate` name the caller's span (W3C). */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Follows requests through the program, in the trace of their caller. Never throws. */
export interface RequestTracer {
  /** Calls `handle` as a part of the trace. The returned function ends the request; `status` is absent if it was not answered. */
  readonly follow: (request: TracedRequest, handle: () => void) => (status?: number) => void
}

/** The current tokens, of which a client needs one, as Bearer or as the password of Basic. Empty: open to everybody. */
export interface Tokens {
  /** For the webhook and the reload. */
  readonly webhook: () => readonly string[]
  /** For the API and the page. */
  readonly readers: () => readonly string[]
  /** For the metrics. */
  readonly metrics: () => readonly string[]
}

/** Certificate and key to serve TLS with, as PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  /** The CA that must have signed the certificate of each client. Absent: clients need no certificate. */
  readonly clientCa?: string
}

/** All that the HTTP side needs from outside. */
export interface ReceiverDependencies {
  readonly loop: Loop
  readonly services: ServiceViews
  readonly history: HistoryReader
  readonly observer: ReceiverObserver
  /** Absent: requests are not traced. */
  readonly tracer?: RequestTracer | undefined
  /** Rejects with the reason while Docker cannot be reached or the node is not a Swarm manager. */
  readonly checkReady: () => Promise<void>
  /** The formats of the metrics, as content types. The first is the default. */
  readonly metricsTypes: readonly string[]
  /** The metrics in one of these formats. */
  readonly expose: (contentType: string) => Promise<{ contentType: string; body: string }>
  /** Reads all files of the settings again. Returns their faults; with any fault the current configuration is kept. */
  readonly reload: () => readonly string[]
  readonly tokens: Tokens
  /** Lets callers with a valid client certificate pass. Absent: none is required. */
  readonly requireCertificate?: RequestHandler
  /** Whether no service is changed, whatever its policy says. */
  readonly isDryRun: boolean
  /** The currency of all prices. Empty: none is shown. */
  readonly currency: string
  readonly version: string
  /** Now, in ms since the epoch. */
  readonly nowMs: () => number
}
