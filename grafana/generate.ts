/** Writes `grafana/dashboards/*.json`, which Grafana is given, from the code beside it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asText, dashboards } from './dashboards.ts'

for (const [file, dashboard] of Object.entries(dashboards)) {
  writeFileSync(join(import.meta.dirname, 'dashboards', file), asText(dashboard))
}
