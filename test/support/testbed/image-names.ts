import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { repository } from './work.ts'

/** An image's part in the stack; each has its stand-in, made by the Dockerfile of that name in `stand-ins/`. */
export type Role = 'socket-proxy' | 'node' | 'prometheus' | 'alertmanager' | 'cadvisor'

type ComposeFile = { readonly services: Readonly<Record<string, { readonly image: string }>> }

/** The images that the stack needs from a registry (Grafana does not run in the test bed), the smallest first. */
export function foreignImages(): ReadonlyMap<Role, string> {
  const { services } = parse(readFileSync(join(repository, 'docker-compose.yml'), 'utf8'), {
    merge: true,
  }) as ComposeFile
  const node = /node:[\w.-]+/.exec(readFileSync(join(repository, 'Dockerfile'), 'utf8'))?.[0]
  const roles = ['socket-proxy', 'cadvisor', 'node', 'prometheus', 'alertmanager'] as const
  return new Map(
    roles.map((role) => {
      const image = role === 'node' ? node : services[role]?.image
      if (image === undefined)
        throw new Error(`neither docker-compose.yml nor Dockerfile names the image of ${role}`)
      return [role, image]
    }),
  )
}
