import type Docker from 'dockerode'
import { afterAll, expect, it } from 'vitest'
import { connectDocker } from '../../src/swarm/docker-client.ts'
import { DockerSwarm } from '../../src/swarm/docker-swarm.ts'
import { hang } from '../support/faults/faults.ts'
import { aFaultProxy } from '../support/faults/fixtures.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'
import { waitFor } from '../support/testbed/wait.ts'
import { aSleeper } from './sleeper.ts'
import { describeSwarm } from './swarm-contract.ts'

const { dockerHost, id: engineId } = engine
const docker = connectDocker({ host: dockerHost, tlsVerify: false })
const calls: string[] = []
const swarm = new DockerSwarm({
  docker,
  host: dockerHost,
  timeoutMs: 60_000,
  onCall: (operation, outcome) => calls.push(`${operation} ${outcome}`),
})
const optedIn = { 'autoscaler.enable': 'true', 'autoscaler.min': '0', 'autoscaler.max': '10' }

let made = 0
const freshName = (start: string) => `contract-${engineId}-${start}-${++made}`
const cleanUps: (() => Promise<unknown>)[] = []

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
})

async function create(name: string, replicas: number, spec: Docker.CreateServiceOptions = aSleeper()) {
  const { id } = await docker.createService({
    ...spec,
    Name: name,
    Labels: { ...spec.Labels, ...optedIn },
    Mode: { Replicated: { Replicas: replicas } },
  })
  cleanUps.push(() => docker.getService(id).remove())
  return { name, id }
}

describeSwarm('the real one', describeWithEngine, () => ({
  swarm,
  create,
  freshName,
  touch: async (name) => {
    const service = await docker.getService(name).inspect()
    const Labels = { ...service.Spec.Labels, touched: 'yes' }
    await docker.getService(name).update({ version: service.Version.Index, ...service.Spec, Labels })
  },
}))

describeWithEngine('scaling a service that uses all that Swarm has', () => {
  it('loses nothing of its spec and restarts no task', async () => {
    const spec = await aRichSpec()
    const { name } = await create(freshName('rich'), 2, spec)
    const tasksBefore = await runningTasks(name, 2)
    const before = await docker.getService(name).inspect()

    await (await swarm.find(name))?.scale(3, { lastUpMs: 1_768_478_400_000, replicas: 3 })

    const after = await docker.getService(name).inspect()
    expect(after.Spec).toEqual({
      ...before.Spec,
      Labels: {
        ...before.Spec.Labels,
        'autoscaler.state.last-up': '2026-01-15T12:00:00.000Z',
        'autoscaler.state.replicas': '3',
      },
      Mode: { Replicated: { Replicas: 3 } },
    })
    expect(await runningTasks(name, 3)).toEqual(expect.arrayContaining(tasksBefore))
  })

  it('reads its limits', async () => {
    const { name } = await create(freshName('limits'), 1, await aRichSpec())
    expect((await swarm.find(name))?.service).toMatchObject({
      cpuLimitCores: 0.5,
      memoryLimitBytes: 64 * 2 ** 20,
    })
  })
})

describeWithEngine('an allowlist', () => {
  it('lets a label of a service through, and leaves out all else', async () => {
    const labelled = (team: string) => ({ ...aSleeper(), Labels: { team } })
    const [ours, theirs] = [freshName('ours'), freshName('theirs')]
    await create(ours, 1, labelled('shop'))
    await create(theirs, 1, labelled('mail'))
    const only = [{ kind: 'label', key: 'team', value: 'shop' }] as const
    const choosy = new DockerSwarm({ docker, host: dockerHost, timeoutMs: 60_000, onCall: () => {}, only })
    const readings = new Map((await choosy.list()).map(({ service }) => [service.name, service.policy]))
    expect(readings.get(ours)).toMatchObject({ kind: 'valid' })
    for (const policy of [readings.get(theirs), (await choosy.find(theirs))?.service.policy])
      expect(policy).toEqual({ kind: 'not_enabled', isExcluded: true })
  })
})

describeWithEngine('the engine', () => {
  it('answers as a Swarm manager', async () => {
    await expect(swarm.check()).resolves.toBeUndefined()
    expect(calls).toContain('info ok')
  })

  it('that is not there is told as such', async () => {
    const host = 'unix:///nowhere/docker.sock'
    const absent = new DockerSwarm({
      docker: connectDocker({ host, tlsVerify: false }),
      host,
      timeoutMs: 60_000,
      onCall: () => {},
    })
    await expect(absent.find('web')).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('that does not answer in time is given up', async () => {
    const proxy = await aFaultProxy()
    proxy.strike(hang)
    const { dockerHost: host } = proxy
    const asks = new DockerSwarm({
      docker: connectDocker({ host, tlsVerify: false }),
      host,
      timeoutMs: 100,
      onCall: () => {},
    })
    await expect(asks.list()).rejects.toMatchObject({ code: 'timeout', outcomeUnknown: true })
  })
})

/** A service with a network, a secret, a config, mounts, limits, a health check and settings for updates. */
async function aRichSpec(): Promise<Docker.CreateServiceOptions> {
  const network = await docker.createNetwork({ Name: freshName('net'), Driver: 'overlay' })
  cleanUps.push(() => network.remove())
  const [secretName, configName] = [freshName('secret'), freshName('config')]
  const secret = await docker.createSecret({ Name: secretName, Data: btoa('secret') })
  cleanUps.push(() => docker.getSecret(secret.id).remove())
  const config = await docker.createConfig({ Name: configName, Data: btoa('config') })
  cleanUps.push(() => docker.getConfig(config.id).remove())
  const file = (Name: string) => ({ Name, UID: '0', GID: '0', Mode: 0o444 })
  const sleeper = aSleeper()
  return {
    ...sleeper,
    Labels: { team: 'shop' },
    EndpointSpec: { Mode: 'dnsrr' },
    UpdateConfig: {
      Parallelism: 2,
      Delay: 1e9,
      FailureAction: 'rollback',
      Monitor: 3e9,
      Order: 'start-first',
      MaxFailureRatio: 0.25,
    },
    RollbackConfig: { Parallelism: 1, FailureAction: 'pause', Order: 'stop-first' },
    TaskTemplate: {
      ...sleeper.TaskTemplate,
      Networks: [{ Target: network.id, Aliases: ['alias'] }],
      Resources: {
        Limits: { NanoCPUs: 5e8, MemoryBytes: 64 * 2 ** 20 },
        Reservations: { NanoCPUs: 1e6, MemoryBytes: 8 * 2 ** 20 },
      },
      RestartPolicy: { Condition: 'any', Delay: 1e9, MaxAttempts: 5, Window: 9e9 },
      Placement: { Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.zone' } }], MaxReplicas: 9 },
      LogDriver: { Name: 'json-file', Options: { 'max-size': '1m' } },
      ContainerSpec: {
        ...sleeper.TaskTemplate.ContainerSpec,
        Labels: { inside: 'yes' },
        Env: ['A=1', 'B=two words'],
        StopGracePeriod: 7e9,
        Hosts: ['192.0.2.1 example'],
        HealthCheck: { Test: ['CMD', 'true'], Interval: 2e9, Timeout: 1e9, Retries: 3, StartPeriod: 1e9 },
        Secrets: [
          {
            SecretID: secret.id,
            SecretName: secretName,
            File: file('secret'),
          },
        ],
        Configs: [
          {
            ConfigID: config.id,
            ConfigName: configName,
            File: file('/config'),
          },
        ],
        Mounts: [
          { Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: 2 ** 20, Mode: 0o700 } },
          { Type: 'bind', Source: '/etc/hostname', Target: '/etc/host-hostname', ReadOnly: true },
        ],
      },
    },
  } as Docker.CreateServiceOptions
}

/** The IDs of the tasks that run, when there are as many as there should be. */
async function runningTasks(name: string, count: number): Promise<string[]> {
  return waitFor(
    async () => {
      const tasks: { ID: string; Status: { State: string } }[] = await docker.listTasks({
        filters: { service: [name], 'desired-state': ['running'] },
      })
      const running = tasks.filter(({ Status }) => Status.State === 'running').map(({ ID }) => ID)
      return running.length === count ? running : undefined
    },
    { for: `${count} running tasks of ${name}`, timeoutMs: 60_000 },
  )
}
