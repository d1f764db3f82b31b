import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Docker } from './testbed/docker.ts'
import { foreignImages } from './testbed/image-names.ts'

/** What a test may say of the one service of a stack file. */
export interface SleepingStackFile {
  /** Labels without their prefix. `enable` and `max: 10` are there already. */
  readonly labels?: Readonly<Record<string, string>>
  /** Absent: the file names none. */
  readonly replicas?: number
  readonly image?: string
  readonly command?: readonly string[]
  readonly update_config?: Readonly<Record<string, unknown>>
}

/** A stack of one service that sleeps, deployed from a file as a user would do it. */
export class SleeperStack {
  readonly name: string
  /** The full name of its service. */
  readonly service: string
  readonly #docker: Docker

  constructor({ docker }: { readonly docker: Docker }, name: string) {
    this.#docker = docker
    this.name = name
    this.service = `${name}_web`
  }

  async deploy({
    labels = {},
    replicas,
    image,
    command,
    update_config,
  }: SleepingStackFile = {}): Promise<void> {
    const prefixed = Object.entries({ enable: 'true', max: '10', ...labels }).map(([key, value]) => [
      `autoscaler.${key}`,
      value,
    ])
    const file = {
      version: '3.8',
      services: {
        web: {
          image: image ?? foreignImages().get('node'),
          command: command ?? ['sleep', '3600'],
          init: true,
          stop_grace_period: '0s',
          networks: ['host'],
          deploy: {
            labels: Object.fromEntries(prefixed),
            replicas,
            update_config,
            restart_policy: { delay: '500ms' },
          },
        },
      },
      networks: { host: { external: true, name: 'host' } },
    }
    const directory = await mkdtemp(join(tmpdir(), 'sleeping-stack-'))
    try {
      // JSON is YAML as well.
      await writeFile(join(directory, 'stack.yml'), JSON.stringify(file))
      const flags = ['--resolve-image', 'never', '--compose-file', join(directory, 'stack.yml')]
      await this.#docker(['stack', 'deploy', ...flags, this.name])
    } finally {
      await rm(directory, { recursive: true })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Its name is never used again: nobody has to wait until it is gone.
    await this.#docker(['stack', 'rm', this.name])
  }
}
