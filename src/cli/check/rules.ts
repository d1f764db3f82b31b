import { parseAmount, parseNumber } from '../../domain/amount.ts'
import { scales } from '../../domain/direction.ts'
import type { Finding, FindingRule, Severity } from './findings.ts'
import { labelOfResult } from './result-label.ts'
import { isTemplated, type Rule } from './rules-file.ts'

/** What is wrong with the alerts among these rules. A label that the result of an expression may have is assumed to be there. */
export function checkRules(rules: readonly Rule[]): readonly Finding[] {
  return rules.flatMap((rule) => (rule.alert === undefined ? [] : checkAlert(rule, rule.alert)))
}

function checkAlert(rule: Rule, alert: string): readonly Finding[] {
  const finding = (
    severity: Severity,
    rule_: FindingRule,
    message: string,
    ...inside: string[]
  ): Finding => ({
    severity,
    where: rule.file.at([...rule.path, ...inside]),
    rule: rule_,
    message: `alert ${alert}: ${message}`,
  })
  if (rule.labels['scale'] === undefined) return checkWithoutScale(rule, finding)
  return [
    ...checkService(rule, finding),
    ...checkScale(rule.labels['scale'], rule, finding),
    ...checkNumbers(rule, finding),
  ]
}

type MakeFinding = (severity: Severity, rule: FindingRule, message: string, ...inside: string[]) => Finding

/** Alerts for people may have a label `service` as well: only with `scale`, `replicas` or `step` is it a scaling alert. */
function checkWithoutScale({ labels, annotations, expr }: Rule, finding: MakeFinding): readonly Finding[] {
  if (labelOfResult(expr, 'scale') === 'present') return []
  const amount = ['replicas', 'step'].find((name) => annotations[name] !== undefined)
  if (amount !== undefined) {
    const message = `has the annotation ${amount} but no label scale; it must be up, down or to`
    return [finding('error', 'alert-without-scale', message)]
  }
  if (labels['service'] === undefined) return []
  const message = 'has the label service but no label scale, so it does not scale; add scale if it should'
  return [finding('warning', 'alert-without-scale', message)]
}

function checkService({ labels, expr }: Rule, finding: MakeFinding): readonly Finding[] {
  const service = labels['service']
  if (service !== undefined && isTemplated(service)) {
    const message = `the label service is a template; whether ${service} becomes the name of a Swarm service cannot be checked`
    return [finding('note', 'templated-service', message, 'labels', 'service')]
  }
  const inResult = labelOfResult(expr, 'service')
  if (service !== undefined || inResult === 'present') return []
  if (inResult === 'absent') {
    const message = 'has no label service, and its expression removes it; the receiver rejects the alert'
    return [finding('error', 'alert-without-service', message)]
  }
  const message =
    'has no label service; unless its series have one, the receiver rejects the alert; set the label, or keep it with by (service)'
  return [finding('warning', 'alert-without-service', message)]
}

function checkScale(scale: string, rule: Rule, finding: MakeFinding): readonly Finding[] {
  if (isTemplated(scale)) return []
  if (!scales.some((known) => known === scale)) {
    const message = `scale ${JSON.stringify(scale)} must be up, down or to`
    return [finding('error', 'unknown-scale', message, 'labels', 'scale')]
  }
  if (scale !== 'to' || rule.annotations['replicas'] !== undefined) return []
  return [finding('error', 'to-without-replicas', 'scale "to" needs the annotation replicas')]
}

function checkNumbers({ annotations }: Rule, finding: MakeFinding): readonly Finding[] {
  const { replicas, step } = annotations
  const findings: Finding[] = []
  if (replicas !== undefined && !isTemplated(replicas) && parseNumber(replicas) === undefined) {
    const message = `replicas ${JSON.stringify(replicas)} must be a finite number >= 0, such as "{{ $value }}"`
    findings.push(finding('error', 'replicas-not-a-number', message, 'annotations', 'replicas'))
  }
  if (step !== undefined && !isTemplated(step) && parseAmount(step) === undefined) {
    const message = `step ${JSON.stringify(step)} must be a number >= 0 such as 2, or a percentage such as 50%`
    findings.push(finding('error', 'step-not-an-amount', message, 'annotations', 'step'))
  }
  return findings
}
