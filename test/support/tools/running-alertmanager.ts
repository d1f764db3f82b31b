import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../testbed/free-ports.ts'

/** How long Alertmanager may take to be ready, in ms. */
const readyWithinMs = 20_000

/** An Alertmanager of this test's own. */
export interface RunningAlertmanager {
  /** Without a slash at its end. */
  readonly url: string
  /** Resolves when the process has ended and its data are gone. */
  readonly stop: () => Promise<void>
}

/** Starts `executable` with this configuration on 127.0.0.1. Throws with its log where it does not become ready. */
export async function startAlertmanager(
  executable: string,
  configFile: string,
): Promise<RunningAlertmanager> {
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const data = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-alertmanager-'))
  const flags = [
    `--config.file=${configFile}`,
    `--storage.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]
  const [command = executable, ...args] = [...withDebiansTemplates(executable), ...flags]
  const process = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(process, 'exit')
  let log = ''
  process.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const stop = async () => {
    process.kill()
    await ended
    rmSync(data, { recursive: true, force: true })
  }
  const deadlineMs = Date.now() + readyWithinMs
  while (!(await isReady(url))) {
    if (process.exitCode !== null || Date.now() > deadlineMs) {
      await stop()
      throw new Error(`Alertmanager did not become ready:\n${log}`)
    }
    await sleep(50)
  }
  return { url, stop }
}

/**
 * Debian's Alertmanager reads its templates at a fixed place. Where the package is only unpacked, the process gets a view of
 * the machine of its own, in which they are there; it stays one process, with one ID.
 */
function withDebiansTemplates(executable: string): readonly string[] {
  const templates = 'prometheus/alertmanager/default.tmpl'
  const share = join(dirname(executable), '../share')
  if (existsSync(join('/usr/share', templates)) || !existsSync(join(share, templates))) return [executable]
  const script = 'mount --bind "$0" /usr/share && exec "$@"'
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, share, executable]
}

async function isReady(url: string): Promise<boolean> {
  return await fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}
