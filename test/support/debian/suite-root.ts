import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../testbed/processes.ts'
import { Unavailable, type Work } from '../testbed/work.ts'
import { cache, cached, removeTree } from './cached.ts'
import { debootstrap } from './debootstrap.ts'
import { mirrorOptions } from './suite-packages.ts'
import { suite } from './suites.ts'

/** What every image of the test bed begins with. */
const inImages = ['busybox-static', 'ca-certificates', 'libatomic1', 'nginx-light']

/** What an engine needs, by all the names that suites have for it. */
const ofEngine = ['docker.io', 'docker-cli', 'containerd', 'runc', 'iptables', 'iproute2', 'procps']

/** Root file system of the suite as debootstrap makes it, with what images need, as a tar archive. Needs root. */
export async function baseArchive(work: Work): Promise<string> {
  return cached(join(cache, suite(), 'base.tar'), async (unfinished) => {
    const root = `${unfinished}.root`
    await removeTree(root)
    await debootstrap(suite(), root, inImages, work)
    const leftOut = ['./var/cache/apt', './var/lib/apt/lists', './usr/share/doc', './usr/share/locale']
    await run('tar', ['-C', root, ...leftOut.map((path) => `--exclude=${path}/*`), '-cf', unfinished, '.'], {
      timeoutMs: 1_200_000,
    })
    await removeTree(root)
  })
}

/** A root file system of the suite with its Docker engine, to be mounted over this machine's for an engine alone. Needs root. */
export async function engineRoot(work: Work): Promise<string> {
  return cached(join(cache, suite(), 'engine'), async (unfinished) => {
    const archive = await baseArchive(work)
    await mkdir(unfinished)
    await run('tar', ['-C', unfinished, '-xf', archive], { timeoutMs: 1_200_000 })
    await copyFile('/etc/resolv.conf', join(unfinished, 'etc/resolv.conf'))
    // Debian asks this file whether a package may start its service.
    await writeFile(join(unfinished, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    await work.step(`engine: Docker of Debian ${suite()}`, () => installEngine(unfinished, work))
    if (!(await readdir(join(unfinished, 'usr/sbin'))).includes('dockerd'))
      throw new Unavailable(`Debian ${suite()} brought no dockerd`)
  })
}

/** Installs in a mount namespace of its own, so that nothing stays mounted whatever happens. */
async function installEngine(root: string, work: Work): Promise<void> {
  const script = `
set -e
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
exec chroot "$1" sh -ec '
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q ${mirrorOptions.join(' ')} update
  wanted=
  for name in ${ofEngine.join(' ')}; do
    case $(apt-cache policy $name) in *"Candidate: (none)"* | "") ;; *) wanted="$wanted $name" ;; esac
  done
  apt-get -q -y install --no-install-recommends $wanted
  apt-get clean
'`
  const apart = ['--mount', '--propagation', 'private']
  await run('unshare', [...apart, 'sh', '-c', script, 'sh', root], {
    timeoutMs: 1_200_000,
    signal: work.signal,
  })
}
