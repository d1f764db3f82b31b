import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Plan } from './plan.ts'

/** Has a keeper watch over `plan`. Resolves once the plan is on disk; from then on the bed is taken down whatever happens. */
export async function keep(plan: Plan): Promise<{ release(): Promise<void> }> {
  // A session of its own: Ctrl-C in the terminal does not reach it.
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.ts'), JSON.stringify(plan)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const exited = once(keeper, 'exit')
  const started = await Promise.race([once(keeper.stdout, 'data').then(() => true), exited.then(() => false)])
  if (!started)
    throw new Error(`the test bed's keeper did not start (${join(import.meta.dirname, 'keeper.ts')})`)
  // It does not keep this process from ending, which is its sign.
  keeper.stdout.destroy()
  ;(keeper.stdin as Socket).unref()
  keeper.unref()
  keeper.stdin.on('error', () => undefined)

  return {
    /** Takes the bed down and waits for that. Rejects with what could not be taken down. */
    async release() {
      keeper.ref()
      keeper.stdin.end()
      const [code] = await exited
      if (code === 0) return
      const log = join(plan.directory, 'keeper.log')
      throw new Error(
        `${plan.directory} was not taken down: ${existsSync(log) ? readFileSync(log, 'utf8') : `status ${code}`}`,
      )
    },
  }
}
