import { z } from 'zod'
import { defined } from '../../domain/defined.ts'
import type { Service } from '../../domain/service.ts'
import { arriving, checkDelivery } from './alertmanager.ts'
import { AlertmanagerConfig } from './alertmanager-file.ts'
import { followAlerts } from './deliveries.ts'
import type { Finding } from './findings.ts'
import { checkForecasts, checkRetention } from './forecasts.ts'
import { lookAtServices, type ServicesSeen } from './look-at-services.ts'
import { checkMeasured } from './measured.ts'
import type { CheckOptions } from './options.ts'
import type { CheckPorts } from './ports.ts'
import { resolveRoutes } from './routes.ts'
import { checkRules } from './rules.ts'
import { type Rule, RulesFile, rulesOf } from './rules-file.ts'
import { checkServices, type PolicyOf, validPolicies } from './services.ts'
import { checkTargets } from './targets.ts'
import { checkCooldowns, checkTiming } from './timing.ts'
import { readYamlFile, unreadable } from './yaml-file.ts'

export interface Report {
  readonly findings: readonly Finding[]
  /** The services that carry a label of the autoscaler. Absent where no engine could be asked. */
  readonly services?: number
}

/** Looks at everything that the options name, and at how the parts fit together. */
export async function checkAll(options: CheckOptions, ports: CheckPorts): Promise<Report> {
  const { prometheus } = options
  const policyFindings = await lookAtPolicyFile(options.settings.AUTOSCALER_POLICY_FILE, ports)
  const engine = policyFindings.length === 0 ? await lookAtServices(options, ports) : unseen(options)
  const rules = options.rules.map(lookAtRules)
  const allRules = rules.flatMap(({ found }) => found ?? [])
  // What a file that cannot be read would have supplied is not known to be missing.
  const policies = validPolicies(engine.services)
  const areRulesKnown = rules.length > 0 && rules.every(({ found }) => found !== undefined)
  return {
    findings: [
      ...policyFindings,
      ...rules.flatMap(({ findings }) => findings),
      ...lookAtAlertmanager(options, allRules, engine.services),
      ...engine.findings,
      ...checkServices(engine.services, options.alertmanager !== undefined),
      ...(areRulesKnown ? [...checkTargets(allRules, policies), ...checkForecasts(allRules, policies)] : []),
      ...(prometheus === undefined ? [] : await lookAtPrometheus(prometheus, policies, ports)),
    ],
    ...defined({ services: engine.count }),
  }
}

async function lookAtPrometheus(
  address: string,
  policies: readonly PolicyOf[],
  { queryPrometheus, askRetentionMs }: CheckPorts,
): Promise<readonly Finding[]> {
  return [
    ...(await checkMeasured(address, policies, queryPrometheus)),
    ...(await checkRetention(address, policies, askRetentionMs)),
  ]
}

/** What stands beneath the labels is not known, so nothing true can be said of the services. */
function unseen({ settings }: CheckOptions): ServicesSeen {
  const message = 'the services were not looked at, since the policy file beneath their labels is faulty'
  const where = { engine: settings.DOCKER_HOST }
  return { services: [], findings: [{ severity: 'note', where, rule: 'services-not-seen', message }] }
}

async function lookAtPolicyFile(path: string, ports: CheckPorts): Promise<readonly Finding[]> {
  if (path === '') return []
  // Its own reader tells of keys that are given twice, and of all else beside them.
  const reading = readYamlFile(path, z.unknown(), false)
  if (reading.kind === 'faulty') return reading.findings
  try {
    const faults = await ports.checkPolicyFile(path)
    return faults.map(({ line, column, message }) => ({
      severity: 'error',
      where: { file: path, line, column },
      rule: 'policy-file',
      message,
    }))
  } catch (error) {
    return [unreadable(path, (error as Error).message)]
  }
}

/** `found` is absent where the file is no file of rules. */
function lookAtRules(path: string): { found?: readonly Rule[]; findings: readonly Finding[] } {
  const reading = readYamlFile(path, RulesFile)
  if (reading.kind === 'faulty') return { findings: reading.findings }
  const found = rulesOf(reading.file)
  return { found, findings: checkRules(found) }
}

function lookAtAlertmanager(
  { alertmanager, settings }: CheckOptions,
  rules: readonly Rule[],
  services: readonly Service[],
): readonly Finding[] {
  if (alertmanager === undefined) return []
  const reading = readYamlFile(alertmanager, AlertmanagerConfig)
  if (reading.kind === 'faulty') return reading.findings
  const { file } = reading
  const policies = validPolicies(services)
  const names = policies.map(({ name }) => name)
  const deliveries = followAlerts(resolveRoutes(file.data.route), rules, names)
  const arrived = arriving(file, deliveries)
  return [
    ...checkDelivery(file, deliveries),
    ...checkTiming(file, arrived, settings.AUTOSCALER_ALERT_TTL),
    ...checkCooldowns(arrived, policies),
  ]
}
