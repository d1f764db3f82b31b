import { sharedTokens } from './contradictions.ts'
import { type Environment, loadSome, SettingsError } from './load.ts'
import type { Reading } from './reloading.ts'
import type { Settings } from './settings.ts'

const names = ['AUTOSCALER_WEBHOOK_TOKEN', 'AUTOSCALER_READ_TOKEN', 'AUTOSCALER_METRICS_TOKEN'] as const

/** Holds the tokens of each door. None of a door: it is open. */
export class TokenStore {
  readonly #environment: Environment
  #tokens: Pick<Settings, (typeof names)[number]> = {
    AUTOSCALER_WEBHOOK_TOKEN: [],
    AUTOSCALER_READ_TOKEN: [],
    AUTOSCALER_METRICS_TOKEN: [],
  }

  /** `environment` has the tokens, or the paths of their files. */
  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** Of the webhook and the reload. */
  readonly webhook = (): readonly string[] => this.#tokens.AUTOSCALER_WEBHOOK_TOKEN

  /** Of the API and the page. */
  readonly readers = (): readonly string[] => this.#tokens.AUTOSCALER_READ_TOKEN

  /** Of `/metrics`. */
  readonly metrics = (): readonly string[] => this.#tokens.AUTOSCALER_METRICS_TOKEN

  /** Reads the files again that have tokens. Never throws. */
  readonly read = (): Reading => {
    try {
      const tokens = loadSome(names, this.#environment, {})
      const faults = sharedTokens(tokens)
      if (faults.length > 0) return { kind: 'refused', faults }
      return {
        kind: 'good',
        putInForce: () => {
          this.#tokens = tokens
        },
      }
    } catch (error) {
      if (error instanceof SettingsError) return { kind: 'refused', faults: error.faults }
      throw error
    }
  }
}
