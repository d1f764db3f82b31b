import { readFile } from 'node:fs/promises'
import type { Settings } from '../../config/settings.ts'
import { readPolicyFile } from '../../policy/policy-file.ts'
import { PolicyStore } from '../../policy/policy-store.ts'
import { queryPrometheus } from '../../prometheus/query.ts'
import { connectDocker } from '../../swarm/docker-client.ts'
import { DockerSwarm } from '../../swarm/docker-swarm.ts'
import { listLabelled } from '../../swarm/labelled-services.ts'
import { describeFault } from '../../text/describe-fault.ts'
import type { CheckPorts, Engine, PolicyFileFault } from './ports.ts'
import { queryRetentionMs } from './query-retention.ts'

/** Maximum time of one call of the engine, in ms. */
const timeoutMs = 5_000

/** The real ones. Services and policy file are read as `serve` reads them. */
export const checkPorts: CheckPorts = { connect, checkPolicyFile, queryPrometheus, queryRetentionMs }

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

async function checkPolicyFile(path: string): Promise<readonly PolicyFileFault[]> {
  const reading = readPolicyFile(await readFile(path, 'utf8'))
  if (reading.kind === 'valid') return []
  return reading.faults.map((fault) => ({
    line: fault.line,
    column: fault.column,
    message: describeFault(fault),
  }))
}
