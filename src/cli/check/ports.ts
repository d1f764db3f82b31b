import type { Settings } from '../../config/settings.ts'
import type { Service } from '../../domain/service.ts'
import type { Sample } from '../../prometheus/query.ts'
import type { LabelledService } from '../../swarm/labelled-services.ts'

/** The engine of a Swarm manager. Both calls end within a bounded time, or reject with a message for the user. */
export interface Engine {
  /** The services that opt in or out, by label or policy file. */
  readonly listServices: () => Promise<readonly Service[]>
  /** The services with any label that starts with `autoscaler.`. */
  readonly listLabelled: () => Promise<readonly LabelledService[]>
}

/** What `check` needs from outside. */
export interface CheckPorts {
  /** Throws if the settings lead to no engine. */
  readonly connect: (settings: Settings) => Engine
  /** The result of an instant query. Rejects with a message for the user if Prometheus cannot be queried. */
  readonly queryPrometheus: (address: string, query: string) => Promise<readonly Sample[]>
  /** The retention time of Prometheus, in ms. Absent: not known. */
  readonly queryRetentionMs: (address: string) => Promise<number | undefined>
}
