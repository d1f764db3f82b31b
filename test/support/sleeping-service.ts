import { onTestFinished } from 'vitest'
import type { JoinedEngine } from './testbed/engine.ts'
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
  /** `docker service update` with these flags. */
  readonly update: (...flags: readonly string[]) => Promise<string>
}

/**
 * A service that has opted in, of which nothing is measured: only what a test posts, or its labels, can scale it. It is there
 * until the test has finished.
 */
export async function aSleepingService(
  engine: JoinedEngine,
  { name, replicas = 1, labels = [], flags = [], command = ['sleep', '3600'] }: SleepingServiceOptions,
): Promise<SleepingService> {
  const all = ['enable=true', 'max=10', 'up.cooldown=10m', ...labels]
  const created = await engine.docker([
    ...['service', 'create', '--quiet', '--detach', '--no-resolve-image', '--init', '--name', name],
    ...all.flatMap((label) => ['--label', `autoscaler.${label}`]),
    ...['--replicas', `${replicas}`, '--stop-grace-period', '0s', '--restart-delay', '300ms', ...flags],
    ...[foreignImages().get('node') ?? '', ...command],
  ])
  onTestFinished(async () => void (await engine.docker(['service', 'rm', name])))
  const inspect = ['service', 'inspect', name, '--format', '{{.Spec.Mode.Replicated.Replicas}}']
  return {
    id: created.trim(),
    name,
    replicas: async () => Number(await engine.docker(inspect)),
    update: (...more) => engine.docker(['service', 'update', '--quiet', '--detach', ...more, name]),
  }
}
