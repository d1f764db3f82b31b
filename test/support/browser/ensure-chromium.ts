import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ensurePrograms } from '../debian/packages.ts'
import { Unavailable, type Work } from '../testbed/work.ts'

/** What Chromium is called here and there. Debian's package has the first name. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The path of a Chromium; Debian's is installed where there is none. Rejects with `Unavailable` where it cannot be had, and says
 * what to install.
 */
export async function ensureChromium(work: Work): Promise<string> {
  const present = findChromium()
  if (present !== undefined) return present
  try {
    await ensurePrograms(['chromium'], work)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Unavailable(`install Chromium (Debian's package chromium), or run this as root. ${reason}`, {
      cause: error,
    })
  }
  const installed = findChromium()
  if (installed === undefined) throw new Unavailable('the package chromium brought no program of that name')
  return installed
}

function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
}
