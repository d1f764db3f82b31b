import { onTestFinished } from 'vitest'
import type { Docker } from './testbed/docker.ts'
import { foreignImages } from './testbed/image-names.ts'
import { waitFor } from './testbed/wait.ts'

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
  const inspect = async (format: string) =>
    (await docker(['service', 'inspect', name, '--format', format])).trim()
  const desired = async () => Number(await inspect('{{.Spec.Mode.Replicated.Replicas}}'))
  onTestFinished(async () => {
    // Engine 20.10 can crash where a service is removed while its last tasks are going.
    if ((await desired()) === 0) await untilNoTasks(docker, name).catch(() => {})
    await docker(['service', 'rm', name])
  })
  return {
    id: created.trim(),
    name,
    replicas: desired,
    lastUp: () => inspect('{{index .Spec.Labels "autoscaler.state.last-up"}}'),
    update: (...more) => docker(['service', 'update', '--quiet', '--detach', ...more, name]),
  }
}

async function untilNoTasks(docker: Docker, service: string): Promise<void> {
  const isEmpty = async () =>
    (await docker(['service', 'ps', '--quiet', service])).trim() === '' ? true : undefined
  await waitFor(isEmpty, { for: `the tasks of ${service} to go`, timeoutMs: 5_000 })
}
