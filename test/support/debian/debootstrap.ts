import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../testbed/processes.ts'
import type { Work } from '../testbed/work.ts'
import { ensurePrograms } from './packages.ts'

const scripts = '/usr/share/debootstrap/scripts'

/** Makes a minimal Debian of that suite in the folder `root`, with the packages `included`. Needs root. */
export async function debootstrap(
  suite: string,
  root: string,
  included: readonly string[],
  work: Work,
): Promise<void> {
  await ensurePrograms(['debootstrap'], work)
  // A suite that is newer than this machine's debootstrap is made as the one that all suites come from.
  const script = existsSync(join(scripts, suite)) ? [] : ['', 'sid']
  const more = included.length === 0 ? [] : [`--include=${included.join(',')}`]
  await work.step(`a Debian ${suite} by debootstrap`, () =>
    run('debootstrap', ['--variant=minbase', ...more, suite, root, ...script], {
      timeoutMs: 1_200_000,
      signal: work.signal,
    }),
  )
}
