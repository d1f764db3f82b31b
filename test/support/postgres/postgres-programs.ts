import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ensurePrograms } from '../debian/packages.ts'
import { newWork, Unavailable } from '../testbed/work.ts'

/** Where Debian has them: a folder for each version, none of them on the PATH. */
const debianFolder = '/usr/lib/postgresql'

/** The folder of `postgres` and `initdb`; on Debian they are installed first, without starting any service. Throws `Unavailable`. */
export async function postgresPrograms(): Promise<string> {
  const there = folderOfPrograms()
  if (there !== undefined) return there
  if (process.getuid?.() !== 0) throw new Unavailable('postgres is missing: install PostgreSQL 15 or newer')
  await ensurePrograms(['postgres'], newWork(console.log))
  const installed = folderOfPrograms()
  if (installed !== undefined) return installed
  throw new Unavailable(`postgres is installed, but neither on the PATH nor in ${debianFolder}`)
}

function folderOfPrograms(): string | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : []
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a))
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...newestFirst.map((version) => join(debianFolder, version, 'bin')),
  ]
  return folders.find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')))
}
