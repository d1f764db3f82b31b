import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What decides whether something can be installed here. */
export interface Machine {
  readonly platform: string
  readonly isRoot: boolean
  /** Whether a program lies where root's shell would find it. */
  readonly has: (program: string) => boolean
}

export const thisMachine: Machine = {
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  has(program) {
    const path = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`
    return path.split(delimiter).some((directory) => directory !== '' && existsSync(join(directory, program)))
  },
}
