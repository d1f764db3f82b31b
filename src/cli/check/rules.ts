import { parseAmount, parseNumber } from '../../domain/amount.ts'
import { scales } from '../../domain/direction.ts'
import type { Finding, FindingRule, Severity } from './findings.ts'
import { isTemplated, type Rule } from './rules-file.ts'

/** What is wrong with the alerts among these rules. What an expression gives cannot be known here, and is believed. */
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

/** Many an alert has a label `service` and is for people: only what else it says makes it a scaling alert. */
function checkWithoutScale({ labels, annotations, expr }: Rule, finding: MakeFinding): readonly Finding[] {
  if (mentions(expr, 'scale')) return []
  const asking = ['replicas', 'step'].find((name) => annotations[name] !== undefined)
  if (asking !== undefined) {
    const message = `has the annotation ${asking} and no label scale; the receiver takes up, down or to only`
    return [finding('error', 'alert-without-scale', message)]
  }
  if (labels['service'] === undefined) return []
  const message =
    'has the label service and no label scale, so it scales nothing; add scale if it is meant to'
  return [finding('warning', 'alert-without-scale', message)]
}

function checkService({ labels, expr }: Rule, finding: MakeFinding): readonly Finding[] {
  const service = labels['service']
  if (service !== undefined && isTemplated(service)) {
    const message = `the label service is filled in when the rule runs; that ${service} names a Swarm service cannot be seen here`
    return [finding('note', 'templated-service', message, 'labels', 'service')]
  }
  if (service !== undefined || mentions(expr, 'service')) return []
  if (losesLabels(expr)) {
    const message = 'has no label service, and its expression leaves none over; the receiver rejects it'
    return [finding('error', 'alert-without-service', message)]
  }
  const message =
    'has no label service; unless its series carry one, the receiver rejects it; name it, or keep it with by (service)'
  return [finding('warning', 'alert-without-service', message)]
}

function checkScale(scale: string, rule: Rule, finding: MakeFinding): readonly Finding[] {
  if (isTemplated(scale)) return []
  if (!scales.some((known) => known === scale)) {
    const message = `scale ${JSON.stringify(scale)} must be up, down or to`
    return [finding('error', 'unknown-scale', message, 'labels', 'scale')]
  }
  if (scale !== 'to' || rule.annotations['replicas'] !== undefined) return []
  return [
    finding('error', 'to-without-replicas', 'scale "to" needs the annotation replicas, the number to go to'),
  ]
}

function checkNumbers({ annotations }: Rule, finding: MakeFinding): readonly Finding[] {
  const { replicas, step } = annotations
  const findings: Finding[] = []
  if (replicas !== undefined && !isTemplated(replicas) && parseNumber(replicas) === undefined) {
    const message = `replicas ${JSON.stringify(replicas)} must be a finite number >= 0, such as "{{ $value }}"`
    findings.push(finding('error', 'replicas-no-number', message, 'annotations', 'replicas'))
  }
  if (step !== undefined && !isTemplated(step) && parseAmount(step) === undefined) {
    const message = `step ${JSON.stringify(step)} must be a number >= 0 such as 2, or a percentage such as 50%`
    findings.push(finding('error', 'step-no-amount', message, 'annotations', 'step'))
  }
  return findings
}

const aggregation =
  /^\s*(?:sum|avg|min|max|count|group|stddev|stdvar|quantile|count_values|vector|time|hour|minute|month|year|day_of_\w+)\s*\(/

/** Whether the result surely has no labels of its series: an aggregation stands first, and nothing keeps or adds any. */
function losesLabels(expr: string): boolean {
  return aggregation.test(expr) && !/\b(?:by|without|group_left|group_right|or)\b/.test(expr)
}

/** Whether the expression speaks of the label at all: then it may well give it, and is believed. */
function mentions(expr: string, label: string): boolean {
  return new RegExp(`\\b${label}\\b`).test(expr)
}
