import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { freePorts } from '../testbed/free-ports.ts'
import { programOf } from './program-of.ts'
import { untilReady } from './until-ready.ts'

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
  const stop = async () => {
    process.kill()
    await ended
    rmSync(data, { recursive: true, force: true })
  }
  await untilReady(url, process, 'Alertmanager').catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { url, stop }
}

const templates = 'prometheus/alertmanager/default.tmpl'

/**
 * Debian's Alertmanager reads its templates at a fixed place, all others bring theirs along. Where Debian's package is only unpacked,
 * the process gets a view of the machine of its own, in which they are there; it stays one process, with one ID.
 */
function withDebiansTemplates(executable: string): readonly string[] {
  const share = join(dirname(programOf(executable)), '../share')
  if (existsSync(join('/usr/share', templates)) || !existsSync(join(share, templates))) return [executable]
  const script = 'mount --bind "$0" /usr/share && exec "$@"'
  return ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, share, executable]
}
