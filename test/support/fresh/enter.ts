import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { clone } from './root.ts'

/**
 * In a mount and a process namespace of its own, with the fresh root as the only file system: what the commands start ends with them, and
 * the machine around them is out of their sight but for its kernel (/sys with the cgroups, /dev) and its network.
 */
const entrance = `
set -e
root=$1
shift
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mkdir -p run/outside
pivot_root . run/outside
umount --lazy /run/outside
rmdir /run/outside
cd ${clone}
exec "$@"`

const environment = {
  HOME: '/root',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  // What is skipped has failed.
  CI: 'true',
}

/** Runs a shell command in the clone of a fresh root, with its output on ours. Gives its exit status. */
export async function runInside(
  root: string,
  command: string,
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const apart = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child']
  const child = spawn('unshare', [...apart, 'sh', '-c', entrance, 'sh', root, 'sh', '-c', command], {
    env: { ...environment, ...variables },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // Ctrl-C reaches the commands inside as well, and they tear down what they have started: this waits for that.
  const wait = () => undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, wait)
  const [code] = await once(child, 'exit')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, wait)
  return typeof code === 'number' ? code : 1
}
