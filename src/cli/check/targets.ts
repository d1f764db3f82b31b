import type { Finding } from './findings.ts'
import { isTemplated, type Rule } from './rules-file.ts'
import type { PolicyOf } from './services.ts'

const recorded = 'swarm_autoscaler:replicas_needed'

/** Signals that are not proportional to replicas: an alert of their own asks for steps. */
const stepSignals: ReadonlySet<string> = new Set(['latency', 'errors'])

/** The targets without effect, because none of these rules supplies their signal. */
export function checkTargets(rules: readonly Rule[], policies: readonly PolicyOf[]): readonly Finding[] {
  return policies.flatMap(({ name, policy }) =>
    Object.keys(policy.targets)
      .filter((signal) => !isSupplied(rules, signal))
      .map((signal) => ({
        severity: 'warning',
        where: { service: name },
        rule: 'target-without-rule',
        message: explain(signal),
      })),
  )
}

/** Whether a rule records this signal, or asks for steps by it. */
export function isSupplied(rules: readonly Rule[], signal: string): boolean {
  if (stepSignals.has(signal)) return rules.some(({ expr }) => readsTarget(expr, signal))
  return rules.some(({ record, labels }) => {
    if (record !== recorded) return false
    const label = labels['signal']
    // Without the label the expression sets it, to a value that is not known here.
    return label === undefined || isTemplated(label) || label === signal
  })
}

/** Whether the expression selects the target of this signal: `signal="latency"`, `signal=~"latency|errors"`. */
function readsTarget(expr: string, signal: string): boolean {
  return new RegExp(`\\bsignal\\s*=~?\\s*["'][^"']*\\b${signal}\\b`).test(expr)
}

function explain(signal: string): string {
  const key = `autoscaler.target.${signal}`
  if (stepSignals.has(signal)) {
    return `${key}: no rule asks for steps by signal="${signal}", so it has no effect; the shipped steps.yml has such a rule`
  }
  return `${key}: no rule records ${recorded}{signal="${signal}"}, so it has no effect, and a target without its signal prevents every scale-down`
}
