import type { Tokens } from '../receiver/ports.ts'
import { sharedTokens } from './contradictions.ts'
import { type Environment, loadSome, SettingsError } from './load.ts'
import type { Reloadable, Reloaded } from './reloading.ts'
import type { Settings } from './settings.ts'

const names = ['AUTOSCALER_WEBHOOK_TOKEN', 'AUTOSCALER_READ_TOKEN', 'AUTOSCALER_METRICS_TOKEN'] as const

/** Holds the tokens. Whatever has none is open to everybody. */
export class TokenStore implements Tokens, Reloadable {
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

  /** Tokens for the webhook and the reload. */
  readonly webhook = (): readonly string[] => this.#tokens.AUTOSCALER_WEBHOOK_TOKEN

  /** Tokens for the API and the page. */
  readonly readers = (): readonly string[] => this.#tokens.AUTOSCALER_READ_TOKEN

  /** Tokens for `/metrics`. */
  readonly metrics = (): readonly string[] => this.#tokens.AUTOSCALER_METRICS_TOKEN

  /** Reads the files of tokens again. Never throws. */
  readonly read = (): Reloaded => {
    try {
      const tokens = loadSome(names, this.#environment, {})
      const faults = sharedTokens(tokens)
      if (faults.length > 0) return { kind: 'invalid', faults }
      return {
        kind: 'valid',
        use: () => {
          this.#tokens = tokens
        },
      }
    } catch (error) {
      if (error instanceof SettingsError) return { kind: 'invalid', faults: error.faults }
      throw error
    }
  }
}
