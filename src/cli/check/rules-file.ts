import { z } from 'zod'
import { defined } from '../../domain/defined.ts'
import type { YamlPath } from '../../policy/yaml-document.ts'
import type { YamlFile } from './yaml-file.ts'

const texts = z.preprocess(
  (value) => (value === '' ? {} : value),
  z.record(z.string(), z.string()).default({}),
)

const Rule = z.object({
  alert: z.string().optional(),
  record: z.string().optional(),
  expr: z.string(),
  labels: texts,
  annotations: texts,
})

/** The parts of a Prometheus rule file that concern the autoscaler. */
export const RulesFile = z.object({
  groups: z.array(
    z.object({
      labels: texts,
      rules: z.preprocess((value) => (value === '' ? [] : value), z.array(Rule).default([])),
    }),
  ),
})
export type RulesFile = z.infer<typeof RulesFile>

/** One rule, with its group's labels. */
export interface Rule {
  readonly file: YamlFile<RulesFile>
  readonly path: YamlPath
  /** Absent on a recording rule. */
  readonly alert?: string
  /** Absent on an alert. */
  readonly record?: string
  readonly expr: string
  /** Without empty labels, which count as absent. */
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** All rules of a file, from top to bottom. */
export function rulesOf(file: YamlFile<RulesFile>): readonly Rule[] {
  return file.data.groups.flatMap((group, groupIndex) =>
    group.rules.map(({ alert, record, expr, labels, annotations }, index) => {
      const given = Object.entries({ ...group.labels, ...labels }).filter(([, value]) => value !== '')
      return {
        file,
        path: ['groups', groupIndex, 'rules', index],
        expr,
        labels: Object.fromEntries(given),
        annotations,
        ...defined({ alert, record }),
      }
    }),
  )
}

/** Whether Prometheus fills in the value when it evaluates the rule. */
export function isTemplated(text: string): boolean {
  return text.includes('{{')
}
