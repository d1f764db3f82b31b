/**
 * What cAdvisor prints of the containers that it has seen: families, labels, their order, numbers and times as its own, byte by
 * byte. test/artifacts/cadvisor-stand-in.test.ts holds it against recordings of the real one.
 */

import { type Family, families, type Labels } from './families.ts'
import type { Machine, Sighting } from './sighting.ts'

const exportedLabels = ['service.id', 'service.name', 'task.name'].map((key) => `com.docker.swarm.${key}`)

const versionName = 'cadvisor_version_info'
const versionHelp =
  "A metric with a constant '1' value labeled by kernel version, OS version, docker version, cadvisor version & cadvisor revision."

/** The families that are printed, by name. */
export const exportedFamilies: readonly string[] = [versionName, ...families.map(({ name }) => name)]

/** The whole answer to a scrape. A family of which there is nothing is left out. */
export function expose(sightings: readonly Sighting[], machine: Machine): string {
  const version = { cadvisorRevision: '', cadvisorVersion: '', dockerVersion: '', ...machine }
  return [
    block(versionName, 'gauge', versionHelp, [{ labels: version, end: '1' }]),
    ...families.map((family) => block(family.name, family.type, family.help, linesOf(family, sightings))),
  ].join('')
}

interface Line {
  readonly labels: Labels
  /** Value and time. */
  readonly end: string
}

function linesOf({ values, timed }: Family, sightings: readonly Sighting[]): readonly Line[] {
  return sightings.flatMap((sighting) =>
    values(sighting).map(([value, labels]) => ({
      labels: { ...commonLabels(sighting), ...labels },
      end: timed ? `${formatNumber(value)} ${sighting.atMs}` : formatNumber(value),
    })),
  )
}

function commonLabels({ id, image, name, labels }: Sighting): Labels {
  const exported = exportedLabels.map(
    (key) => [`container_label_${key.replaceAll('.', '_')}`, labels[key] ?? ''] as const,
  )
  return { ...Object.fromEntries(exported), id, image, name }
}

function block(name: string, type: string, help: string, lines: readonly Line[]): string {
  if (lines.length === 0) return ''
  const printed = lines
    .map(({ labels, end }) => ({ sorted: sorted(labels), end }))
    .toSorted((a, b) => compareValues(a.sorted, b.sorted))
    .map(({ sorted, end }) => `${name}{${sorted.map(formatLabel).join()}} ${end}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${printed.join('')}`
}

type Pair = readonly [name: string, value: string]

function sorted(labels: Labels): readonly Pair[] {
  return Object.entries(labels).toSorted(([a], [b]) => compare(a, b))
}

/** Series of one family have the same names of labels, so their values decide. */
function compareValues(a: readonly Pair[], b: readonly Pair[]): number {
  const differing = a.findIndex(([, value], index) => value !== b[index]?.[1])
  return differing === -1 ? 0 : compare(a[differing]?.[1] ?? '', b[differing]?.[1] ?? '')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function formatLabel([name, value]: Pair): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
  return `${name}="${escaped}"`
}

/** As Go prints a float: the fewest digits, with an exponent below 1e-4 and from 1e6 on. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value) || value === 0) return `${value}`
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return `${value}`
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
