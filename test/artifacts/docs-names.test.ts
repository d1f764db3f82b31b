import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isSecret, settingNames } from '../../src/config/settings.ts'
import { labelKeys } from '../../src/policy/label-keys.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { commandHelp } from '../support/fakes/command-run.ts'
import { codeOf, type DocPage, docPages } from './doc-pages.ts'
import { RULE_FILES, readRuleFile } from './shipped-files.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
/** What is, and not what was: the changelog and the decisions may name things that are gone. */
const pages = docPages.filter(({ path }) => path !== 'CHANGELOG.md' && !path.startsWith('docs/decisions/'))

/** Each name that the pattern finds and that is not known, with its page. Lines that show a mistake are left out. */
function unknown(pattern: RegExp, isKnown: (name: string) => boolean): readonly string[] {
  const found = pages.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => !/did you mean|no such setting|is not a label/.test(line))
      .flatMap((line) => [...line.matchAll(pattern)].map(([, name = '']) => [path, name] as const)),
  )
  expect(found.length).toBeGreaterThan(10)
  return found.filter(([, name]) => !isKnown(name)).map(([path, name]) => `${path}: ${name}`)
}

const rules = RULE_FILES.flatMap(readRuleFile).flatMap((group) => group.rules)

describe('what the pages name is there:', () => {
  it('labels', () => {
    const keys = [...labelKeys, 'target.<name>', 'state.<name>'].map((key) =>
      key.split('.').map((part) => (part === '<name>' ? String.raw`[\w<>*-]+` : part)),
    )
    // `autoscaler.schedule.<name>.*` and `autoscaler.up` stand for all beneath them.
    const patterns = keys.flatMap((parts) =>
      parts.map((_, index) => new RegExp(`^${parts.slice(0, index + 1).join(String.raw`\.`)}(?:\\.\\*)?$`)),
    )
    // The one label that is no service's: it marks the network.
    const isKnown = (name: string) => name === 'scrape' || patterns.some((pattern) => pattern.test(name))
    expect(unknown(/(?<![\w-])autoscaler\.([a-z](?:[\w<>*-]|\.(?=[\w<*]))*)/g, isKnown)).toEqual([])
  })

  it('settings', () => {
    const settings = settingNames.flatMap((name) => (isSecret(name) ? [name, `${name}_FILE`] : [name]))
    const ofStack = [...read('docker-compose.yml').matchAll(/\$\{(AUTOSCALER_\w+)/g)].map(([, name]) => name)
    const known = new Set<string | undefined>([...settings, ...ofStack])
    expect(unknown(/\b(AUTOSCALER_[A-Z][A-Z_]*)/g, (name) => known.has(name))).toEqual([])
  })

  it('npm scripts', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(unknown(/npm run ([\w:-]+)/g, (name) => name in scripts)).toEqual([])
  })

  it('files of the code, the tests and the docs', () => {
    const isThere = (path: string) => globSync(path, { cwd: ROOT }).length > 0
    expect(unknown(/`((?:src|test|docs|bench|setup)\/[\w./*{},-]+)`/g, isThere)).toEqual([])
  })

  it('metrics', () => {
    const registry = new Registry()
    new Metrics(registry, '1.2.3')
    const known = new Set(
      registry
        .getMetricsAsArray()
        .flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]),
    )
    expect(unknown(/\b(swarm_autoscaler_[a-z]\w*)/g, (name) => known.has(name))).toEqual([])
  })

  it('recording rules', () => {
    // A queue of another name is recorded by the user.
    const known = new Set([...rules.map(({ record }) => record), 'swarm_autoscaler:queue_items'])
    expect(unknown(/\b(swarm_autoscaler:[a-z][\w:]*[a-z\d])(?!\w)/g, (name) => known.has(name))).toEqual([])
  })

  it('alerts', () => {
    const known = new Set(rules.map(({ alert }) => alert))
    expect(
      unknown(/\b(Swarm(?:Autoscaler|Service|Capacity|Forecast)[A-Z]\w+)(?![\w…])/g, (name) =>
        known.has(name),
      ),
    ).toEqual([])
  })
})

/** How pages call the program: by its name, by its file, in its image, or by the function that one of them defines. */
const call =
  /(?:(?:^|[\s(])(?:swarm-autoscaler(?::[\w.-]+)?|"\$AUTOSCALER_IMAGE"|node (?:\/app\/)?src\/main\.ts)|^autoscaler) ([a-z]+)(?![\w=:/.-])([^|;>)]*)/g

const callsOf = (page: DocPage) =>
  codeOf(page).flatMap((line) =>
    [...line.matchAll(call)].map(([, command = '', rest = '']) => ({ page: page.path, command, rest })),
  )

const usage = await commandHelp()
const commands = [...usage.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, command = '']) => command)

describe('every call of a command in the pages', () => {
  const calls = pages.flatMap(callsOf)

  it('names one that there is', () => {
    expect(commands).toContain('serve')
    expect(calls.length).toBeGreaterThan(50)
    expect(calls.filter(({ command }) => !commands.includes(command))).toEqual([])
  })

  it.each(commands)('%s has only flags that its help names', async (name) => {
    const help = await commandHelp(name)
    const wrong = calls
      .filter(({ command }) => command === name)
      .flatMap(({ page, rest }) =>
        [...rest.matchAll(/(?<=^|\s)(--[a-z-]+)/g)].map(([flag]) => `${page}: ${flag}`),
      )
      .filter((flag) => !help.includes(flag.split(': ')[1] ?? ''))
    expect(wrong).toEqual([])
  })
})

describe('docs/sizing.md', () => {
  it('has the limits of the stack file', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { deploy: { resources: { limits: { cpus: string; memory: string } } } }>
    }
    const limits = Object.entries(services).map(([name, { deploy }]) => {
      const { cpus, memory } = deploy.resources.limits
      return [name, cpus, memory]
    })
    const rows = read('docs/sizing.md').matchAll(/^\| `([\w-]+)` \| ([\d.]+) \| (\d+[MG]) \|/gm)
    expect([...rows].map(([, ...cells]) => cells).toSorted()).toEqual(limits.toSorted())
  })
})

describe('CONTRIBUTING.md', () => {
  it('says of every room what biome.json lets it import', () => {
    const allowed = [...read('biome.json').matchAll(/src\/(\w+) may import only from ([^:]+):/g)].map(
      ([, room, from = '']) => [room, from.includes('itself') ? '' : from.replaceAll('src/', '')],
    )
    const rows = [...read('CONTRIBUTING.md').matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(
      ([, room, from = '']) => [room, from === 'nothing else' ? '' : from.replaceAll('`', '').trim()],
    )
    const ofCli = rows.findIndex(([room]) => room === 'cli')
    expect(rows[ofCli]?.[1]).toBe('all of these')
    expect(rows.toSpliced(ofCli, 1).toSorted()).toEqual(allowed.filter(([room]) => room !== 'cli').toSorted())
  })
})
