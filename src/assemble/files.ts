import type { Environment } from '../config/load.ts'
import { loadAll, reloadAll } from '../config/reloading.ts'
import type { Settings } from '../config/settings.ts'
import { TlsStore } from '../config/tls-store.ts'
import { TokenStore } from '../config/token-store.ts'
import { PolicyStore } from '../policy/policy-store.ts'

/** What files say that can be read again while the receiver runs. */
export interface Files {
  readonly policies: PolicyStore
  readonly tokens: TokenStore
  readonly tls: TlsStore
  /** Reads all of them again. Returns what is wrong with any: then the current ones are all kept. */
  readonly readAgain: () => readonly string[]
}

/** Reads the files that the settings name. Throws `SettingsError` with the faults of all of them. */
export function openFiles(settings: Settings, environment: Environment): Files {
  const policies = new PolicyStore(settings.AUTOSCALER_POLICY_FILE)
  const tokens = new TokenStore(environment)
  const tls = new TlsStore(settings)
  const all = [policies, tokens, tls]
  loadAll(all)
  return { policies, tokens, tls, readAgain: () => reloadAll(all) }
}
