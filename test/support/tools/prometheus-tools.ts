/**
 * promtool, amtool and Alertmanager itself, for tests that hold the shipped rules and configuration against the real thing.
 *
 * What is on the PATH is used. On Debian the rest is unpacked from Debian's own packages into `.cache/prometheus-tools`
 * of this repository; nothing is installed on the host.
 */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const PACKAGES = ['prometheus', 'prometheus-alertmanager'] as const
const CACHE = join(import.meta.dirname, '../../../.cache')
const UNPACKED = join(CACHE, 'prometheus-tools')

/** Each tool by the names that its executable has: Debian has another one for Alertmanager. */
const NAMES = {
  promtool: ['promtool'],
  amtool: ['amtool'],
  alertmanager: ['alertmanager', 'prometheus-alertmanager'],
} as const

/** Absolute paths of executables, all of them present. */
export type PrometheusTools = Readonly<Record<keyof typeof NAMES, string>>

/** Says what to install. `cause` is what went wrong on the way to getting it without the user. */
class ToolsUnavailable extends Error {
  override readonly name = 'ToolsUnavailable'

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      'promtool, amtool and alertmanager are needed. On Debian or Ubuntu: ' +
        `apt-get install ${PACKAGES.join(' ')}. Elsewhere: put the releases of Prometheus (2.42 or newer) and ` +
        `Alertmanager (0.25 or newer) on the PATH. (Could not fetch them here: ${reason.trim()})`,
      { cause },
    )
  }
}

/**
 * Finds the tools, and gets them first where Debian's package tools can. Safe to call from several processes at once:
 * the cache appears whole or not at all. Throws `ToolsUnavailable`.
 */
export async function prometheusTools(): Promise<PrometheusTools> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const folders = [...onPath, join(UNPACKED, 'usr/bin')]
  const present = await locate(folders)
  if (present !== undefined) return present
  try {
    await unpack()
  } catch (error) {
    throw new ToolsUnavailable(error)
  }
  const unpacked = await locate(folders)
  if (unpacked !== undefined) return unpacked
  throw new ToolsUnavailable(`${UNPACKED} is incomplete: remove it and try again`)
}

async function locate(folders: readonly string[]): Promise<PrometheusTools | undefined> {
  const find = (names: readonly string[]) =>
    firstExecutable(folders.flatMap((folder) => names.map((name) => join(folder, name))))
  const [promtool, amtool, alertmanager] = await Promise.all([
    find(NAMES.promtool),
    find(NAMES.amtool),
    find(NAMES.alertmanager),
  ])
  if (promtool === undefined || amtool === undefined || alertmanager === undefined) return undefined
  return { promtool, amtool, alertmanager }
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await access(path, constants.X_OK)
      return path
    } catch {
      // Not this one.
    }
  }
  return undefined
}

async function unpack(): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  const work = await mkdtemp(join(CACHE, 'prometheus-tools-'))
  try {
    await download(work)
    const root = join(work, 'root')
    for (const file of (await readdir(work)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', join(work, file), root])
    }
    await renameUnlessThere(root, UNPACKED)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A machine that has never seen `apt-get update`, or not lately, knows no such package or one that is gone. */
async function download(folder: string): Promise<void> {
  const fetchPackages = () => run('apt-get', ['download', '-q', ...PACKAGES], { cwd: folder })
  try {
    await fetchPackages()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw error
    await run('apt-get', ['update', '-q'])
    await fetchPackages()
  }
}

async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    const lostTheRace =
      error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')
    if (!lostTheRace) throw error
  }
}
