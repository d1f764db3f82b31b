import type { Settings } from '../../config/settings.ts'
import type { Service } from '../../domain/service.ts'
import type { Sample } from '../../prometheus/query.ts'
import type { LabelledService } from '../../swarm/labelled-services.ts'

/** A Swarm manager's engine. Both calls end within a bounded time, or reject with a message for the user. */
export interface Engine {
  /** The services that say whether they opt in, by label or in the policy file. */
  readonly listServices: () => Promise<readonly Service[]>
  /** The services with any label that begins with `autoscaler.`. */
  readonly listLabelled: () => Promise<readonly LabelledService[]>
}

export interface PolicyFileFault {
  /** Counts from 1, as `column` does. */
  readonly line: number
  readonly column: number
  readonly message: string
}

/** What `check` needs from outside. */
export interface CheckPorts {
  /** Throws where the settings lead to no engine. */
  readonly connect: (settings: Settings) => Engine
  /** What a query gives now. Rejects with a message for the user where Prometheus cannot be asked. */
  readonly queryPrometheus: (address: string, query: string) => Promise<readonly Sample[]>
  /** How long Prometheus remembers, in ms. Absent where it does not tell. */
  readonly askRetentionMs: (address: string) => Promise<number | undefined>
  /** All that is wrong with a policy file. The file is there and is YAML. */
  readonly checkPolicyFile: (path: string) => Promise<readonly PolicyFileFault[]>
}
