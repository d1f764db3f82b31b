import { closeSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs'

/** The last path before the arguments in `exec … "$@"`, in quotes or without. */
const executed = /^exec .*?(?:'([^']+)'|(\S+)) "\$@"$/m

/**
 * The program that `executable` runs: itself, behind whatever links, or where it is a shell script that hands its arguments on to a
 * program (as those do that start a program with the loader of another system), that program.
 */
export function programOf(executable: string): string {
  const path = realpathSync(executable)
  if (!isScript(path)) return path
  const [, quoted, plain] = executed.exec(readFileSync(path, 'utf8')) ?? []
  return quoted ?? plain ?? path
}

function isScript(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(2)
    readSync(file, start)
    return start.toString() === '#!'
  } finally {
    closeSync(file)
  }
}
