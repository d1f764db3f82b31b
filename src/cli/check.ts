import type { Environment } from '../config/load.ts'
import { defined } from '../domain/defined.ts'
import { arrange, type Finding, isUnusableFile } from './check/findings.ts'
import { type CheckOptions, checkHelp, readOptions } from './check/options.ts'
import type { CheckPorts } from './check/ports.ts'
import { type Checked, printJson, printText } from './check/print.ts'
import { type Report, runChecks } from './check/run-checks.ts'
import { runToStatus } from './run-to-status.ts'
import { exitStatus, type Streams } from './streams.ts'

export interface CheckContext {
  readonly environment: Environment
  readonly streams: Streams
  readonly check: CheckPorts
}

/**
 * `swarm-autoscaler check`. Resolves with the exit status: 0 without errors (warnings do not count), 1 with errors, 2 on wrong usage or if
 * a file cannot be read or is not YAML.
 */
export function check(args: readonly string[], context: CheckContext): Promise<number> {
  const { streams, environment } = context
  return runToStatus(streams, async () => {
    const options = readOptions(args, environment)
    if (options === 'help') {
      streams.out(checkHelp)
      return exitStatus.good
    }
    return report(options, await runChecks(options, context.check), streams)
  })
}

function report(options: CheckOptions, { findings, services }: Report, streams: Streams): number {
  const files = filesOf(options)
  const arranged = arrange(findings, files)
  const checked: Checked = { files: files.length, ...defined({ services }) }
  const lines = options.isJson ? [printJson(arranged, checked)] : printText(arranged, checked)
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
