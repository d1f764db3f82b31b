import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { defined } from '../../domain/defined.ts'
import { UsageError } from '../usage-error.ts'

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const Labels = z.union([
  z.record(z.string(), Scalar),
  z.array(z.string()).transform((lines) =>
    Object.fromEntries(
      lines.map((line) => {
        const at = line.indexOf('=')
        return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
      }),
    ),
  ),
])
const Compose = z.object({
  services: z.record(
    z.string(),
    z
      .object({
        deploy: z
          .object({
            labels: Labels.nullish(),
            replicas: z.number().nullish(),
            resources: z
              .object({ limits: z.object({ cpus: z.union([z.string(), z.number()]).nullish() }).nullish() })
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  ),
})

/** What a compose file says of a service. */
export interface ComposeService {
  readonly labels: Readonly<Record<string, string>>
  /** Absent: the file has no number. */
  readonly replicas?: number
  /** CPU limit of one replica, in cores. Absent: none. */
  readonly cpuLimit?: number
}

/** Reads the service with this name from a compose file; without a name, the only one with autoscaler labels. Throws `UsageError`. */
export function readComposeService(path: string, name: string | undefined): ComposeService {
  const services = readServices(path)
  const labelled = Object.keys(services).filter((key) =>
    Object.keys(services[key]?.deploy?.labels ?? {}).some((label) => label.startsWith('autoscaler.')),
  )
  const chosen = name ?? (labelled.length === 1 ? labelled[0] : undefined)
  if (chosen === undefined) {
    const which =
      labelled.length === 0
        ? 'no service has autoscaler labels'
        : `name a service by --service: ${labelled.join(', ')}`
    throw new UsageError(`${path}: ${which}`)
  }
  const found = services[chosen] ?? services[chosen.replace(/^[^_]+_/, '')]
  if (found == null) {
    throw new UsageError(
      `${path}: there is no service ${chosen}; the file has ${Object.keys(services).join(', ')}`,
    )
  }
  const { labels, replicas, resources } = found.deploy ?? {}
  const cpus = resources?.limits?.cpus
  return {
    labels: labels ?? {},
    ...defined({ replicas: replicas ?? undefined, cpuLimit: cpus == null ? undefined : Number(cpus) }),
  }
}

/** Reads a file of labels as `--suggest` prints them: a mapping, alone or under `labels`. Absent: it is a compose file. Throws `UsageError`. */
export function readLabelsFile(path: string): Readonly<Record<string, string>> | undefined {
  const document = readYaml(path)
  if (typeof document === 'object' && document !== null && 'services' in document) return undefined
  const labels = z
    .union([z.object({ labels: Labels }).transform((file) => file.labels), Labels])
    .safeParse(document)
  if (labels.success) return labels.data
  throw new UsageError(`${path} is neither a compose file nor labels such as autoscaler.max: "20"`)
}

function readServices(path: string): z.output<typeof Compose>['services'] {
  const compose = Compose.safeParse(readYaml(path))
  if (compose.success) return compose.data.services
  const [issue] = compose.error.issues
  throw new UsageError(`${path}: ${issue?.path.join('.')} ${issue?.message}; it must be a compose file`)
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'), { merge: true })
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`)
  }
}
