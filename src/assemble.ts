import { randomBytes } from 'node:crypto'
import { readActiveAlerts } from './alertmanager/active-alerts.ts'
import { openFiles } from './assemble/files.ts'
import { startHttpServer } from './assemble/http-server.ts'
import { startTelemetry, type Telemetry } from './assemble/telemetry.ts'
import type { Running } from './cli/serve.ts'
import type { Environment } from './config/load.ts'
import type { Settings } from './config/settings.ts'
import { History } from './history/history.ts'
import { openStore } from './history/open-store.ts'
import type { PolicyStore } from './policy/policy-store.ts'
import { ingestActiveAlerts } from './receiver/ingest-active-alerts.ts'
import type { Listening } from './receiver/listen.ts'
import { Reconciler } from './reconcile/reconciler.ts'
import { systemClock } from './reconcile/system-clock.ts'
import { connectDocker } from './swarm/docker-client.ts'
import { DockerSwarm } from './swarm/docker-swarm.ts'

/** Most that one call of the engine may take: far above the few milliseconds it needs, below Alertmanager's patience. */
const dockerTimeoutMs = 5_000

/** How long requests under way may take at shutdown: less than the 10 s after which Docker kills. */
const graceMs = 8_000

/**
 * Builds the receiver from its settings and starts it: first the HTTP server, so that health checks find it while Docker is still away, then the loop.
 * `environment` is where the settings came from: the tokens are read from it again, and it says whether and where traces are sent. Throws
 * `SettingsError` where it cannot be used, or a file is refused that a setting names.
 */
export async function assemble(
  settings: Settings,
  version: string,
  environment: Environment,
): Promise<Running> {
  const files = openFiles(settings, environment)
  const telemetry = await startTelemetry(settings, version, environment)
  const { log, observer, traces, certificateWatch } = telemetry
  const swarm = swarmOf(settings, files.policies, telemetry)
  const record = recordOf(settings, version, telemetry)
  const reconciler = new Reconciler({
    swarm,
    clock: systemClock,
    subscribers: [
      observer.subscriber,
      record.recorder.subscriber,
      ...(traces === undefined ? [] : [traces.subscriber]),
    ],
    resyncIntervalMs: settings.AUTOSCALER_RESYNC_INTERVAL,
    alertTtlMs: settings.AUTOSCALER_ALERT_TTL,
    isDryRun: settings.AUTOSCALER_DRY_RUN,
  })
  let server: Listening | undefined
  const serveCertificate = () => {
    const { material } = files.tls
    if (material === undefined) return
    server?.secure(material)
    certificateWatch.use(material.expiresAtMs)
  }
  const reload = () => {
    const faults = files.readAgain()
    observer.reloaded(faults)
    if (faults.length > 0) return faults
    serveCertificate()
    // Nobody waits for it: the policies are loaded, and Docker may be away.
    reconciler.checkAll().catch((error) => observer.broke(error))
    return faults
  }
  process.on('SIGHUP', reload)
  const opened = await startHttpServer({
    settings,
    version,
    files,
    telemetry,
    swarm,
    record,
    reconciler,
    reload,
  })
  server = opened
  serveCertificate()
  record.start()
  await reconciler.start()
  const stopping = new AbortController()
  const { AUTOSCALER_ALERTMANAGER_URL: url } = settings
  if (url !== '') {
    ingestActiveAlerts({
      readActiveAlerts: (signal) => readActiveAlerts(url, signal),
      loop: reconciler,
      observer: telemetry.receiverObserver(record.recorder),
      signal: stopping.signal,
    })
  }
  return {
    stop: async () => {
      log.info('stopping')
      stopping.abort()
      await Promise.all([opened.close(graceMs), reconciler.stop()])
      await Promise.all([record.stop(), telemetry.stop()])
      log.info('stopped')
    },
  }
}

function swarmOf(settings: Settings, fileLabels: PolicyStore, { observer, traces }: Telemetry): DockerSwarm {
  const { DOCKER_HOST: host, DOCKER_TLS_VERIFY: tlsVerify, DOCKER_CERT_PATH: certPath } = settings
  return new DockerSwarm({
    docker: connectDocker({ host, tlsVerify, ...(certPath === '' ? {} : { certPath }) }),
    host,
    timeoutMs: dockerTimeoutMs,
    onCall: (...call) => {
      observer.dockerCalled(...call)
      traces?.dockerCalled(...call)
    },
    fileLabels,
    only: settings.AUTOSCALER_ONLY,
  })
}

function recordOf(settings: Settings, version: string, { observer }: Telemetry): History {
  return new History({
    store: openStore({
      databaseUrl: settings.AUTOSCALER_DATABASE_URL,
      dataDir: settings.AUTOSCALER_DATA_DIR,
    }),
    clock: systemClock,
    observer,
    version,
    receiver: randomBytes(4).toString('hex'),
    resyncIntervalMs: settings.AUTOSCALER_RESYNC_INTERVAL,
    retention: {
      maxAgeMs: settings.AUTOSCALER_HISTORY_MAX_AGE,
      maxRows: settings.AUTOSCALER_HISTORY_MAX_ROWS,
    },
  })
}
