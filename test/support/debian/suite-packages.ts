import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { run } from '../testbed/processes.ts'
import { Unavailable, type Work } from '../testbed/work.ts'
import { cache, cached } from './cached.ts'
import { aptGet } from './packages.ts'
import { suite } from './suites.ts'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const mirror = 'http://deb.debian.org/debian'

/** A mirror may stand still for longer than its lists are meant to be used. */
export const mirrorOptions = ['-o', 'Acquire::Check-Valid-Until=false']

/** apt-get's view of one suite, beside that of the machine: it touches nothing of the machine's, and needs no root. */
async function suiteLists(work: Work): Promise<readonly string[]> {
  const folder = join(cache, suite(), 'apt')
  const options = [
    ...option('Dir::State::lists', join(folder, 'lists')),
    ...option('Dir::State::status', '/dev/null'),
    ...option('Dir::Cache', folder),
    ...option('Dir::Etc::SourceList', join(folder, 'sources.list')),
    ...['Dir::Etc::SourceParts', 'Dir::Etc::Preferences', 'Dir::Etc::PreferencesParts'].flatMap((key) =>
      option(key, '/dev/null'),
    ),
    ...mirrorOptions,
    // apt's own user could not write into this folder.
    ...option('APT::Sandbox::User', ''),
  ]
  await cached(folder, async (unfinished) => {
    if (!existsSync(keyring)) throw new Unavailable(`${keyring} is missing: install debian-archive-keyring`)
    await mkdir(join(unfinished, 'lists', 'partial'), { recursive: true })
    await writeFile(
      join(unfinished, 'sources.list'),
      `deb [signed-by=${keyring}] ${mirror} ${suite()} main\n`,
    )
    const here = options.map((text) => text.replace(folder, unfinished))
    await work.step(`packages: the list of Debian ${suite()}`, () => aptGet([...here, 'update'], work))
  })
  return options
}

function option(key: string, value: string): readonly string[] {
  return ['-o', `${key}=${value}`]
}

/** Whether the suite has a package of that name: suites divide programs in different ways. */
async function has(name: string, options: readonly string[]): Promise<boolean> {
  const policy = await run('apt-cache', [...options, 'policy', name])
  return /Candidate: (?!\(none\))/.test(policy)
}

/** A package of the suite, unpacked but not installed, with its version in a file `version`; an empty folder if the suite has none of that name. */
export async function unpacked(name: string, work: Work): Promise<string> {
  return cached(join(cache, suite(), name), async (unfinished) => {
    const options = await suiteLists(work)
    await mkdir(unfinished)
    if (!(await has(name, options))) return
    const download = join(unfinished, 'download')
    await mkdir(download)
    const fetch = () => aptGet([...options, 'download', name], work, download)
    // A mirror keeps no version for long that a newer one has replaced.
    await fetch().catch(async () => {
      await aptGet([...options, 'update'], work)
      await fetch()
    })
    const [archive = ''] = await readdir(download)
    await run('dpkg-deb', ['-x', join(download, archive), unfinished])
    await writeFile(join(unfinished, 'version'), archive.split('_')[1] ?? '')
    await rm(download, { recursive: true })
  })
}

/** The loader of the suite's C library, which starts the suite's programs on a machine of another suite. */
const loaders = { x64: 'ld-linux-x86-64.so.2', arm64: 'ld-linux-aarch64.so.1' } as const
const triplets = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' } as const

async function loader(work: Work): Promise<readonly string[]> {
  const machine = arch()
  if (machine !== 'x64' && machine !== 'arm64')
    throw new Unavailable(`there are no programs of Debian's for ${machine} here`)
  const library = await unpacked('libc6', work)
  const folder = ['usr/lib', 'lib']
    .map((parent) => join(library, parent, triplets[machine]))
    .find((path) => existsSync(join(path, loaders[machine])))
  if (folder === undefined) throw new Error(`${library} has no ${loaders[machine]}`)
  return [join(folder, loaders[machine]), '--library-path', folder]
}

/**
 * The path of a program of the suite, which needs no other library than C's: it runs here, whatever this machine's libraries are.
 * `packages`: where it may be, since suites divide programs among packages in different ways.
 */
export async function suiteProgram(name: string, packages: readonly string[], work: Work): Promise<string> {
  return cached(join(cache, suite(), 'bin', name), async (unfinished) => {
    const executable = await findProgram(name, packages, work)
    const words = [...(await loader(work)), executable].map((word) => `'${word}'`).join(' ')
    await writeFile(unfinished, `#!/bin/sh\nexec ${words} "$@"\n`)
    await chmod(unfinished, 0o755)
  })
}

async function findProgram(name: string, packages: readonly string[], work: Work): Promise<string> {
  for (const each of packages) {
    const path = join(await unpacked(each, work), 'usr/bin', name)
    if (existsSync(path)) return path
  }
  throw new Error(`Debian ${suite()} has no ${name} in ${packages.join(', ')}`)
}
