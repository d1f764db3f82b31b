import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { run } from '../testbed/processes.ts'

/** A disk in memory, mounted in a folder of its own. */
export class SmallDisk {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Rejects where nothing may be mounted here. */
  static async mount(kilobytes: number): Promise<SmallDisk> {
    const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-disk-'))
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder])
      return new SmallDisk(folder)
    } catch (error) {
      rmSync(folder, { recursive: true })
      throw error
    }
  }

  async remount(options: string): Promise<void> {
    await run('mount', ['-o', `remount,${options}`, this.folder])
  }

  /** Leaves no byte of room. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.folder)
    writeFileSync(this.#filler, Buffer.alloc(bavail * bsize))
  }

  makeRoom(): void {
    rmSync(this.#filler, { force: true })
  }

  async unmount(): Promise<void> {
    await run('umount', ['--lazy', this.folder])
    rmSync(this.folder, { recursive: true })
  }

  get #filler(): string {
    return join(this.folder, 'filler')
  }
}

/**
 * A block of tests that mount a disk of their own, which takes root. Elsewhere it is skipped and the console says so; with CI=true that
 * is a failure instead.
 */
export async function describeWithDisk(title: string, define: () => void): Promise<void> {
  const disk = await SmallDisk.mount(64).catch((error: unknown) => {
    if (process.env['CI'] === 'true') throw error
    console.warn(`SKIPPED: ${title}. It mounts a disk in memory: run it as root.`)
    return undefined
  })
  await disk?.unmount()
  if (disk === undefined) describe.skip(title, () => it('needs to mount a disk', () => undefined))
  else describe(title, define)
}
