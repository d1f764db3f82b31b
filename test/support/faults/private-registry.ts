import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unpacked } from '../debian/suite-packages.ts'
import { type Docker, dockerOn } from '../testbed/docker.ts'
import type { JoinedEngine } from '../testbed/engine.ts'
import { freePorts } from '../testbed/free-ports.ts'
import { foreignImages } from '../testbed/image-names.ts'
import { run } from '../testbed/processes.ts'
import { waitFor } from '../testbed/wait.ts'
import { newWork, type Work } from '../testbed/work.ts'

const user = 'somebody'
const password = 'a-test-password'
/** Of that password, by bcrypt: the registry knows no other kind. */
const passwordHash = '$2y$05$abcdefghijklmnopqrstuukvYklUfnuUBF63ESy2SqVoti7eMfK2C'

/** A registry that gives nothing to who has no credentials. */
export interface PrivateRegistry {
  /** The docker command of a logged-in user. */
  readonly docker: Docker
  /** An image in the registry, which the engine does not have. Its tasks run `/bin/busybox`. */
  readonly image: string
  readonly close: () => Promise<void>
}

/** Starts a registry on a private engine, where the engine reaches it on its loopback interface. */
export async function startPrivateRegistry(engine: JoinedEngine): Promise<PrivateRegistry> {
  const work = newWork(() => {})
  const folder = await mkdtemp(join(tmpdir(), 'private-registry-'))
  const [port = 0] = await freePorts(1)
  const container = `private-registry-${engine.id}-${process.pid}`
  const image = `127.0.0.1:${port}/sleeper:1`
  const docker = dockerOn(engine.dockerHost, { DOCKER_CONFIG: join(folder, 'client') })
  const close = async () => {
    await engine.docker(['rm', '--force', '--volumes', container])
    await rm(folder, { recursive: true })
  }
  try {
    await configure(folder, port)
    const binaries = join(await unpacked('docker-registry', work), 'usr', 'bin')
    await engine.docker([
      ...[
        'run',
        '--detach',
        '--name',
        container,
        '--network',
        'host',
        '--volume',
        `${folder}:/etc/registry:ro`,
      ],
      ...[
        '--volume',
        `${binaries}:/registry:ro`,
        '--tmpfs',
        '/data',
        '--entrypoint',
        '/registry/docker-registry',
      ],
      ...[foreignImages().get('node') ?? '', 'serve', '/etc/registry/config.json'],
    ])
    const login = ['login', '--username', user, '--password-stdin', `127.0.0.1:${port}`]
    await waitFor(() => docker(login, { input: password }), {
      for: 'the registry to accept a login',
      timeoutMs: 20_000,
      explain: () => engine.docker(['logs', container], { withErrors: true }),
    })
    await importSleeper(docker, await busybox(work), image, folder)
    await docker(['push', '--quiet', image])
    await docker(['image', 'rm', image])
    return { docker, image, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function configure(folder: string, port: number): Promise<void> {
  const configuration = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: '/data' } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: 'registry', path: '/etc/registry/htpasswd' } },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(configuration))
  await writeFile(join(folder, 'htpasswd'), `${user}:${passwordHash}\n`)
}

/** An image of one program that needs no other file. */
async function importSleeper(docker: Docker, program: string, image: string, folder: string): Promise<void> {
  await mkdir(join(folder, 'root', 'bin'), { recursive: true })
  await cp(program, join(folder, 'root', 'bin', 'busybox'))
  const archive = join(folder, 'sleeper.tar')
  await run('tar', ['-C', join(folder, 'root'), '-cf', archive, '.'])
  await docker(['import', archive, image])
}

/** Debian's busybox, wherever its suite puts it. */
async function busybox(work: Work): Promise<string> {
  const folder = await unpacked('busybox-static', work)
  return ['usr/bin/busybox', 'bin/busybox'].map((path) => join(folder, path)).find(existsSync) ?? ''
}
