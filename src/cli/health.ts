import { parseArgs } from 'node:util'
import { type Environment, loadSome } from '../config/load.ts'
import { flagOf, type SettingName } from '../config/settings.ts'
import { fail, readOrRefuse } from './ask/command-line.ts'
import { ownAddress } from './ask/own-address.ts'
import { request } from './ask/request.ts'
import { exitStatus, type Streams } from './streams.ts'

export interface HealthContext {
  readonly environment: Environment
  readonly streams: Streams
}

/** Most that the receiver may take to answer, in ms: less than the health check of a container usually waits. */
const timeoutMs = 4_000

const healthHelp = [
  'Usage: swarm-autoscaler health [--ready] [--listen HOST:PORT] [--tls-cert-file FILE]',
  '',
  'Asks the receiver of this machine whether it is alive (/-/healthy), for the health check of its container. It reads where that',
  'listens, and whether it speaks TLS, from the settings of serve, and looks at no others; needs no token and no certificate.',
  '',
  '  --ready               ask whether it is able to scale as well (/-/ready): Docker reached, and a Swarm manager',
  '  --listen HOST:PORT    as for serve, where that has this flag (AUTOSCALER_LISTEN)',
  '  --tls-cert-file FILE  as for serve, where that has this flag (AUTOSCALER_TLS_CERT_FILE)',
  '  --help                this text',
  '',
  'Exit status: 0 = healthy, 1 = not, or nobody answers, 2 = wrong usage.',
].join('\n')

/** What a bad token file has to do with it is for the reload to say: the receiver goes on with the tokens before it. */
const names = ['AUTOSCALER_LISTEN', 'AUTOSCALER_TLS_CERT_FILE'] as const satisfies readonly SettingName[]

/** `swarm-autoscaler health`. Resolves with the exit status. */
export async function health(args: readonly string[], context: HealthContext): Promise<number> {
  const { streams, environment } = context
  const url = readOrRefuse(() => readUrl(args, environment), streams)
  if (url === undefined) return exitStatus.wrongUsage
  if (url === 'help') {
    streams.out(healthHelp)
    return exitStatus.good
  }
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await request(url, { headers: {}, signal, tls: { isOwn: true } }).catch((cause: Error) => {
      const why = signal.aborted ? `nothing within ${timeoutMs / 1_000}s` : cause.message
      throw new Error(`no answer from ${url}: ${why}`, { cause })
    })
    const said = (await answer.text()).trim()
    if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}: ${said}`)
    streams.out(said)
    return exitStatus.good
  } catch (error) {
    return fail(error, streams)
  }
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
  const own = ownAddress(loadSome(names, environment, Object.fromEntries(flags)))
  return `${own}${values.ready === true ? '/-/ready' : '/-/healthy'}`
}
