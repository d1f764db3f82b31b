import type { ActiveAlert } from '../../../src/domain/active-alert.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import type { Service } from '../../../src/domain/service.ts'
import type { Observer } from '../../../src/reconcile/ports.ts'

/** Keeps what it was told, in short words. */
export class RecordingObserver implements Observer {
  readonly told: string[] = []
  readonly decisions: Decision[] = []
  readonly standings: {
    service: Service
    decision: Decision
    alerts: readonly ActiveAlert[]
    atMs: number
  }[] = []

  readonly seen = () => {}
  readonly onlyLeft = () => {}
  readonly stands: Observer['stands'] = (service, decision, alerts, atMs) =>
    this.standings.push({ service, decision, alerts, atMs })
  readonly decided: Observer['decided'] = (_service, decision) => this.decisions.push(decision)
  readonly dropped: Observer['dropped'] = (name, alerts) => this.#tell('dropped', name, alerts)
  readonly applied: Observer['applied'] = (service, { from, to }) =>
    this.#tell('applied', service.name, from, to)
  readonly failed: Observer['failed'] = (name, { code }) => this.#tell('failed', name, code)
  readonly converged: Observer['converged'] = ({ name }, { to }, ms) => this.#tell('converged', name, to, ms)
  readonly crashLooped: Observer['crashLooped'] = ({ name }, { to }) => this.#tell('crash-looped', name, to)
  readonly changedByOthers: Observer['changedByOthers'] = ({ name, desiredReplicas }, from, by) =>
    this.#tell(by === 'person' ? 'changed-by-others' : 'redeployed', name, from, desiredReplicas)
  readonly blocked: Observer['blocked'] = ({ name }, { reason }, sinceMs) =>
    this.#tell('blocked', name, reason, sinceMs)
  readonly listening: Observer['listening'] = (error) => this.#tell('listening', error?.code ?? 'ok')
  readonly conflicted: Observer['conflicted'] = (name) => this.#tell('conflicted', name)
  readonly resynced: Observer['resynced'] = (error) => this.#tell('resynced', error?.code ?? 'ok')

  /** Of what was told, that which begins so. */
  of(word: string): readonly string[] {
    return this.told.filter((line) => line.startsWith(word))
  }

  #tell(...words: readonly unknown[]): void {
    this.told.push(words.join(' '))
  }
}
