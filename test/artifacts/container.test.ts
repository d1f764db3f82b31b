import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { settings } from '../../src/config/settings.ts'
import { filesIn, installedPackages, layOut, reachable, valuesOf } from '../support/container/image.ts'
import { endProcess } from '../support/end-process.ts'
import { freePorts } from '../support/testbed/free-ports.ts'
import { waitFor } from '../support/testbed/wait.ts'

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
    expect(services['receiver']?.volumes).toHaveLength(1)
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

const isOfSimulator = (path: string) => /^src\/(?:cli\/)?simulator\//.test(path)

describe('the image', () => {
  const [workdir = ''] = valuesOf('WORKDIR')
  const environment = Object.fromEntries(valuesOf('ENV').map((value) => value.split('=') as [string, string]))
  const { files, packages } = reachable('src/main.ts', isOfSimulator)
  let folder: string
  let copied: readonly string[]

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-image-'))
    copied = layOut(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Starts what the image would start, in the folder that it is laid out in. */
  const start = (command: readonly string[], variables: Record<string, string>) => {
    const [program, ...args] = command.map((word) => word.replace(new RegExp(`^${workdir}/`), `${folder}/`))
    expect(program).toBe('node')
    return spawn(process.execPath, args, { cwd: folder, env: variables, stdio: ['ignore', 'pipe', 'pipe'] })
  }
  const wordsOf = (instruction: string): readonly string[] =>
    JSON.parse(
      valuesOf(instruction)
        .at(-1)
        ?.replace(/^.*CMD /, '') ?? '[]',
    )

  it('serves, is healthy by its own check, and ends by the signal that Docker sends', async () => {
    const [port = 0] = await freePorts(1)
    const variables = {
      ...environment,
      AUTOSCALER_LISTEN: `127.0.0.1:${port}`,
      AUTOSCALER_DATA_DIR: join(folder, environment['AUTOSCALER_DATA_DIR'] ?? ''),
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
    }
    const receiver = start([...wordsOf('ENTRYPOINT'), ...wordsOf('CMD')], variables)
    const isHealthy = async () => {
      const [status] = await once(start(wordsOf('HEALTHCHECK'), variables), 'exit')
      return status === 0 ? true : undefined
    }
    const ended = new AbortController()
    receiver.once('exit', (status) => ended.abort(new Error(`the receiver has ended with ${status}`)))
    const limit = { for: 'the receiver to be healthy', timeoutMs: 20_000, signal: ended.signal }
    await waitFor(isHealthy, limit).finally(async () => {
      expect(await endProcess(receiver, valuesOf('STOPSIGNAL')[0] as NodeJS.Signals)).toBe(0)
    })
    expect(await isHealthy()).toBeUndefined()
  })

  it('has every file that the program loads, and none that only builds and tests need', () => {
    expect([...files].filter((path) => !copied.includes(path))).toEqual([])
    expect(files.size).toBeGreaterThan(100)
    const unused = copied.filter((path) => path.endsWith('.ts') && !files.has(path))
    expect(unused).toEqual([])
    expect(copied.filter((path) => !path.startsWith('src/'))).toEqual(['package.json'])
  })

  it.each(['backtest', 'simulate'])(
    'says in a sentence how to run %s, which it does not have',
    async (command) => {
      const child = start([...wordsOf('ENTRYPOINT'), command, '--help'], environment)
      const [[status], lines] = await Promise.all([once(child, 'exit'), text(child.stderr)])
      expect(status).toBe(1)
      expect(lines).toMatch(
        new RegExp(
          `^swarm-autoscaler: ${command} is not part of the receiver's image; .*docker run --rm swarm-autoscaler-tools ${command}.*docker build --target tools -t swarm-autoscaler-tools \\..*\n$`,
        ),
      )
    },
  )

  it('has every package that the program loads, by way of another or not, and no tool', () => {
    expect([...packages].filter((name) => !installedPackages.includes(name))).toEqual([])
    expect(read('Dockerfile')).toContain('npm ci --omit=dev --omit=optional --ignore-scripts')
    expect(installedPackages).not.toContain('typescript')
  })

  it('runs as another user than root, the one of the stack file', () => {
    const user = valuesOf('USER').at(-1)
    expect(user).not.toMatch(/^(?:root|0)?(?::|$)/)
    expect(services['receiver']?.user).toBe(user)
  })

  it('keeps its data where the stack file has a volume, and exposes the port that it listens at', () => {
    const { AUTOSCALER_DATA_DIR: data } = environment
    expect(services['receiver']?.volumes).toEqual([`receiver-data:${data}`])
    expect(valuesOf('RUN').join()).toMatch(new RegExp(`chown node:node ${data} `))
    expect(settings.AUTOSCALER_LISTEN.default.split(':')[1]).toBe(valuesOf('EXPOSE')[0])
  })

  it('is built from one base in all its stages, which a build can name by digest', () => {
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
    expect(new Set(bases)).toEqual(new Set(['$' + '{NODE_IMAGE}', 'receiver']))
    expect(read('Dockerfile')).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-trixie-slim$/m)
  })

  it('says in labels what it is', () => {
    const [label = ''] = valuesOf('LABEL')
    const labels = [...label.matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g)].map(
      ([, key, value]) => [key, value],
    )
    expect(Object.fromEntries(labels)).toEqual({
      title: 'swarm-autoscaler',
      description,
      version,
      licenses: license,
    })
  })
})

describe('the image of the tools', () => {
  it('has every file that the program loads, and no other', () => {
    const files = filesIn('tools')
    expect(files.filter((path) => path.endsWith('.ts')).toSorted()).toEqual(
      [...reachable('src/main.ts').files].toSorted(),
    )
    expect(files.some(isOfSimulator)).toBe(true)
  })

  it('is not checked for the health of a receiver, which it does not run', () => {
    expect(valuesOf('HEALTHCHECK', 'tools').at(-1)).toBe('NONE')
    expect(valuesOf('CMD', 'tools').at(-1)).toBe('["--help"]')
  })
})
