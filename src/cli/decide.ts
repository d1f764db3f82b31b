import { parseArgs } from 'node:util'
import { StepByStep } from './decide/step-by-step.ts'
import { timeMs } from './option-values.ts'
import { policyOf, readLabels } from './policy-labels.ts'
import { runToStatus } from './run-to-status.ts'
import { exitStatus, type Streams } from './streams.ts'
import { UsageError } from './usage-error.ts'

export interface DecideContext {
  readonly streams: Streams
  /** The lines of standard input. */
  readonly input: () => AsyncIterable<string>
}

const decideHelp = [
  'Usage: swarm-autoscaler decide --stdin --label K=V...',
  '',
  "The receiver's decision, for a simulator of your own: reads one JSON object per line and answers with one per line, until the input ends.",
  '',
  '  in    {"t":0,"replicas":2,"running":2,"alerts":[{"scale":"up","replicas":5,"startsAt":0}]}',
  '  out   {"replicas":5,"decision":"scale","reason":"alert"}',
  '',
  't and startsAt are in seconds since a moment of your choice; t must not decrease. replicas is the desired number, running the number of',
  'running replicas (default: all). An alert is active as long as the lines contain it. It has scale (up, down or to), and replicas or step',
  '(2 or "50%"); with neither, the step of the policy counts. An answer with the decision "scale" counts as applied when the next line has its',
  'replicas: cooldowns start then. Any other change of replicas counts as an external change, as in a swarm.',
  '',
  '  --stdin            read from standard input',
  '  --label K=V        a label, such as max=20 or down.cooldown=60s; repeatable',
  '  --start T          the time of t=0, RFC 3339, for schedule windows (default: 1970-01-01T00:00:00Z)',
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

/** `swarm-autoscaler decide`. Resolves with the exit status: 0 at the end of the input, 2 on wrong usage or an invalid line. */
export function decideLines(args: readonly string[], { streams, input }: DecideContext): Promise<number> {
  return runToStatus(streams, async () => {
    const { values } = parseArgs({ args: [...args], options, strict: true })
    if (values.help === true) {
      streams.out(decideHelp)
      return exitStatus.good
    }
    if (values.stdin !== true)
      throw new UsageError('decide needs --stdin; decide --help shows the format of the lines')
    const policy = policyOf(readLabels(values.label ?? []))
    const steps = new StepByStep(policy, timeMs('--start', values.start ?? '1970-01-01T00:00:00Z'))
    let number = 0
    for await (const line of input()) {
      number += 1
      if (line.trim() !== '') streams.out(JSON.stringify(steps.answer(line, number)))
    }
    return exitStatus.good
  })
}
