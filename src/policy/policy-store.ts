import { readFileSync } from 'node:fs'
import { loadAll, type Reloadable, type Reloaded } from '../config/reloading.ts'
import { describeFileFault } from '../text/describe-fault.ts'
import type { FileLabels } from './file-labels.ts'
import type { Labels } from './label-reader.ts'
import { emptyPolicyFile, labelsFor, type PolicyFile, readPolicyFile } from './policy-file.ts'

/** Holds the policy file, and reads it again on request. Without a file it has no labels. */
export class PolicyStore implements FileLabels, Reloadable {
  readonly #path: string
  #file: PolicyFile = emptyPolicyFile

  /** `path`: empty for none. */
  constructor(path: string) {
    this.#path = path
  }

  /** A store that has read its file. Throws `SettingsError` with all faults if the file cannot be read or is invalid. */
  static load(path: string): PolicyStore {
    const store = new PolicyStore(path)
    loadAll([store])
    return store
  }

  readonly labelsFor = (service: string): Labels => labelsFor(this.#file, service)

  readonly hasEnable = (): boolean =>
    [...this.#file.services.values()].some((labels) => labels['enable'] !== undefined)

  /** Reads the file again. Never throws. */
  readonly read = (): Reloaded => {
    if (this.#path === '') return { kind: 'valid', use: () => undefined }
    try {
      const result = readPolicyFile(readFileSync(this.#path, 'utf8'))
      if (result.kind !== 'valid') {
        return {
          kind: 'invalid',
          faults: result.faults.map((fault) => describeFileFault(this.#path, fault)),
        }
      }
      return {
        kind: 'valid',
        use: () => {
          this.#file = result.file
        },
      }
    } catch (error) {
      return { kind: 'invalid', faults: [`${this.#path}: ${(error as Error).message}`] }
    }
  }
}
