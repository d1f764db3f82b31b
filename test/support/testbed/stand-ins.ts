import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cache, cached } from '../debian/cached.ts'
import { unpacked } from '../debian/suite-packages.ts'
import { baseArchive, engineRoot } from '../debian/suite-root.ts'
import { all } from './clean-up.ts'
import type { Docker } from './docker.ts'
import { foreignImages, type Role } from './image-names.ts'
import { run } from './processes.ts'
import { repository, type Work } from './work.ts'

const sources = join(import.meta.dirname, 'stand-ins')
const hostCertificates = '/etc/ssl/certs/ca-certificates.crt'

/** The npm of the image of Node. */
const npm = 'npm@11.19.1'

/** Whose files the image of a role has. The version is that of the first. */
const debianPackages = {
  prometheus: ['prometheus', 'promtool'],
  alertmanager: ['prometheus-alertmanager'],
} as const

/** The certificates that this machine trusts. One that has no bundle of them goes by Debian's. */
async function trustedCertificates(work: Work): Promise<string> {
  return existsSync(hostCertificates) ? hostCertificates : join(await engineRoot(work), hostCertificates)
}

/** A whole npm, from the registry: that of a Linux distribution may be spread over many folders. */
async function npmFolder(work: Work): Promise<string> {
  const folder = await cached(join(cache, npm), async (unfinished) => {
    await mkdir(unfinished)
    const options = ['--prefix', unfinished, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
    await run('npm', ['install', ...options, npm], { timeoutMs: 600_000, signal: work.signal })
  })
  return join(folder, 'node_modules/npm')
}

async function fillNode(context: string, work: Work): Promise<string> {
  const registry = (await run('npm', ['config', 'get', 'registry'], { cwd: repository })).trim()
  await copyFile(join(repository, 'node_modules', 'node', 'bin', 'node'), join(context, 'node'))
  await cp(await npmFolder(work), join(context, 'npm'), { recursive: true, dereference: true })
  await writeFile(join(context, 'npmrc'), `cafile=${hostCertificates}\nregistry=${registry}\n`)
  return `Node of this project and ${npm}`
}

async function fillCadvisor(context: string): Promise<string> {
  await copyFile(join(repository, 'node_modules', 'node', 'bin', 'node'), join(context, 'node'))
  await cp(join(sources, 'cadvisor'), context, { recursive: true })
  return "an exporter of the containers' cgroups"
}

async function fillFromPackages(names: readonly string[], context: string, work: Work): Promise<string> {
  const directories = await Promise.all(names.map((name) => unpacked(name, work)))
  // Debian 12 has promtool in the package of Prometheus, and none of that name.
  for (const directory of directories.toReversed()) await cp(directory, context, { recursive: true })
  const version = await readFile(join(context, 'version'), 'utf8')
  return `Debian's ${names[0]} ${version}`
}

/** Puts into `context` what the stand-in's Dockerfile copies, and says what it is. */
async function fill(role: Role, context: string, work: Work): Promise<string> {
  switch (role) {
    case 'node':
      return fillNode(context, work)
    case 'prometheus':
    case 'alertmanager':
      return fillFromPackages(debianPackages[role], context, work)
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
  const archive = await baseArchive(work)
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
    await copyFile(await trustedCertificates(work), join(context, 'ca-certificates.crt'))
    await build('base', 'swarm-autoscaler-testbed/base', context)
  })
  const standIn = async ([role, image]: readonly [Role, string]) => {
    const context = await newContext(role)
    const what = await fill(role, context, work)
    await work.step(`images: stand-in for ${image} from ${what}`, () => build(role, image, context))
  }
  await all([...foreignImages()].map(standIn))
  await rm(join(directory, 'context'), { recursive: true })
}
