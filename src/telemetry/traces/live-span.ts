import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'

/** A span that is open, and below which others can be begun. */
export class LiveSpan {
  readonly #span
  readonly #context: Context
  readonly #tracer: Tracer
  readonly #nowMs: () => number
  #isOver = false

  /**
   * `nowMs`: ms since the epoch. A trace has one such clock, which no step of the system's clock turns back: no span seems to begin before
   * its parent.
   */
  constructor(tracer: Tracer, name: string, options: SpanOptions, parent: Context, nowMs: () => number) {
    this.#tracer = tracer
    this.#nowMs = nowMs
    this.#span = tracer.startSpan(name, { ...options, startTime: nowMs() }, parent)
    this.#context = trace.setSpan(parent, this.#span)
  }

  get spanContext() {
    return this.#span.spanContext()
  }

  /** The trace, if it is sent. */
  get traceId(): string | undefined {
    const { traceId, traceFlags } = this.spanContext
    return (traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : traceId
  }

  /** Whether it has ended: what still goes on in its name is no part of it. */
  get isOver(): boolean {
    return this.#isOver
  }

  begin(name: string, options: SpanOptions): LiveSpan {
    return new LiveSpan(this.#tracer, name, options, this.#context, this.#nowMs)
  }

  /** A span below this one of something that has just ended and took `durationMs`. */
  add(name: string, options: SpanOptions, durationMs: number, error?: string): void {
    const endMs = this.#nowMs()
    const span = this.#tracer.startSpan(name, { ...options, startTime: endMs - durationMs }, this.#context)
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
    span.end(endMs)
  }

  set(attributes: SpanOptions['attributes'] = {}): void {
    this.#span.setAttributes(attributes)
  }

  link(other: LiveSpan['spanContext']): void {
    this.#span.addLink({ context: other })
  }

  /** Something happened in it just now. */
  mark(name: string): void {
    this.#span.addEvent(name, this.#nowMs())
  }

  broke(error: unknown): void {
    this.#span.recordException(error instanceof Error ? error : String(error), this.#nowMs())
  }

  /** `error`: what went wrong. Absent: nothing did. */
  end(error?: string): void {
    this.#isOver = true
    if (error !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR, message: error })
    this.#span.end(this.#nowMs())
  }
}

const storage = new AsyncLocalStorage<LiveSpan>()

/** Calls `act`; all that it begins goes on within the span. */
export function within<T>(span: LiveSpan, act: () => T): T {
  return storage.run(span, act)
}

/**
 * The span within which this code runs. Absent if that has ended: timers that were set within it call back much later, and what they
 * do then is no part of it.
 */
export function liveSpan(): LiveSpan | undefined {
  const span = storage.getStore()
  return span === undefined || span.isOver ? undefined : span
}

/** A clock of one trace. */
export function clockOfTrace(): () => number {
  const originMs = Date.now() - performance.now()
  return () => originMs + performance.now()
}
