import { copyFile, cp, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Docker } from './docker.ts'
import { foreignImages, type Role } from './image-names.ts'
import { aptGet, ensurePrograms, updateLists } from './packages.ts'
import { run } from './processes.ts'
import { repository, type Work } from './work.ts'

const cache = join(repository, '.cache', 'testbed')
const sources = join(import.meta.dirname, 'stand-ins')
const hostCertificates = '/etc/ssl/certs/ca-certificates.crt'

const suite = 'bookworm'
const included = ['busybox-static', 'ca-certificates', 'libatomic1', 'nginx-light']
const debianPackage = { prometheus: 'prometheus', alertmanager: 'prometheus-alertmanager' } as const

/** Makes `path` with `make`, unless an earlier run did. A run that is interrupted leaves nothing half done under that name. */
async function cached(path: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  const present = await readdir(dirname(path)).catch(() => [] as string[])
  if (present.includes(path.slice(dirname(path).length + 1))) return path
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}`
  await rm(unfinished, { recursive: true, force: true })
  await make(unfinished)
  await rename(unfinished, path)
  return path
}

async function debianArchive(directory: string, work: Work): Promise<string> {
  return cached(join(cache, `${suite}-${included.join('-')}.tar`), async (unfinished) => {
    await ensurePrograms(['debootstrap'], work)
    const root = join(directory, 'debian')
    const options = ['--variant=minbase', `--include=${included.join(',')}`]
    await work.step(`images: a Debian ${suite} by debootstrap`, () =>
      run('debootstrap', [...options, suite, root], { timeoutMs: 600_000, signal: work.signal }),
    )
    const leftOut = ['./var/cache/apt', './var/lib/apt/lists', './usr/share/doc', './usr/share/locale']
    await run('tar', ['-C', root, ...leftOut.map((path) => `--exclude=${path}/*`), '-cf', unfinished, '.'])
    await rm(root, { recursive: true })
  })
}

/** A Debian package, unpacked but not installed. */
async function unpacked(name: string, work: Work): Promise<string> {
  return cached(join(cache, name), async (unfinished) => {
    const download = `${unfinished}.download`
    await mkdir(download, { recursive: true })
    // A machine whose lists were never fetched, or are out of date, fails the first time.
    const fetch = () => aptGet(['download', name], work, download)
    await fetch().catch(async () => {
      await updateLists(work)
      await fetch()
    })
    const [archive = ''] = await readdir(download)
    await run('dpkg-deb', ['-x', join(download, archive), unfinished])
    await writeFile(join(unfinished, 'version'), archive.split('_')[1] ?? '')
    await rm(download, { recursive: true })
  })
}

/** The npm that runs us, else the one that the shell would find. */
async function npmDirectory(): Promise<string> {
  const running = process.env['npm_execpath'] ?? ''
  const found = running.endsWith('npm-cli.js') ? running : (await run('sh', ['-c', 'command -v npm'])).trim()
  return dirname(dirname(await realpath(found)))
}

async function fillNode(context: string): Promise<string> {
  const registry = (await run('npm', ['config', 'get', 'registry'], { cwd: repository })).trim()
  await copyFile(join(repository, 'node_modules', 'node', 'bin', 'node'), join(context, 'node'))
  await cp(await npmDirectory(), join(context, 'npm'), { recursive: true, dereference: true })
  await writeFile(join(context, 'npmrc'), `cafile=${hostCertificates}\nregistry=${registry}\n`)
  return "this machine's Node and npm"
}

async function fillCadvisor(context: string): Promise<string> {
  await copyFile(join(repository, 'node_modules', 'node', 'bin', 'node'), join(context, 'node'))
  await cp(join(sources, 'cadvisor'), context, { recursive: true })
  return "an exporter of the containers' cgroups"
}

async function fillFromPackage(name: string, context: string, work: Work): Promise<string> {
  const directory = await unpacked(name, work)
  await cp(directory, context, { recursive: true })
  const version = await readFile(join(directory, 'version'), 'utf8')
  return `Debian's ${name} ${version}`
}

/** Puts into `context` what the stand-in's Dockerfile copies, and says what it is. */
async function fill(role: Role, context: string, work: Work): Promise<string> {
  switch (role) {
    case 'node':
      return fillNode(context)
    case 'prometheus':
    case 'alertmanager':
      return fillFromPackage(debianPackage[role], context, work)
    case 'cadvisor':
      return fillCadvisor(context)
    case 'socket-proxy':
      await cp(join(sources, role), context, { recursive: true })
      return "Debian's nginx with the proxy's rules"
  }
}

/**
 * Makes images under the very names that the stack file and the Dockerfiles ask for, from Debian's packages and this machine's
 * Node. `directory` is for work in progress.
 */
export async function makeStandIns(docker: Docker, directory: string, work: Work): Promise<void> {
  const archive = await debianArchive(directory, work)
  const build = (name: string, image: string, context: string) =>
    docker(
      ['build', '-q', '--network=host', '-t', image, '-f', join(sources, `${name}.Dockerfile`), context],
      {
        timeoutMs: 300_000,
        signal: work.signal,
      },
    )
  const newContext = async (name: string) => {
    const context = join(directory, 'context', name)
    await mkdir(context, { recursive: true })
    return context
  }

  await work.step('images: the base of the stand-ins', async () => {
    await docker(['import', archive, 'swarm-autoscaler-testbed/debian'], { timeoutMs: 300_000 })
    const context = await newContext('base')
    await copyFile(hostCertificates, join(context, 'ca-certificates.crt'))
    await build('base', 'swarm-autoscaler-testbed/base', context)
  })
  const standIn = async ([role, image]: readonly [Role, string]) => {
    const context = await newContext(role)
    const what = await fill(role, context, work)
    await work.step(`images: stand-in for ${image} from ${what}`, () => build(role, image, context))
  }
  await Promise.all([...foreignImages()].map(standIn))
  await rm(join(directory, 'context'), { recursive: true })
}
