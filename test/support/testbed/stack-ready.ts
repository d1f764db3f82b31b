import { type Docker, lines } from './docker.ts'
import { waitFor } from './wait.ts'

type Target = {
  readonly health: string
  readonly lastError: string
  readonly scrapeUrl: string
  readonly labels: Readonly<Record<string, string>>
}

async function failures(docker: Docker, service: string): Promise<string> {
  const format = '{{.Name}}: {{.CurrentState}} {{.Error}}'
  const tasks = lines(await docker(['service', 'ps', '--no-trunc', '--format', format, service])).slice(0, 5)
  const logs = await docker(['service', 'logs', '--raw', '--tail', '10', service], {
    timeoutMs: 5_000,
    withErrors: true,
  }).catch(() => '')
  return [...tasks, logs.trim()].join('\n')
}

/** Waits until every service of the stack runs all of its replicas (and passes its healthcheck, as Swarm counts it). */
export async function servicesRunning(docker: Docker, stack: string, signal: AbortSignal): Promise<void> {
  let waiting: readonly string[] = []
  const probe = async () => {
    const filter = `label=com.docker.stack.namespace=${stack}`
    const services = lines(
      await docker(['service', 'ls', '--filter', filter, '--format', '{{.Name}} {{.Replicas}}']),
    )
    waiting = services.flatMap((line) => {
      const [, name = '', running, desired] = /^(\S+) (\d+)\/(\d+)/.exec(line) ?? []
      return running === desired ? [] : [name]
    })
    return services.length > 0 && waiting.length === 0 ? true : undefined
  }
  await waitFor(probe, {
    for: `all services of stack ${stack} to run`,
    timeoutMs: 120_000,
    signal,
    explain: async () => (await Promise.all(waiting.map((service) => failures(docker, service)))).join('\n'),
  })
}

/** Waits until Prometheus has scraped the receiver, and the first replica of `webService`, with success. */
export async function discovered(
  prometheusUrl: string,
  webService: string,
  signal: AbortSignal,
): Promise<void> {
  let targets: readonly Target[] = []
  const isUp = (label: string, value: string) =>
    targets.some(({ health, labels }) => health === 'up' && labels[label] === value)
  const probe = async () => {
    const response = await fetch(`${prometheusUrl}/api/v1/targets?state=active`, {
      signal: AbortSignal.timeout(5_000),
    })
    targets = ((await response.json()) as { data: { activeTargets: readonly Target[] } }).data.activeTargets
    return isUp('job', 'swarm-autoscaler') && isUp('service', webService) ? true : undefined
  }
  await waitFor(probe, {
    for: `Prometheus to measure the receiver and ${webService}`,
    timeoutMs: 60_000,
    signal,
    explain: async () =>
      targets.map(({ scrapeUrl, health, lastError }) => `${scrapeUrl} ${health} ${lastError}`).join('\n'),
  })
}
