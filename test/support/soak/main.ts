import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseDurationMs } from '../../../src/domain/duration.ts'
import { judge } from './judge.ts'
import { report } from './report.ts'
import { soak } from './run.ts'

const help = `npm run soak -- [--for 2h] [--seed 1] [--leak]

Runs the receiver on a private engine, with an Alertmanager that keeps changing its mind and with faults of all kinds, and
reports whether it came out of it as it went in. Exit status: 0 good, 1 something is wrong, 2 wrong usage.

  --for DURATION  how long, from 2m. Default 2h
  --seed NUMBER   of the alerts and the faults: the same ones come for the same seed. Default 1
  --leak          has the receiver leak memory and timers: the verdict must find it
  --help          this text
`

/** The options, or what is wrong with them. */
function readOptions() {
  const { values } = parseArgs({
    options: {
      for: { type: 'string', default: '2h' },
      seed: { type: 'string', default: '1' },
      leak: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const lastsMs = parseDurationMs(values.for)
  if (lastsMs === undefined || lastsMs < 120_000)
    throw new Error('--for must be a duration from 2m, such as 2h')
  if (!/^\d{1,9}$/.test(values.seed)) throw new Error('--seed must be a whole number, such as 7')
  return { lastsMs, seed: Number(values.seed), isLeaking: values.leak, isHelp: values.help }
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)))
}

async function main(): Promise<number> {
  let options: ReturnType<typeof readOptions>
  try {
    options = readOptions()
  } catch (error) {
    console.error(`soak: ${(error as Error).message}\n\n${help}`)
    return 2
  }
  if (options.isHelp) {
    console.log(help)
    return 0
  }
  const nodeOptions = options.isLeaking ? `--import=${join(import.meta.dirname, 'leak.ts')}` : ''
  try {
    const evidence = await soak({
      ...options,
      nodeOptions,
      log: (line) => console.log(line),
      signal: interruption.signal,
    })
    const checks = judge(evidence)
    console.log(`\n${report(evidence, checks)}\n`)
    const wrong = checks.filter(({ isGood }) => !isGood)
    console.log(
      wrong.length === 0 ? 'soak: good' : `soak: ${wrong.length} of ${checks.length} checks went wrong`,
    )
    return wrong.length === 0 ? 0 : 1
  } catch (error) {
    console.error(`soak: ${(error as Error).message}`)
    return 1
  }
}

process.exitCode = await main()
