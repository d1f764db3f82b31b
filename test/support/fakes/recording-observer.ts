import type { Decision } from '../../../src/domain/decision.ts'
import type { Observer } from '../../../src/reconcile/ports.ts'

/** Keeps what it was told, in short words. */
export class RecordingObserver implements Observer {
  readonly told: string[] = []
  readonly decisions: Decision[] = []

  readonly seen = () => {}
  readonly onlyLeft = () => {}
  readonly decided: Observer['decided'] = (_service, decision) => this.decisions.push(decision)
  readonly applied: Observer['applied'] = (service, { from, to }) =>
    this.#tell('applied', service.name, from, to)
  readonly failed: Observer['failed'] = (name, { code }) => this.#tell('failed', name, code)
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
