import type { Service } from '../../domain/service.ts'
import type { Finding } from './findings.ts'
import type { CheckOptions } from './options.ts'
import type { CheckPorts } from './ports.ts'
import { checkLabelled, checkOnly } from './services.ts'

export interface ServicesSeen {
  /** Those that say whether they opt in. */
  readonly services: readonly Service[]
  /** How many carry a label of the autoscaler or are named in the policy file. Absent where no engine could be asked. */
  readonly count?: number
  readonly findings: readonly Finding[]
}

/**
 * Asks the engine for its services. One that cannot be reached is a note: most places where files are checked have none.
 * It is an error where the user named the engine, or nothing else to look at.
 */
export async function lookAtServices(options: CheckOptions, ports: CheckPorts): Promise<ServicesSeen> {
  const { settings, rules, alertmanager, prometheus, isEngineNamed } = options
  try {
    const engine = ports.connect(settings)
    const services = await engine.listServices()
    const labelled = await engine.listLabelled()
    const names = new Set([...services, ...labelled].map(({ name }) => name))
    const { AUTOSCALER_ONLY: only, DOCKER_HOST: host } = settings
    const findings = [...checkLabelled(labelled, services), ...checkOnly(only, services, host)]
    return { services, count: names.size, findings }
  } catch (error) {
    const areFilesNamed =
      rules.length > 0 || alertmanager !== undefined || settings.AUTOSCALER_POLICY_FILE !== ''
    // What Prometheus measures is held against the services.
    const isNeeded = isEngineNamed || prometheus !== undefined || !areFilesNamed
    const finding: Finding = {
      severity: isNeeded ? 'error' : 'note',
      where: { engine: settings.DOCKER_HOST },
      rule: 'services-not-seen',
      message: `the services were not looked at: ${(error as Error).message}`,
    }
    return { services: [], findings: [finding] }
  }
}
