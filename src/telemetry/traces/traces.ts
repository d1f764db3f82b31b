import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import type { Decision } from '../../domain/decision.ts'
import type { Loop, RequestTracer, TracedRequest } from '../../receiver/ports.ts'
import type { Subscriber } from '../../reconcile/events.ts'
import type { Outcome } from '../../reconcile/outcome.ts'
import { toSwarmError } from '../../reconcile/swarm-error.ts'
import { clockOfTrace, LiveSpan, liveSpan, within } from './live-span.ts'

const callers = new W3CTraceContextPropagator()

/** Spans of requests, of the services reconciled for them, and of the calls to Docker that this takes. Nothing here throws. */
export class Traces implements RequestTracer {
  readonly #tracer: Tracer
  /** Under which span each run was recorded, by its result. */
  readonly #runs = new WeakMap<object, LiveSpan['spanContext']>()

  constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  /**
   * Calls `handle` within a span of the request, in the trace of its caller if it names one. The answer ends the span; its status is
   * absent if the caller did not wait for it.
   */
  follow(request: TracedRequest, handle: () => void): (status?: number) => void {
    const { method, route, scheme, headers } = request
    const caller = callers.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'url.path': route,
      'url.scheme': scheme,
      'user_agent.original': String(headers['user-agent'] ?? ''),
    }
    const options = { kind: SpanKind.SERVER, attributes }
    const span = new LiveSpan(this.#tracer, `${method} ${route}`, options, caller, clockOfTrace())
    within(span, handle)
    return (status) => endAnswered(span, status)
  }

  /** The same loop, with a span for each service that it reconciles for a request that waits for it. */
  loop(loop: Loop): Loop {
    return {
      enqueue: (...updates) => loop.enqueue(...updates),
      receive: (service, updates) => {
        const span = liveSpan()?.begin('consider', { attributes: { [own('service')]: service } })
        return span === undefined
          ? loop.receive(service, updates)
          : within(span, () => this.#receive(span, loop.receive(service, updates)))
      },
    }
  }

  /** Marks the span of a request with what happens on the way to its result. */
  readonly subscriber: Subscriber = ({ kind }) => {
    if (kind === 'conflicted' || kind === 'applied' || kind === 'failed') liveSpan()?.mark(own(kind))
  }

  /** A call of Docker has ended. `outcome` is `ok` or the code of the error. */
  dockerCalled(operation: string, outcome: string, durationMs: number): void {
    const failure = outcome === 'ok' ? undefined : outcome
    const attributes = {
      [own('docker.operation')]: operation,
      [own('docker.outcome')]: outcome,
      ...(failure === undefined ? {} : { 'error.type': failure }),
    }
    liveSpan()?.add(`docker ${operation}`, { kind: SpanKind.CLIENT, attributes }, durationMs, failure)
  }

  /** A fault of the receiver's own, while it answers a request. */
  broke(error: unknown): void {
    liveSpan()?.broke(error)
  }

  /** The trace to which this code belongs, for the lines that it logs. Absent if none is sent. */
  traceId(): string | undefined {
    return liveSpan()?.traceId
  }

  async #receive(span: LiveSpan, received: Promise<Outcome>): Promise<Outcome> {
    try {
      const outcome = await received
      this.#linkRun(span, outcome)
      span.set(describe(outcome.decision))
      span.end()
      return outcome
    } catch (thrown) {
      const error = toSwarmError(thrown)
      this.#linkRun(span, error)
      span.broke(error)
      span.set({ 'error.type': error.code })
      span.end(error.message)
      throw thrown
    }
  }

  /** Several requests can share one run: its calls to Docker are under the first that asked, and the others link to it. */
  #linkRun(span: LiveSpan, result: object): void {
    const run = this.#runs.get(result)
    if (run === undefined) this.#runs.set(result, span.spanContext)
    else span.link(run)
  }
}

function endAnswered(span: LiveSpan, status: number | undefined): void {
  if (status === undefined) {
    span.set({ 'error.type': 'aborted' })
    span.end('the caller did not wait for the answer')
  } else if (status < 500) {
    // What the caller did wrong is no failure of the server.
    span.set({ 'http.response.status_code': status })
    span.end()
  } else {
    span.set({ 'http.response.status_code': status, 'error.type': String(status) })
    span.end(`answered ${status}`)
  }
}

/** A decision in the words of the API. */
function describe(decision: Decision): SpanOptions['attributes'] {
  const head = { [own('decision')]: decision.kind, [own('reason')]: decision.reason }
  if (decision.kind === 'reject') return head
  const { needed, cause } = decision
  return {
    ...head,
    [own('from')]: decision.kind === 'scale' ? decision.from : decision.replicas,
    [own('to')]: decision.kind === 'scale' ? decision.to : decision.replicas,
    ...(needed === undefined ? {} : { [own('needed')]: needed }),
    ...(cause === undefined
      ? {}
      : { [own('alert.name')]: cause.alertName, [own('alert.fingerprint')]: cause.fingerprint }),
  }
}

/** Attributes that are this program's own, and no convention's. */
function own(name: string): string {
  return `swarm_autoscaler.${name}`
}
