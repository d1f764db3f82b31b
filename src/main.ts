#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { assemble } from './assemble.ts'
import { askPorts } from './cli/ask/connect.ts'
import { backtestPorts } from './cli/backtest/connect.ts'
import { checkPorts } from './cli/check/connect.ts'
import { runCommand } from './cli/command.ts'
import { linesTo } from './cli/streams.ts'
import { environment } from './config/environment.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Resolves at the first signal that asks to end. The next one ends the process at once. */
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

process.exitCode = await runCommand(process.argv.slice(2), {
  environment,
  streams: {
    out: linesTo(process.stdout),
    err: linesTo(process.stderr),
  },
  start: (settings) => assemble(settings, version),
  untilAskedToStop,
  check: checkPorts,
  ask: askPorts,
  backtest: backtestPorts,
})
