import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { isSecret, settingNames } from '../../src/config/settings.ts'
import { blocksOf, type Yaml } from '../support/documented-yaml.ts'
import { aCa, aCertificate } from '../support/tls/certificates.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { ALERTMANAGER_CONFIG, PROMETHEUS_CONFIG } from './shipped-files.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
const page = read('docs/access.md')
const [alertmanagerBlocks, prometheusBlocks] = [
  blocksOf(page, 'alertmanager.yml'),
  blocksOf(page, 'prometheus.yml'),
]

const folder = mkdtempSync(join(tmpdir(), 'access-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

type StackFile = {
  services: Record<string, { environment?: Record<string, string>; secrets: { source: string }[] }>
  secrets: Yaml
}

/** The secrets that the page names, as files that are there: promtool wants them to be. */
async function writeSecrets(): Promise<void> {
  const ca = await aCa()
  const { cert, key } = await aCertificate(ca)
  const contents: Readonly<Record<string, string>> = { ca: ca.cert, cert, key, token: 'a-good-token\n' }
  for (const [, name = '', kind = ''] of page.matchAll(/\/run\/secrets\/(\w+_(ca|cert|key|token))/g))
    writeFileSync(join(folder, name), contents[kind] ?? '')
}
await writeSecrets()

/** A shipped file in which what the block names stands in the place of what has that name. */
function written(file: string, block: Yaml, list: string, key: string): string {
  const shipped = parse(readFileSync(file, 'utf8')) as Record<string, Yaml[]>
  const [one] = block[list] as [Yaml]
  const merged = {
    ...shipped,
    ...(list === 'scrape_configs' ? { rule_files: [] } : {}),
    [list]: shipped[list]?.map((old) => (old[key] === one[key] ? one : old)),
  }
  const path = join(folder, 'config.yml')
  writeFileSync(path, stringify(merged).replaceAll('/run/secrets/', `${folder}/`))
  return path
}

describe('docs/access.md', () => {
  it('has all three ways for both', () => {
    const ways = (blocks: readonly Yaml[]) =>
      blocks.map((block) => /authorization|basic_auth|tls_config/.exec(JSON.stringify(block))?.[0])
    expect(ways(alertmanagerBlocks)).toEqual(['authorization', 'basic_auth', 'tls_config'])
    expect(ways(prometheusBlocks)).toEqual(['authorization', 'basic_auth', 'tls_config'])
  })

  it('keeps all else of what is shipped', () => {
    const shipped = parse(readFileSync(ALERTMANAGER_CONFIG, 'utf8')) as { receivers: Yaml[] }
    const jobs = parse(readFileSync(PROMETHEUS_CONFIG, 'utf8')) as { scrape_configs: Yaml[] }
    const receiver = shipped.receivers.find(({ name }) => name === 'swarm-autoscaler') as {
      webhook_configs: [Yaml]
    }
    for (const block of alertmanagerBlocks) {
      const [{ webhook_configs }] = block['receivers'] as [{ webhook_configs: [Yaml] }]
      const { http_config, url, ...rest } = webhook_configs[0]
      expect(http_config).toBeDefined()
      expect({ ...rest, url: String(url).replace('https:', 'http:') }).toEqual(receiver.webhook_configs[0])
    }
    const job = jobs.scrape_configs.find(({ job_name }) => job_name === 'swarm-autoscaler')
    for (const block of prometheusBlocks)
      expect((block['scrape_configs'] as [Yaml])[0]).toMatchObject(job ?? {})
  })

  it('names only settings that there are, and every one of access', () => {
    const known = settingNames.flatMap((name) => (isSecret(name) ? [name, `${name}_FILE`] : [name]))
    for (const [name] of page.matchAll(/AUTOSCALER_\w+/g)) expect(known).toContain(name)
    for (const name of settingNames.filter((one) => /_TOKEN$|_TLS_/.test(one))) expect(page).toContain(name)
  })

  it.each([
    ['access.yml', /_token$/],
    ['tls.yml', /_(ca|cert|key)$/],
  ])('has %s, whose services are those of the stack, with a secret for each file', (name, itsSecrets) => {
    const [file] = blocksOf(page, name) as [StackFile]
    const stack = parse(read('docker-compose.yml'), { merge: true }) as { services: Yaml }
    expect(Object.keys(stack.services)).toEqual(expect.arrayContaining(Object.keys(file.services)))
    const mounted = (service: string) => file.services[service]?.secrets.map(({ source }) => source) ?? []
    const paths = Object.values(file.services['receiver']?.environment ?? {})
    expect(paths).toEqual(mounted('receiver').map((source) => `/run/secrets/${source}`))
    const all = new Set(Object.keys(file.services).flatMap(mounted))
    expect(Object.keys(file.secrets)).toEqual([...all])
    const blocks = { alertmanager: alertmanagerBlocks, prometheus: prometheusBlocks }
    for (const [service, its] of Object.entries(blocks)) {
      const named = [...JSON.stringify(its).matchAll(/\/run\/secrets\/(\w+)/g)].map(
        ([, secret = '']) => secret,
      )
      const wanted = new Set(named.filter((secret) => itsSecrets.test(secret)))
      expect(mounted(service).toSorted()).toEqual([...wanted].toSorted())
    }
  })
})

await describeWithTools('with a block of docs/access.md', ({ promtool, amtool }) => {
  it.each(alertmanagerBlocks.map((block) => [block]))(
    'Alertmanager loads its configuration: %j',
    async (block) => {
      const path = written(ALERTMANAGER_CONFIG, block, 'receivers', 'name')
      const { exitCode, output } = await runTool(amtool, ['check-config', path])
      expect(exitCode, output).toBe(0)
    },
  )

  it.each(prometheusBlocks.map((block) => [block]))(
    'Prometheus loads its configuration: %j',
    async (block) => {
      const path = written(PROMETHEUS_CONFIG, block, 'scrape_configs', 'job_name')
      const { exitCode, output } = await runTool(promtool, ['check', 'config', path])
      expect(exitCode, output).toBe(0)
    },
  )
})
