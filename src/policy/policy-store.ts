import { readFileSync } from 'node:fs'
import { loadAll, type Reading } from '../config/reloading.ts'
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

  /** `path`: empty for none. */
  constructor(path: string, findFaults: FindFaults) {
    this.#path = path
    this.#findFaults = findFaults
  }

  /** One that has read its file. Throws `SettingsError` with all faults where that cannot be read or is refused. */
  static load(path: string, findFaults: FindFaults): PolicyStore {
    const store = new PolicyStore(path, findFaults)
    loadAll([store])
    return store
  }

  /** The labels, without the prefix, that stand beneath those of a service. */
  readonly of = (service: string): LayerLabels => labelsBeneath(this.#layers, service)

  /** Whether the file says `enable` of any service, which then needs no label of its own to be found. */
  readonly hasEnable = (): boolean =>
    [...this.#layers.services.values()].some((labels) => labels['enable'] !== undefined)

  /** Reads the file again. Never throws. */
  readonly read = (): Reading => {
    if (this.#path === '') return { kind: 'good', putInForce: () => undefined }
    try {
      const reading = readPolicyFile(readFileSync(this.#path, 'utf8'), this.#findFaults)
      if (reading.kind === 'invalid') {
        return { kind: 'refused', faults: reading.faults.map((fault) => inWords(this.#path, fault)) }
      }
      return {
        kind: 'good',
        putInForce: () => {
          this.#layers = reading.layers
        },
      }
    } catch (error) {
      return { kind: 'refused', faults: [`${this.#path}: ${(error as Error).message}`] }
    }
  }
}
