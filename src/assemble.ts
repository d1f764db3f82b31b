import { randomBytes } from 'node:crypto'
import type { Running } from './cli/serve.ts'
import { PolicyStore } from './config/policy-store.ts'
import type { Settings } from './config/settings.ts'
import { createApp } from './receiver/app.ts'
import { listen } from './receiver/listen.ts'
import type { ReceiverObserver } from './receiver/ports.ts'
import { recallAlerts } from './receiver/standing-alerts.ts'
import { Reconciler } from './reconcile/reconciler.ts'
import { systemClock } from './reconcile/system-clock.ts'
import { tellAll } from './reconcile/tell-all.ts'
import { EventRecord } from './record/event-record.ts'
import { openStore } from './record/open-store.ts'
import type { Recorder } from './record/recorder.ts'
import { connectDocker } from './swarm/docker-client.ts'
import { DockerSwarm } from './swarm/docker-swarm.ts'
import { faultsBeneath } from './swarm/label-layers.ts'
import { createRegistry, expose, expositionTypes } from './telemetry/exposition.ts'
import { createLogger } from './telemetry/logger.ts'
import { Metrics } from './telemetry/metrics.ts'
import { TelemetryObserver } from './telemetry/observer.ts'

/** Most that one call of the engine may take: far above the few milliseconds it needs, below Alertmanager's patience. */
const dockerTimeoutMs = 5_000

/** How long requests under way may take at shutdown: less than the 10 s after which Docker kills. */
const graceMs = 8_000

/**
 * Builds the receiver from its settings and starts it: first the door, so that health checks find it while Docker is still away, then the loop.
 * Throws `SettingsError` where the policy file is refused.
 */
export async function assemble(settings: Settings, version: string): Promise<Running> {
  const policies = new PolicyStore(settings.AUTOSCALER_POLICY_FILE, faultsBeneath)
  const log = createLogger(settings.AUTOSCALER_LOG_LEVEL)
  const registry = createRegistry()
  const observer = new TelemetryObserver(
    new Metrics(registry, version),
    log,
    settings.AUTOSCALER_RESYNC_INTERVAL,
  )
  const swarm = new DockerSwarm({
    docker: connectDocker({
      host: settings.DOCKER_HOST,
      tlsVerify: settings.DOCKER_TLS_VERIFY,
      ...(settings.DOCKER_CERT_PATH === '' ? {} : { certPath: settings.DOCKER_CERT_PATH }),
    }),
    host: settings.DOCKER_HOST,
    timeoutMs: dockerTimeoutMs,
    onCall: (...call) => observer.dockerCalled(...call),
    layers: policies,
  })
  const record = new EventRecord({
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
      maxAgeMs: settings.AUTOSCALER_RECORD_MAX_AGE,
      maxRows: settings.AUTOSCALER_RECORD_MAX_ROWS,
    },
  })
  const reconciler = new Reconciler({
    swarm,
    clock: systemClock,
    observer: tellAll(observer, record.recorder),
    resyncIntervalMs: settings.AUTOSCALER_RESYNC_INTERVAL,
    signalTtlMs: settings.AUTOSCALER_SIGNAL_TTL,
    isDryRun: settings.AUTOSCALER_DRY_RUN,
  })
  const reload = () => {
    const faults = policies.reload()
    observer.reloaded(faults)
    // Nobody waits for it: the policies are in force, and Docker may be away.
    if (faults.length === 0) reconciler.lookAtAll().catch((error) => observer.broke(error))
    return faults
  }
  process.on('SIGHUP', reload)
  const app = createApp({
    loop: reconciler,
    services: reconciler,
    record,
    observer: heardBy(observer, record.recorder),
    checkReady: () => swarm.check(),
    metricsTypes: expositionTypes,
    expose: (contentType) => expose(registry, contentType),
    reload,
    webhookTokens: settings.AUTOSCALER_WEBHOOK_TOKEN,
    readTokens: settings.AUTOSCALER_READ_TOKEN,
    isDryRun: settings.AUTOSCALER_DRY_RUN,
    currency: settings.AUTOSCALER_CURRENCY,
    version,
    nowMs: systemClock.nowMs,
  })
  if (settings.AUTOSCALER_WEBHOOK_TOKEN.length === 0) {
    log.warn('the webhook is open to everybody who can reach it; set AUTOSCALER_WEBHOOK_TOKEN to close it')
  }
  const { host, port } = settings.AUTOSCALER_LISTEN
  const listening = await listen(app, host, port)
  log.info({ version, host, port: listening.port, docker: settings.DOCKER_HOST }, 'started')
  record.start()
  await reconciler.start()
  const stopping = new AbortController()
  const { AUTOSCALER_ALERTMANAGER_URL: url } = settings
  if (url !== '') {
    const told = { ...heardBy(observer, record.recorder), ...recallBy(observer) }
    recallAlerts({ url, loop: reconciler, observer: told, signal: stopping.signal })
  }
  return {
    stop: async () => {
      log.info('stopping')
      stopping.abort()
      await Promise.all([listening.close(graceMs), reconciler.stop()])
      await record.stop()
      log.info('stopped')
    },
  }
}

/** What the receiver hears goes to the telemetry; what it refuses goes into the record as well. */
function heardBy(telemetry: TelemetryObserver, recorder: Recorder): ReceiverObserver {
  return {
    heard: (...news) => telemetry.heard(...news),
    decided: (...news) => telemetry.decided(...news),
    refused: (refused) => {
      telemetry.refused(refused)
      recorder.refused(refused)
    },
    answered: (...news) => telemetry.answered(...news),
    broke: (error) => telemetry.broke(error),
  }
}

function recallBy(telemetry: TelemetryObserver) {
  return {
    recalled: (count: number) => telemetry.recalled(count),
    notRecalled: (error: Error) => telemetry.notRecalled(error),
  }
}
