import { SleeperStack } from '../sleeper-stack.ts'
import { engine } from '../testbed/describe-with-engine.ts'

let made = 0

/** A stack of one service that sleeps, on the engine of the test run, under a name that no other has. */
export class SleepingStack extends SleeperStack {
  constructor() {
    super(engine, `${engine.id.toLowerCase()}-stack${++made}`)
  }
}
