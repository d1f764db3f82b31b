import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '../..')

export const PROMETHEUS_CONFIG = join(ROOT, 'prometheus/prometheus.yml')
export const RULES = join(ROOT, 'prometheus/rules')
export const RULE_FILES = ['dashboards.yml', 'forecast.yml', 'health.yml', 'scaling.yml', 'steps.yml'].map(
  (name) => join(RULES, name),
)
export const FORECAST_RULES = join(RULES, 'forecast.yml')
export const HEALTH_RULES = join(RULES, 'health.yml')
export const SCALING_RULES = join(RULES, 'scaling.yml')
const STEP_RULES = join(RULES, 'steps.yml')
export const RULE_TESTS = join(ROOT, 'prometheus/tests')
export const ALERTMANAGER_CONFIG = join(ROOT, 'alertmanager/alertmanager.yml')

const UNIT_SECONDS = { s: 1, m: 60, h: 3600 } as const

/** `90s`, `5m` or `1h`, in seconds. */
const Seconds = z
  .string()
  .regex(/^\d+[smh]$/)
  .transform((text) => Number(text.slice(0, -1)) * UNIT_SECONDS[text.slice(-1) as keyof typeof UNIT_SECONDS])

const Rule = z.object({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
})

const RuleFile = z.object({
  groups: z.array(z.object({ name: z.string(), interval: Seconds, rules: z.array(Rule) })),
})

const PrometheusConfig = z.object({
  global: z.object({
    scrape_interval: Seconds,
    scrape_timeout: Seconds,
    evaluation_interval: Seconds,
    external_labels: z.never().optional(),
  }),
  scrape_configs: z.array(
    z.object({
      job_name: z.string(),
      relabel_configs: z.array(z.object({ target_label: z.string().optional() })).default([]),
    }),
  ),
})

const Timing = {
  group_wait: Seconds.optional(),
  group_interval: Seconds.optional(),
  repeat_interval: Seconds.optional(),
}

const AlertmanagerConfig = z.object({
  route: z.object({
    receiver: z.string(),
    // The first one is about scaling; after it come those for people.
    routes: z.tuple(
      [
        z.object({
          receiver: z.string(),
          matchers: z.array(z.string()),
          group_by: z.array(z.string()),
          ...Timing,
          routes: z.tuple([z.object({ matchers: z.array(z.string()), ...Timing })]),
        }),
      ],
      z.unknown(),
    ),
  }),
  receivers: z.array(
    z.object({
      name: z.string(),
      webhook_configs: z
        .array(z.object({ url: z.string(), send_resolved: z.boolean(), max_alerts: z.number() }))
        .default([]),
    }),
  ),
})

const readYaml = (path: string): unknown => parse(readFileSync(path, 'utf8'))

/** The shipped files as these tests know them; an unexpected shape throws with its path. */
export const readRuleFile = (path: string) => RuleFile.parse(readYaml(path)).groups
export const readRules = () => readRuleFile(SCALING_RULES)
export const readStepRules = () => readRuleFile(STEP_RULES)
export const readPrometheusConfig = () => PrometheusConfig.parse(readYaml(PROMETHEUS_CONFIG))
export const readAlertmanagerConfig = () => AlertmanagerConfig.parse(readYaml(ALERTMANAGER_CONFIG))
