import { readdirSync, readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { settingNames, settings } from '../../src/config/settings.ts'
import { holdReasons, rejectReasons, scaleReasons } from '../../src/domain/reason.ts'
import { labelKeys } from '../../src/policy/label-keys.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('docs/metrics.md', () => {
  it('names every metric with its labels, and none that is not there', () => {
    const registry = new Registry()
    new Metrics(registry, '1.2.3')
    const registered = registry.getMetricsAsArray().map((metric) => {
      const { name, labelNames } = metric as unknown as { name: string; labelNames: string[] }
      return `${name} ${labelNames.join(', ')}`.trim()
    })
    const rows = [...read('docs/metrics.md').matchAll(/^\| `(swarm_autoscaler_\w+)` \| \w+ \| ([^|]*)\|/gm)]
    const documented = rows.map(([, name, labels = '']) =>
      `${name} ${labels.replaceAll('`', '').trim()}`.trim(),
    )
    expect(documented.toSorted()).toEqual(registered.toSorted())
  })
})

describe('docs/reasons.md', () => {
  it('has a paragraph for every reason of the closed lists, under its kind, and for no other', () => {
    const [, ...parts] = read('docs/reasons.md').split(/^## /m)
    const documented = parts.map((part) => [
      part.split('\n')[0],
      [...part.matchAll(/^### `(\w+)`\n\n(?=\S)/gm)].map(([, reason]) => reason),
    ])
    expect(documented).toEqual([
      ['Scale', [...scaleReasons]],
      ['Hold', [...holdReasons]],
      ['Reject', [...rejectReasons]],
    ])
  })
})

/** The keys in the first column of the table; `.max` after `autoscaler.up.min` is `up.max`. */
function documentedLabels(page: string): readonly string[] {
  const rows = [...page.matchAll(/^\| (`[^|]*`) \|/gm)].map(([, cell = '']) => cell)
  return rows.flatMap((cell) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    const group = (names[0] ?? '').replace(/\.[^.]+$/, '')
    return names.map((name) => (name.startsWith('.') ? group + name : name).replace(/^autoscaler\./, ''))
  })
}

describe('docs/labels.md', () => {
  it('has every label that is read in its table, once, and no other', () => {
    const documented = documentedLabels(read('docs/labels.md'))
    expect(documented.toSorted()).toEqual([...labelKeys, 'target.<signal>'].toSorted())
  })
})

describe('README.md', () => {
  it('lists every setting with its default', () => {
    const rows = read('README.md').split('\n')
    for (const name of settingNames) {
      const row = rows.find((line) => line.startsWith('|') && line.includes(`\`${name}\``))
      expect(row, name).toBeDefined()
      if (settings[name].default !== '') expect(row).toContain(`\`${settings[name].default}\``)
    }
  })

  it('tells the two commands that .ci/run and package.json have', () => {
    expect(read('README.md')).toContain('npm ci && npm run demo')
    expect(read('README.md')).toContain('npm ci && npm test')
    expect(read('.ci/run')).toContain('npm ci && npm test')
  })
})

describe('biome.json', () => {
  it('says for every room of src what it may import', () => {
    const rooms = readdirSync(new URL('../../src', import.meta.url), { withFileTypes: true })
    const { overrides } = JSON.parse(read('biome.json')) as { overrides: { includes: string[] }[] }
    const ruled = overrides.flatMap(({ includes }) => includes)
    for (const room of rooms.filter((entry) => entry.isDirectory()))
      expect(ruled).toContain(`src/${room.name}/**`)
  })
})
