import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run, startTicks } from '../testbed/processes.ts'
import { repository } from '../testbed/work.ts'

/** What is downloaded, or made of it, once for all runs in this checkout. */
export const cache = join(repository, '.cache')

/**
 * Makes `path` with `make`, unless an earlier run did. Several processes may ask for it at once: one makes it, and the others wait. A run
 * that is interrupted leaves nothing half done under that name.
 */
export async function cached(path: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  mkdirSync(dirname(path), { recursive: true })
  const lock = `${path}.lock`
  while (!existsSync(path)) {
    if (!lockFor(lock)) {
      await sleep(200)
      continue
    }
    const unfinished = `${path}.unfinished`
    try {
      await rm(unfinished, { recursive: true, force: true })
      if (!existsSync(path)) {
        await make(unfinished)
        await rename(unfinished, path)
      }
    } finally {
      await rm(unfinished, { recursive: true, force: true })
      rmSync(lock, { recursive: true, force: true })
    }
  }
  return path
}

/** Removes a whole root file system, however long a busy disk takes; nothing that is mounted in it. */
export async function removeTree(path: string): Promise<void> {
  await run('rm', ['-rf', '--one-file-system', path], { timeoutMs: 1_800_000 })
}

/** Takes the lock, also from a process that has ended without giving it back. */
function lockFor(lock: string): boolean {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, 'owner'), ownerOf(process.pid))
    return true
  } catch {
    if (hasOwner(lock)) return false
    rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function ownerOf(pid: number): string {
  return `${pid} ${startTicks(pid) ?? ''}`
}

function hasOwner(lock: string): boolean {
  try {
    const owner = readFileSync(join(lock, 'owner'), 'utf8')
    return owner === ownerOf(Number(owner.split(' ')[0]))
  } catch {
    // It is being taken at this moment, or was given back.
    return true
  }
}
