/** A fake engine in a process of its own; `EngineProcess` starts and asks it. */
import { answerParent } from '../asked-process.ts'
import type { MadeUpService } from './docker-json.ts'
import { EngineServer } from './engine-server.ts'
import { FakeEngine } from './fake-engine.ts'

const engine = new FakeEngine()
const server = new EngineServer(engine)

const answers = {
  listen: (path: string) => server.listen(path),
  add: (services: readonly MadeUpService[]) => services.map((made) => engine.add(made)),
  replicas: () => engine.replicas(),
  calls: () => server.takeCalls(),
  delay: (ms: number) => {
    server.delayMs = ms
  },
  hang: (ms: number) => {
    setTimeout(server.hang(), ms)
  },
}
export type EngineAnswers = typeof answers

answerParent(answers)
