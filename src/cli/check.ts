import type { Environment } from '../config/load.ts'
import { SettingsError } from '../config/load.ts'
import { defined } from '../domain/defined.ts'
import { arrange, type Finding, isUnusableFile } from './check/findings.ts'
import { checkAll, type Report } from './check/look.ts'
import { type CheckOptions, checkHelp, readOptions } from './check/options.ts'
import type { CheckPorts } from './check/ports.ts'
import { type Looked, printJson, printText } from './check/print.ts'
import { exitStatus, type Streams } from './streams.ts'

export interface CheckContext {
  readonly environment: Environment
  readonly streams: Streams
  readonly check: CheckPorts
}

/**
 * `swarm-autoscaler check`. Resolves with the exit status: 0 without an error (warnings are none), 1 with one, 2 on wrong
 * usage and where a file cannot be read or is no YAML.
 */
export async function check(args: readonly string[], context: CheckContext): Promise<number> {
  const { streams, environment } = context
  let options: CheckOptions | 'help'
  try {
    options = readOptions(args, environment)
  } catch (error) {
    const faults = error instanceof SettingsError ? error.faults : [(error as Error).message]
    for (const fault of faults) streams.err(`swarm-autoscaler: ${fault}`)
    return exitStatus.wrongUsage
  }
  if (options === 'help') {
    streams.out(checkHelp)
    return exitStatus.good
  }
  return report(options, await checkAll(options, context.check), streams)
}

function report(options: CheckOptions, { findings, services }: Report, streams: Streams): number {
  const files = filesOf(options)
  const arranged = arrange(findings, files)
  const looked: Looked = { files: files.length, ...defined({ services }) }
  const lines = options.isJson ? [printJson(arranged, looked)] : printText(arranged, looked)
  for (const line of lines) streams.out(line)
  return statusOf(arranged)
}

function filesOf({ settings, rules, alertmanager }: CheckOptions): readonly string[] {
  const named = [settings.AUTOSCALER_POLICY_FILE, ...rules, alertmanager ?? '']
  return named.filter((path) => path !== '')
}

function statusOf(findings: readonly Finding[]): number {
  if (findings.some(isUnusableFile)) return exitStatus.wrongUsage
  return findings.some(({ severity }) => severity === 'error') ? exitStatus.failure : exitStatus.good
}
