import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** What the first column of the page's tables names. */
const documented = read('docs/tracing.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))

describe('docs/tracing.md', () => {
  it('names every attribute of the spans, and none that is not there', () => {
    const source = read('src/telemetry/traces/traces.ts')
    const own = [...source.matchAll(/\bown\('([\w.]+)'\)/g)].map(([, name]) => `swarm_autoscaler.${name}`)
    const conventions = [...source.matchAll(/'((?:http|url|user_agent|error)\.[\w.]+)'/g)].map(
      ([, name]) => name,
    )
    const attributes = documented.filter((name) => !name.startsWith('OTEL_'))
    expect(attributes.toSorted()).toEqual([...new Set([...own, ...conventions])].toSorted())
  })

  it('names every variable that is read here', () => {
    const source = read('src/config/traces.ts')
    const variables = [...source.matchAll(/\b(OTEL_(?:TRACES_SAMPLER|SDK|EXPORTER_OTLP\w*_ENDPOINT)\w*)/g)]
    for (const [, name] of variables) expect(documented).toContain(name)
  })
})
