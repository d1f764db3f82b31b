import { onTestFinished } from 'vitest'
import type { Docker } from './testbed/docker.ts'
import { foreignImages } from './testbed/image-names.ts'

export interface SleepingServiceOptions {
  readonly name: string
  /** Default 1. */
  readonly replicas?: number
  /** Labels without their prefix, as `key=value`. They beat `enable=true`, `max=10` and `up.cooldown=10m`. */
  readonly labels?: readonly string[]
  /** More flags of `docker service create`. */
  readonly flags?: readonly string[]
  /** Default: to sleep for an hour. */
  readonly command?: readonly string[]
}

export interface SleepingService {
  readonly id: string
  readonly name: string
  /** The replicas that its spec asks for. */
  readonly replicas: () => Promise<number>
  /** When it was last scaled up, as its labels say. Empty: never. */
  readonly lastUp: () => Promise<string>
  /** `docker service update` with these flags. */
  readonly update: (...flags: readonly string[]) => Promise<string>
}

/**
 * A service that has opted in, of which nothing is measured: only what a test posts, or its labels, can scale it. It is there
 * until the test has finished.
 */
export async function aSleepingService(
  { docker }: { readonly docker: Docker },
  { name, replicas = 1, labels = [], flags = [], command = ['sleep', '3600'] }: SleepingServiceOptions,
): Promise<SleepingService> {
  const all = ['enable=true', 'max=10', 'up.cooldown=10m', ...labels]
  const created = await docker([
    ...['service', 'create', '--quiet', '--detach', '--no-resolve-image', '--init', '--name', name],
    ...all.flatMap((label) => ['--label', `autoscaler.${label}`]),
    ...['--replicas', `${replicas}`, '--stop-grace-period', '0s', '--restart-delay', '300ms', ...flags],
    ...[foreignImages().get('node') ?? '', ...command],
  ])
  onTestFinished(async () => void (await docker(['service', 'rm', name])))
  const inspect = async (format: string) =>
    (await docker(['service', 'inspect', name, '--format', format])).trim()
  return {
    id: created.trim(),
    name,
    replicas: async () => Number(await inspect('{{.Spec.Mode.Replicated.Replicas}}')),
    lastUp: () => inspect('{{index .Spec.Labels "autoscaler.state.last-up"}}'),
    update: (...more) => docker(['service', 'update', '--quiet', '--detach', ...more, name]),
  }
}
