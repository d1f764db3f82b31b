import { parseArgs } from 'node:util'
import { type Environment, loadSome } from '../config/load.ts'
import { flagOf, type SettingName } from '../config/settings.ts'
import { localAddress } from './client/local-address.ts'
import { request } from './client/request.ts'
import { runToStatus } from './run-to-status.ts'
import { exitStatus, type Streams } from './streams.ts'

export interface HealthContext {
  readonly environment: Environment
  readonly streams: Streams
}

/** Maximum time of an answer, in ms: less than the usual timeout of a container's health check. */
const timeoutMs = 4_000

const healthHelp = [
  'Usage: swarm-autoscaler health [--ready] [--listen HOST:PORT] [--tls-cert-file FILE]',
  '',
  'Asks the receiver on this machine whether it is alive (/-/healthy), for the health check of its container. It reads its address, and',
  'whether it uses TLS, from the settings of serve and ignores all others; it needs no token and no certificate.',
  '',
  '  --ready               ask whether it can scale, too (/-/ready): Docker is reachable, and a Swarm manager',
  '  --listen HOST:PORT    as for serve, if serve has this flag (AUTOSCALER_LISTEN)',
  '  --tls-cert-file FILE  as for serve, if serve has this flag (AUTOSCALER_TLS_CERT_FILE)',
  '  --help                this text',
  '',
  'Exit status: 0 = healthy, 1 = unhealthy or no answer, 2 = wrong usage.',
].join('\n')

/** No others are read: an invalid token file does not make the receiver unhealthy, since it keeps its current tokens. */
const names = ['AUTOSCALER_LISTEN', 'AUTOSCALER_TLS_CERT_FILE'] as const satisfies readonly SettingName[]

/** `swarm-autoscaler health`. Resolves with the exit status. */
export function health(args: readonly string[], { streams, environment }: HealthContext): Promise<number> {
  return runToStatus(streams, async () => {
    const url = readUrl(args, environment)
    if (url === 'help') {
      streams.out(healthHelp)
      return exitStatus.good
    }
    streams.out(await checkHealth(url))
    return exitStatus.good
  })
}

/** Resolves with the answer. Rejects if there is none, or its status is not 200. */
async function checkHealth(url: string): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs)
  const answer = await request(url, { headers: {}, signal, tls: { isLocal: true } }).catch((cause: Error) => {
    const why = signal.aborted ? `nothing within ${timeoutMs / 1_000}s` : cause.message
    throw new Error(`no answer from ${url}: ${why}`, { cause })
  })
  const text = (await answer.text()).trim()
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}: ${text}`)
  return text
}

function readUrl(args: readonly string[], environment: Environment): string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ready: { type: 'boolean' },
      listen: { type: 'string' },
      'tls-cert-file': { type: 'string' },
      help: { type: 'boolean' },
    },
    strict: true,
  })
  if (values.help === true) return 'help'
  const flags = names.flatMap((name) => {
    const value = values[flagOf(name) as 'listen' | 'tls-cert-file']
    return value === undefined ? [] : [[flagOf(name), value] as const]
  })
  const own = localAddress(loadSome(names, environment, Object.fromEntries(flags)))
  return `${own}${values.ready === true ? '/-/ready' : '/-/healthy'}`
}
