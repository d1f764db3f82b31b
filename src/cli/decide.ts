import { parseArgs } from 'node:util'
import { policyOf, readLabels } from './backtest/policy-source.ts'
import { type BacktestContext, runToStatus } from './backtest/run-command.ts'
import { StepByStep } from './backtest/step-by-step.ts'
import { UsageError } from './backtest/usage-error.ts'
import { exitStatus } from './streams.ts'

const decideHelp = [
  'Usage: swarm-autoscaler decide --stdin --label K=V...',
  '',
  'The decision itself, for a simulator of your own: reads one JSON object per line, answers one per line, and goes on until its input ends.',
  '',
  '  in    {"t":0,"replicas":2,"running":2,"alerts":[{"scale":"up","replicas":5,"startsAt":0}]}',
  '  out   {"replicas":5,"decision":"scale","reason": "alert"}',
  '',
  't and startsAt are seconds, from whatever moment on; t never goes back. replicas are those that are asked for, running those that work',
  '(default: all). An alert is active as long as it is in the lines. It says scale (up, down or to), and replicas, or step (2 or "50%"), or',
  'neither for the step of the policy. An answer of decision "scale" counts as done when the next line has its replicas: cooldowns begin',
  'then. Other replicas than before and than the answer are those of a person, as they would be in a swarm.',
  '',
  '  --stdin            read from standard input',
  '  --label K=V        a label, such as max=20 or down.cooldown=60s; may be given again',
  '  --start T          what t=0 is, RFC 3339, for windows (default: 1970-01-01T00:00:00Z)',
  '  --help             this text',
  '',
  'Example:',
  `  echo '{"t":0,"replicas":2,"alerts":[{"scale":"up","replicas":5,"startsAt":0}]}' | swarm-autoscaler decide --stdin --label max=20`,
].join('\n')

const options = {
  stdin: { type: 'boolean' },
  label: { type: 'string', multiple: true },
  start: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** `swarm-autoscaler decide`. Resolves with the exit status: 0 at the end of its input, 2 on wrong usage or a line that is wrong. */
export function decideLines(
  args: readonly string[],
  { streams, backtest: ports }: BacktestContext,
): Promise<number> {
  return runToStatus(streams, async () => {
    const { values } = parseArgs({ args: [...args], options, strict: true })
    if (values.help === true) {
      streams.out(decideHelp)
      return exitStatus.good
    }
    if (values.stdin !== true) throw new UsageError('decide needs --stdin; decide --help says what it reads')
    const policy = policyOf(readLabels(values.label ?? []))
    const steps = new StepByStep(policy, startOf(values.start))
    let number = 0
    for await (const line of ports.lines()) {
      number += 1
      if (line.trim() !== '') streams.out(JSON.stringify(steps.answer(line, number)))
    }
    return exitStatus.good
  })
}

function startOf(text = '1970-01-01T00:00:00Z'): number {
  const startMs = Date.parse(text)
  if (Number.isNaN(startMs)) throw new UsageError(`--start "${text}" must be such as 2026-11-23T00:00:00Z`)
  return startMs
}
