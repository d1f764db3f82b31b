import type { Settings } from '../../config/settings.ts'
import { PolicyStore } from '../../policy/policy-store.ts'
import { queryPrometheus } from '../../prometheus/query.ts'
import { queryRetentionMs } from '../../prometheus/retention.ts'
import { connectDocker } from '../../swarm/docker-client.ts'
import { DockerSwarm } from '../../swarm/docker-swarm.ts'
import { listLabelled } from '../../swarm/labelled-services.ts'
import type { CheckPorts, Engine } from './ports.ts'

/** Maximum time of one call of the engine, in ms. */
const timeoutMs = 5_000

/** The real ones. Services and policy file are read as `serve` reads them. */
export const checkPorts: CheckPorts = { connect, queryPrometheus, queryRetentionMs }

function connect(settings: Settings): Engine {
  const { DOCKER_HOST: host, DOCKER_TLS_VERIFY: tlsVerify, DOCKER_CERT_PATH: certPath } = settings
  const docker = connectDocker({ host, tlsVerify, ...(certPath === '' ? {} : { certPath }) })
  const fileLabels = PolicyStore.load(settings.AUTOSCALER_POLICY_FILE)
  const { AUTOSCALER_ONLY: only } = settings
  const swarm = new DockerSwarm({ docker, host, timeoutMs, onCall: () => undefined, fileLabels, only })
  return {
    listServices: async () => (await swarm.list()).map(({ service }) => service),
    listLabelled: () => listLabelled(docker, host, timeoutMs),
  }
}
