import { defined } from '../../domain/defined.ts'
import type { Service } from '../../domain/service.ts'
import { arriving, checkDelivery } from './alertmanager.ts'
import { AlertmanagerConfig } from './alertmanager-file.ts'
import { followAlerts } from './deliveries.ts'
import type { Finding } from './findings.ts'
import { checkForecasts, checkRetention } from './forecasts.ts'
import { checkMeasured } from './measured.ts'
import type { CheckOptions } from './options.ts'
import { checkPolicyFile } from './policy-file.ts'
import type { CheckPorts } from './ports.ts'
import { type FoundServices, readServices } from './read-services.ts'
import { resolveRoutes } from './routes.ts'
import { checkRules } from './rules.ts'
import { type Rule, RulesFile, rulesOf } from './rules-file.ts'
import { checkServices, type PolicyOf, validPolicies } from './services.ts'
import { checkTargets } from './targets.ts'
import { checkCooldowns, checkTiming } from './timing.ts'
import { readYamlFile } from './yaml-file.ts'

export interface Report {
  readonly findings: readonly Finding[]
  /** Number of services with autoscaler labels. Absent: no engine could be reached. */
  readonly services?: number
}

/** Checks everything that the options name, and how the parts fit together. */
export async function runChecks(options: CheckOptions, ports: CheckPorts): Promise<Report> {
  const { prometheus } = options
  const policyFindings = checkPolicyFile(options.settings.AUTOSCALER_POLICY_FILE)
  const engine = policyFindings.length === 0 ? await readServices(options, ports) : notChecked(options)
  const rules = options.rules.map(readRules)
  const allRules = rules.flatMap(({ found }) => found ?? [])
  // A file that cannot be read may have the rule that seems missing.
  const policies = validPolicies(engine.services)
  const areRulesKnown = rules.length > 0 && rules.every(({ found }) => found !== undefined)
  return {
    findings: [
      ...policyFindings,
      ...rules.flatMap(({ findings }) => findings),
      ...checkAlertmanager(options, allRules, engine.services),
      ...engine.findings,
      ...checkServices(engine.services, options.alertmanager !== undefined),
      ...(areRulesKnown ? [...checkTargets(allRules, policies), ...checkForecasts(allRules, policies)] : []),
      ...(prometheus === undefined ? [] : await checkPrometheus(prometheus, policies, ports)),
    ],
    ...defined({ services: engine.count }),
  }
}

async function checkPrometheus(
  address: string,
  policies: readonly PolicyOf[],
  { queryPrometheus, queryRetentionMs }: CheckPorts,
): Promise<readonly Finding[]> {
  return [
    ...(await checkMeasured(address, policies, queryPrometheus)),
    ...(await checkRetention(address, policies, queryRetentionMs)),
  ]
}

/** The services' policies are not known without the policy file. */
function notChecked({ settings }: CheckOptions): FoundServices {
  const message = 'the services were not checked, since the policy file is invalid'
  const where = { engine: settings.DOCKER_HOST }
  return { services: [], findings: [{ severity: 'note', where, rule: 'services-not-checked', message }] }
}

/** `found` is absent if the file is not a rule file. */
function readRules(path: string): { found?: readonly Rule[]; findings: readonly Finding[] } {
  const reading = readYamlFile(path, RulesFile)
  if (reading.kind === 'faulty') return { findings: reading.findings }
  const found = rulesOf(reading.file)
  return { found, findings: checkRules(found) }
}

function checkAlertmanager(
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
