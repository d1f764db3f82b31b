import { createHash } from 'node:crypto'

/** A service to make up. */
export interface MadeUpService {
  readonly name: string
  readonly replicas: number
  /** Labels of the service, whole keys. */
  readonly labels: Readonly<Record<string, string>>
}

export interface SpecJson {
  readonly Name: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly Mode?: { readonly Replicated?: { readonly Replicas?: number } }
  readonly TaskTemplate?: object
}

/** A service as the engine's API has it: some 3 KB, as of a web application with a health check, secrets and two networks. */
export interface ServiceJson {
  readonly ID: string
  readonly Version: { readonly Index: number }
  readonly CreatedAt: string
  readonly UpdatedAt: string
  readonly Spec: SpecJson
  readonly PreviousSpec?: SpecJson
  readonly Endpoint?: object
}

/** An ID of 25 characters, as Swarm makes them, the same for the same text each time. */
function anId(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, 25).padStart(25, '0')
}

export function aService(made: MadeUpService, version: number, atMs: number): ServiceJson {
  const at = timeOf(atMs)
  const port = { Protocol: 'tcp', TargetPort: 8080, PublishMode: 'ingress' }
  return {
    ID: anId(made.name),
    Version: { Index: version },
    CreatedAt: at,
    UpdatedAt: at,
    Spec: aSpec(made),
    Endpoint: {
      Spec: { Mode: 'vip', Ports: [port] },
      Ports: [{ ...port, PublishedPort: 30_000 }],
      VirtualIPs: networks.map((network, index) => ({
        NetworkID: network.Target,
        Addr: `10.0.${index}.7/24`,
      })),
    },
  }
}

/** Its tasks, one for each replica, all running since `sinceMs`. */
export function tasksOf({ ID, Version, Spec }: ServiceJson, sinceMs: number): readonly object[] {
  const at = timeOf(sinceMs)
  return Array.from({ length: Spec.Mode?.Replicated?.Replicas ?? 0 }, (_, index) => {
    const id = anId(`${ID}.${index + 1}`)
    return {
      ID: id,
      Version,
      CreatedAt: at,
      UpdatedAt: at,
      Labels: {},
      Spec: Spec.TaskTemplate,
      ServiceID: ID,
      Slot: index + 1,
      NodeID: node,
      Status: {
        Timestamp: at,
        State: 'running',
        Message: 'started',
        ContainerStatus: { ContainerID: `${id}${id}`, PID: 4_000 + index, ExitCode: 0 },
        PortStatus: {},
      },
      DesiredState: 'running',
      NetworksAttachments: networks.map(({ Target }) => ({
        Network: { ID: Target, Spec: { Name: 'shop_backend', DriverConfiguration: { Name: 'overlay' } } },
        Addresses: [`10.0.1.${(index % 200) + 10}/24`],
      })),
    }
  })
}

/** What is told of a service that was updated. */
export function anUpdateEvent({ ID, Spec }: ServiceJson, before: SpecJson, atMs: number): object {
  const replicas = ({ Mode }: SpecJson) => String(Mode?.Replicated?.Replicas ?? 0)
  const changed = { 'replicas.old': replicas(before), 'replicas.new': replicas(Spec) }
  return {
    Type: 'service',
    Action: 'update',
    Actor: { ID, Attributes: { name: Spec.Name, ...changed } },
    scope: 'swarm',
    time: Math.floor(atMs / 1_000),
    timeNano: atMs * 1e6,
  }
}

const node = anId('node')
const networks = [
  { Target: anId('frontend'), Aliases: ['web'] },
  { Target: anId('backend'), Aliases: ['web'] },
]
const image = `registry.example.com/shop/web:1.42.0@sha256:${createHash('sha256').update('web').digest('hex')}`

function aSpec({ name, replicas, labels }: MadeUpService): SpecJson {
  const stack = { 'com.docker.stack.image': image, 'com.docker.stack.namespace': 'shop' }
  const rollout = {
    Parallelism: 1,
    Delay: 1e10,
    FailureAction: 'rollback',
    Monitor: 5e9,
    Order: 'start-first',
  }
  const spec = {
    Name: name,
    Labels: {
      ...stack,
      'traefik.enable': 'true',
      [`traefik.http.routers.${name}.rule`]: `Host(\`${name}.example.com\`)`,
      [`traefik.http.services.${name}.loadbalancer.server.port`]: '8080',
      ...labels,
    },
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Labels: { 'com.docker.stack.namespace': 'shop' },
        Env: ['NODE_ENV=production', `DATABASE_HOST=${name}-db`, 'DATABASE_PORT=5432', 'LOG_LEVEL=info'],
        Privileges: { CredentialSpec: null, SELinuxContext: null },
        StopGracePeriod: 1e10,
        HealthCheck: {
          Test: ['CMD-SHELL', 'wget -q -O /dev/null http://localhost:8080/health'],
          Interval: 5e9,
          Timeout: 2e9,
        },
        DNSConfig: {},
        Secrets: [
          {
            File: { Name: 'database_password', UID: '0', GID: '0', Mode: 292 },
            SecretID: anId('secret'),
            SecretName: 'shop_database_password',
          },
        ],
        Isolation: 'default',
      },
      Resources: {
        Limits: { NanoCPUs: 5e8, MemoryBytes: 512 * 2 ** 20 },
        Reservations: { NanoCPUs: 1e8, MemoryBytes: 128 * 2 ** 20 },
      },
      RestartPolicy: { Condition: 'any', Delay: 5e9, MaxAttempts: 0 },
      Placement: {
        Constraints: ['node.role == worker'],
        Platforms: [{ Architecture: 'amd64', OS: 'linux' }],
      },
      LogDriver: { Name: 'json-file', Options: { 'max-file': '3', 'max-size': '10m' } },
      Networks: networks,
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: replicas } },
    UpdateConfig: rollout,
    RollbackConfig: { ...rollout, FailureAction: 'pause' },
    EndpointSpec: {
      Mode: 'vip',
      Ports: [{ Protocol: 'tcp', TargetPort: 8080, PublishMode: 'ingress' }],
    },
  }
  return spec
}

/** As the engine writes times: with nanoseconds. */
export function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '000000Z')
}
