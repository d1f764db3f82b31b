import type { Service } from '../../domain/service.ts'
import type { Finding } from './findings.ts'
import type { CheckOptions } from './options.ts'
import type { CheckPorts } from './ports.ts'
import { checkLabelled, checkOnly } from './services.ts'

export interface FoundServices {
  /** Services that opt in or out. */
  readonly services: readonly Service[]
  /** Number of services with autoscaler labels or in the policy file. Absent: no engine could be reached. */
  readonly count?: number
  readonly findings: readonly Finding[]
}

/**
 * Reads and checks the services of the engine. An unreachable engine is a note, since files are often checked where there is none. It is
 * an error if the user named the engine, or nothing else to check.
 */
export async function readServices(options: CheckOptions, ports: CheckPorts): Promise<FoundServices> {
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
    // --prometheus compares what is measured with the services.
    const isNeeded = isEngineNamed || prometheus !== undefined || !areFilesNamed
    const finding: Finding = {
      severity: isNeeded ? 'error' : 'note',
      where: { engine: settings.DOCKER_HOST },
      rule: 'services-not-checked',
      message: `the services were not checked: ${(error as Error).message}`,
    }
    return { services: [], findings: [finding] }
  }
}
