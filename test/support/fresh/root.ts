import { existsSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cache, cached, removeTree } from '../debian/cached.ts'
import { debootstrap } from '../debian/debootstrap.ts'
import { mirrorOptions } from '../debian/suite-packages.ts'
import { run } from '../testbed/processes.ts'
import { repository, type Work } from '../testbed/work.ts'

const certificates = '/etc/ssl/certs/ca-certificates.crt'

/** Where the clone lies in a fresh root. */
export const clone = '/root/swarm-autoscaler'

/** A minimal Debian of that suite with its own Node.js and npm and nothing else, not even what they recommend, as a tar archive. */
async function minimal(suite: string, work: Work): Promise<string> {
  return cached(join(cache, suite, 'fresh.tar'), async (unfinished) => {
    const root = `${unfinished}.root`
    await removeTree(root)
    await debootstrap(suite, root, [], work)
    await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'))
    const install = `apt-get -q ${mirrorOptions.join(' ')} update && apt-get -q -y install --no-install-recommends nodejs npm && apt-get clean`
    await work.step(`${suite}: apt-get install nodejs npm`, () =>
      run('chroot', [root, 'sh', '-c', install], {
        env: { DEBIAN_FRONTEND: 'noninteractive' },
        timeoutMs: 1_200_000,
        signal: work.signal,
      }),
    )
    await run('tar', ['-C', root, '-cf', unfinished, '.'], { timeoutMs: 1_200_000 })
    await removeTree(root)
  })
}

/** Makes in `root` a fresh machine of that suite, with a clean clone of what is committed here, and the way out that this machine has. */
export async function freshRoot(suite: string, root: string, work: Work): Promise<void> {
  const archive = await minimal(suite, work)
  await mkdir(root, { recursive: true })
  await run('tar', ['-C', root, '-xf', archive], { timeoutMs: 1_200_000 })
  await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'))
  await writeFile(join(root, 'etc/apt/apt.conf.d/99mirror'), 'Acquire::Check-Valid-Until "false";\n')
  if (existsSync(certificates)) {
    await mkdir(join(root, 'etc/ssl/certs'), { recursive: true })
    await copyFile(certificates, join(root, certificates))
  }
  await run('git', ['clone', '--quiet', '--no-hardlinks', repository, join(root, clone)], {
    timeoutMs: 600_000,
  })
}

/** How npm reaches its registry from here, as variables of the environment. */
export async function npmSettings(): Promise<Readonly<Record<string, string>>> {
  const registry = (await run('npm', ['config', 'get', 'registry'], { cwd: repository })).trim()
  return {
    npm_config_registry: registry,
    ...(existsSync(certificates) ? { npm_config_cafile: certificates } : {}),
  }
}
