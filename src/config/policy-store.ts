import { readFileSync } from 'node:fs'
import { SettingsError } from './load.ts'
import {
  type FindFaults,
  inWords,
  type LayerLabels,
  labelsBeneath,
  noLayers,
  type PolicyLayers,
  readPolicyFile,
} from './policy-file.ts'

/** Holds what the policy file says. Without a file, nothing stands beneath the labels of the services. */
export class PolicyStore {
  readonly #path: string
  readonly #findFaults: FindFaults
  #layers: PolicyLayers = noLayers

  /** `path`: empty for none. Throws `SettingsError` with all faults where the file cannot be read or is refused. */
  constructor(path: string, findFaults: FindFaults) {
    this.#path = path
    this.#findFaults = findFaults
    const faults = this.reload()
    if (faults.length > 0) throw new SettingsError(faults)
  }

  /** The labels, without the prefix, that stand beneath those of a service. */
  readonly of = (service: string): LayerLabels => labelsBeneath(this.#layers, service)

  /** Whether the file says `enable` of any service, which then needs no label of its own to be found. */
  readonly hasEnable = (): boolean =>
    [...this.#layers.services.values()].some((labels) => labels['enable'] !== undefined)

  /** Reads the file again. Answers what is wrong with it: then what was in force stays so. Never throws. */
  readonly reload = (): readonly string[] => {
    if (this.#path === '') return []
    try {
      const reading = readPolicyFile(readFileSync(this.#path, 'utf8'), this.#findFaults)
      if (reading.kind === 'invalid') return reading.faults.map((fault) => inWords(this.#path, fault))
      this.#layers = reading.layers
      return []
    } catch (error) {
      return [`${this.#path}: ${(error as Error).message}`]
    }
  }
}
