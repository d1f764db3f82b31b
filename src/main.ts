#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { linesOfInput, linesTo } from './cli/streams.ts'
import { environment } from './config/environment.ts'

/** Resolves at the first SIGTERM or SIGINT. The second one ends the process at once. */
function untilAskedToStop(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let isAsked = false
  const ask = (signal: string) => {
    if (isAsked) process.exit(1)
    isAsked = true
    resolve(signal)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, ask)
  return promise
}

const streams = {
  out: linesTo(process.stdout),
  err: linesTo(process.stderr),
}

/** Runs every few seconds next to a receiver, so it loads nothing that only other commands need. */
async function runHealth(args: readonly string[]): Promise<number> {
  const { health } = await import('./cli/health.ts')
  return health(args, { environment, streams })
}

async function runAny(args: readonly string[]): Promise<number> {
  const [{ assemble }, { clientPorts }, { checkPorts }, { runCommand }] = await Promise.all([
    import('./assemble.ts'),
    import('./cli/client/connect.ts'),
    import('./cli/check/connect.ts'),
    import('./cli/command.ts'),
  ])
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return runCommand(args, {
    environment,
    streams,
    version,
    start: (settings) => assemble(settings, version, environment),
    untilAskedToStop,
    input: linesOfInput,
    check: checkPorts,
    client: clientPorts,
    loadSimulatorPorts: async () => (await import('./cli/simulator/connect.ts')).simulatorPorts,
  })
}

const [command, ...rest] = process.argv.slice(2)
process.exitCode = command === 'health' ? await runHealth(rest) : await runAny(process.argv.slice(2))
