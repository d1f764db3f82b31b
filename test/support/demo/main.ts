import { useAndClose } from '../testbed/clean-up.ts'
import { type Engine, openEngine } from '../testbed/engine.ts'
import { deployStack } from '../testbed/stack.ts'
import { hurriedDown, type Moment, runLoop } from './loop.ts'
import { isWorthALine, summaryLines, timelineHead, timelineLines } from './print.ts'

const startedMs = Date.now()
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)))
}
const { signal } = interruption
const say = (line: string) => console.log(line)

/** Sets up the stack, shows the loop on it, and takes all of it down again. */
async function demo(): Promise<void> {
  const engine = await openEngine({ log: say, signal })
  await useAndClose(
    () => show(engine),
    () => engine.close(),
    say,
  )
}

async function show(engine: Engine): Promise<void> {
  const stack = await deployStack(engine, { name: 'autoscaler', log: say, overrides: hurriedDown, signal })
  const originMs = Date.now()
  say(`\nset up in ${((originMs - startedMs) / 1_000).toFixed(0)} s; now real alerts scale a real service\n`)
  let last: Moment | undefined
  const report = await runLoop(engine, stack, {
    signal,
    onPhase: (text) => {
      last = undefined
      say(`\n--- ${text}\n${timelineHead}`)
    },
    onMoment: (moment) => {
      if (!isWorthALine(moment, last)) return
      last = moment
      timelineLines(moment, originMs).forEach(say)
    },
  })
  say(`\n${summaryLines(report).join('\n')}\n`)
}

try {
  await demo()
  say('the loop works: load came, replicas came; load went, replicas went')
} catch (error) {
  console.error(`\ndemo: ${(error as Error).message}`)
  process.exitCode = 1
}
