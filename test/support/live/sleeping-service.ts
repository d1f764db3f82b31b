import { engine } from '../testbed/describe-with-engine.ts'
import { foreignImages } from '../testbed/image-names.ts'

export interface SleepingServiceOptions {
  readonly replicas?: number
  /** Labels without their prefix, as `key=value`. `enable` and `max=10` are there already. */
  readonly labels?: readonly string[]
  /** More flags of `docker service create`. */
  readonly flags?: readonly string[]
  readonly command?: readonly string[]
}

let made = 0

/** A service that has opted in, of which nothing is measured: only what a test posts, or its labels, can scale it. */
export async function aSleepingService(kind: string, options: SleepingServiceOptions = {}) {
  const { replicas = 1, labels = [], flags = [], command = ['sleep', '3600'] } = options
  const name = `${engine.id.toLowerCase()}-${kind}-${++made}`
  const all = ['enable=true', 'max=10', ...labels]
  await engine.docker([
    ...['service', 'create', '--quiet', '--detach', '--no-resolve-image', '--init', '--name', name],
    ...all.flatMap((label) => ['--label', `autoscaler.${label}`]),
    ...['--replicas', `${replicas}`, '--stop-grace-period', '0s', '--restart-delay', '300ms', ...flags],
    ...[foreignImages().get('node') ?? '', ...command],
  ])
  return {
    name,
    update: (...args: readonly string[]) =>
      engine.docker(['service', 'update', '--quiet', '--detach', ...args, name]),
    [Symbol.asyncDispose]: async () => void (await engine.docker(['service', 'rm', name])),
  }
}
