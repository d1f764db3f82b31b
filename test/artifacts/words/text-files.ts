import { globSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../../..')

/** Files whose text users read, from the root of the repository. */
const patterns = [
  '*.md',
  '.github/**/*.md',
  'docs/**/*.md',
  'bench/*.md',
  'examples/**/*.md',
  'prometheus/**/*.yml',
  'alertmanager/**/*.yml',
  'docker-compose.yml',
  'grafana/*.ts',
  'grafana/parts/*.ts',
  'src/**/*.ts',
  'src/**/*.js',
]

export function textFiles(): readonly string[] {
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**', '**/*.test.ts'] }))
    .toSorted()
}
