import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { repository } from '../testbed/work.ts'

const ShippedProxy = z.object({
  image: z.string(),
  user: z.string(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  command: z.array(z.string()),
})

const StackFile = z.object({
  services: z.object({ 'socket-proxy': ShippedProxy, 'discovery-proxy': ShippedProxy }),
})

export type ProxyName = keyof z.infer<typeof StackFile>['services']

/** A proxy as docker-compose.yml runs it. */
export function shippedProxy(name: ProxyName): z.infer<typeof ShippedProxy> {
  const file: unknown = parse(readFileSync(join(repository, 'docker-compose.yml'), 'utf8'), { merge: true })
  return StackFile.parse(file).services[name]
}

/** What the proxy does with a request: lets it through, or refuses it with this status. */
export type Answer = 'through' | 403 | 405

/**
 * As wollomatic/socket-proxy judges a request: by the path with its percent signs decoded and nothing tidied up, against the pattern of its
 * method, which it puts between `^` and `$` as it is. A method without a pattern is refused whatever the path.
 */
export function answerTo(command: readonly string[], method: string, target: string): Answer {
  const [path = ''] = target.split('?')
  const patterns = command.flatMap((argument) => {
    const [, allowed, pattern] = /^-allow([A-Z]+)=(.*)$/.exec(argument) ?? []
    return allowed === method ? [new RegExp(`^${pattern}$`)] : []
  })
  if (patterns.length === 0) return 405
  return patterns.some((pattern) => pattern.test(decoded(path))) ? 'through' : 403
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
