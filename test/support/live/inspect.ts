import { engine } from '../testbed/describe-with-engine.ts'
import { type WaitOptions, waitFor } from '../testbed/wait.ts'

/** A service as the engine has it, in the few words that tests ask for. */
export interface Inspected {
  readonly version: number
  readonly replicas: number
  readonly image: string
  readonly command: string
  readonly labels: Readonly<Record<string, string>>
  readonly rollout: string | undefined
}

interface Raw {
  readonly Version: { readonly Index: number }
  readonly Spec: {
    readonly Labels: Readonly<Record<string, string>>
    readonly Mode: { readonly Replicated: { readonly Replicas: number } }
    readonly TaskTemplate: {
      readonly ContainerSpec: {
        readonly Image: string
        readonly Args?: string[]
        readonly Command?: string[]
      }
    }
  }
  readonly UpdateStatus?: { readonly State?: string }
}

export async function inspect(service: string): Promise<Inspected> {
  const [raw] = JSON.parse(await engine.docker(['service', 'inspect', service])) as [Raw]
  const { Image, Args = [], Command = [] } = raw.Spec.TaskTemplate.ContainerSpec
  return {
    version: raw.Version.Index,
    replicas: raw.Spec.Mode.Replicated.Replicas,
    image: Image,
    command: [...Command, ...Args].join(' '),
    labels: raw.Spec.Labels,
    rollout: raw.UpdateStatus?.State,
  }
}

/** Waits until the service is so. */
export async function untilService(
  service: string,
  isSo: (inspected: Inspected) => boolean,
  options: WaitOptions,
): Promise<Inspected> {
  const probe = async () => {
    const inspected = await inspect(service)
    return isSo(inspected) ? inspected : undefined
  }
  return waitFor(probe, { everyMs: 100, ...options })
}

/** The tasks of a service that run now, as their images. */
export async function runningImages(service: string): Promise<readonly string[]> {
  const format = '{{.CurrentState}}|{{.Image}}'
  const output = await engine.docker([
    'service',
    'ps',
    '--filter',
    'desired-state=running',
    '--format',
    format,
    service,
  ])
  return output
    .split('\n')
    .filter((line) => line.startsWith('Running'))
    .map((line) => line.split('|')[1] ?? '')
}
