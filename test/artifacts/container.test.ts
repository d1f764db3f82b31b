import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { version, description, license } = JSON.parse(read('package.json')) as Record<string, string>

interface ShippedService {
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly privileged?: boolean
  readonly healthcheck?: object
  readonly ports?: readonly object[]
  readonly volumes?: readonly string[]
}
const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Readonly<Record<string, ShippedService>>
}

describe('docker-compose.yml', () => {
  it('runs the receiver as another user than root, without capabilities, and has it write to its volume alone', () => {
    expect(services['receiver']).toMatchObject({ user: 'node', read_only: true, cap_drop: ['ALL'] })
    expect(services['receiver']?.volumes).toEqual(['receiver-data:/data'])
  })

  it('gives the receiver no socket of Docker, and publishes no port of it', () => {
    expect(JSON.stringify(services['receiver']?.volumes)).not.toContain('docker.sock')
    expect(services['receiver']?.ports).toBeUndefined()
  })

  it('adds no privilege to any service, and says nothing that a stack ignores', () => {
    for (const [name, service] of Object.entries(services)) {
      const { cap_add, privileged, security_opt } = service
      expect({ cap_add, privileged, security_opt }, name).toEqual({})
    }
  })
})

describe('Dockerfile', () => {
  const stages = read('Dockerfile').split(/^FROM /m)
  const last = (stages.at(-1) ?? '').replaceAll('\\\n', ' ')
  const lines = last.split('\n').filter((line) => !line.startsWith('#'))
  const values = (instruction: string) =>
    lines
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1))

  it('ends as another user than root', () => {
    expect(values('USER')).toEqual(['node'])
  })

  it('names a version of its base, which a build can name by digest', () => {
    expect(stages[0]).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-trixie-slim$/m)
    expect(stages.slice(1).map((stage) => stage.split(/\s/)[0])).toEqual(
      ['$', '$'].map((sign) => `${sign}{NODE_IMAGE}`),
    )
  })

  it('says in labels what the image is', () => {
    const labels = Object.fromEntries(
      [...last.matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        value,
      ]),
    )
    expect(labels).toEqual({ title: 'swarm-autoscaler', description, version, licenses: license })
  })

  it('leaves what only builds and tests need out of the image', () => {
    expect(values('COPY')).toEqual([
      '--from=dependencies /app/node_modules ./node_modules',
      'package.json ./',
      'src ./src',
    ])
    expect(stages[1]).toContain('npm ci --omit=dev --omit=optional --ignore-scripts')
    expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['*', '!src', '**/*.test.ts']))
  })

  it('asks for health with the program itself, and ends it by the signal that it heeds', () => {
    const [check = ''] = values('HEALTHCHECK')
    expect(check).toMatch(/CMD \["node", "\/app\/src\/main\.ts", "health"\]$/)
    expect(values('STOPSIGNAL')).toEqual(['SIGTERM'])
  })
})
