import type { Finding } from './findings.ts'
import type { Rule } from './rules-file.ts'
import { isTemplated } from './rules-file.ts'
import type { PolicyOf } from './services.ts'

const recorded = 'swarm_autoscaler:replicas_needed'

/** Signals that no number of replicas follows from: they ask for steps, by an alert of their own. */
const stepSignals: ReadonlySet<string> = new Set(['latency', 'errors'])

/** The targets that nothing acts on, because no rule among these supplies their signal. */
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

/** Whether a rule records this signal, or asks for a step by it. */
export function isSupplied(rules: readonly Rule[], signal: string): boolean {
  if (stepSignals.has(signal)) return rules.some(({ expr }) => readsTarget(expr, signal))
  return rules.some(({ record, labels }) => {
    if (record !== recorded) return false
    const label = labels['signal']
    // Without the label the expression gives it, and nobody can tell here which it gives.
    return label === undefined || isTemplated(label) || label === signal
  })
}

/** Whether the expression asks for the target of this signal: `signal="latency"`, `signal=~"latency|errors"`. */
function readsTarget(expr: string, signal: string): boolean {
  return new RegExp(`\\bsignal\\s*=~?\\s*["'][^"']*\\b${signal}\\b`).test(expr)
}

function explain(signal: string): string {
  const key = `autoscaler.target.${signal}`
  if (stepSignals.has(signal)) {
    return `${key}: no rule asks for a step by signal="${signal}", so nothing acts on it; the shipped steps.yml does`
  }
  return `${key}: no rule records ${recorded}{signal="${signal}"}, so nothing acts on it, and a target whose signal is absent holds back every down`
}
