import { assertNever } from '../../../src/domain/assert-never.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import type { LoopEvent, Subscriber } from '../../../src/reconcile/events.ts'
import type { ServiceStatus } from '../../../src/reconcile/status.ts'

/** Keeps the events of the loop, each as a short line. */
export class RecordingObserver {
  readonly told: string[] = []
  readonly decisions: Decision[] = []
  readonly statuses: ServiceStatus[] = []

  readonly subscriber: Subscriber = (event) => {
    if (event.kind === 'decided') this.decisions.push(event.decision)
    if (event.kind === 'checked') this.statuses.push(event.status)
    const line = lineOf(event)
    if (line !== undefined) this.told.push(line)
  }

  /** The lines that begin so. */
  of(word: string): readonly string[] {
    return this.told.filter((line) => line.startsWith(word))
  }
}

function lineOf(event: LoopEvent): string | undefined {
  switch (event.kind) {
    case 'alerts_dropped':
      return `dropped ${event.service} ${event.alerts}`
    case 'applied':
      return `applied ${event.service.name} ${event.scaling.from} ${event.scaling.to}`
    case 'failed':
      return `failed ${event.due.service.name} ${event.error.code}`
    case 'unread':
      return `failed ${event.service} ${event.error.code}`
    case 'converged':
      return `converged ${event.service.name} ${event.scaling.to} ${event.durationMs}`
    case 'crash_looped':
      return `crash-looped ${event.service.name} ${event.scaling.to}`
    case 'external_change': {
      const { service, from, by } = event
      const what = by === 'person' ? 'changed-by-others' : 'redeployed'
      return `${what} ${service.name} ${from} ${service.desiredReplicas}`
    }
    case 'blocked':
      return `blocked ${event.service.name} ${event.hold.reason} ${event.sinceMs}`
    case 'watched':
      return `listening ${event.error?.code ?? 'ok'}`
    case 'resynced':
      return `resynced ${event.error?.code ?? 'ok'}`
    case 'conflicted':
      return `conflicted ${event.service}`
    case 'read':
    case 'policy_changed':
    case 'window_changed':
    case 'forgotten':
    case 'decided':
    case 'checked':
      return undefined
    default:
      return assertNever(event)
  }
}
