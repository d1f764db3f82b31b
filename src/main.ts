#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { checkPorts } from './cli/check/connect.ts'
import { runCommand } from './cli/command.ts'
import type { Running } from './cli/serve.ts'
import { environment } from './config/environment.ts'
import { PolicyStore } from './config/policy-store.ts'
import type { Settings } from './config/settings.ts'
import { createApp } from './receiver/app.ts'
import { listen } from './receiver/listen.ts'
import { recallAlerts } from './receiver/standing-alerts.ts'
import { Reconciler } from './reconcile/reconciler.ts'
import { systemClock } from './reconcile/system-clock.ts'
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

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Builds everything and starts it: first the door, so that health checks find it while Docker is still away, then the loop. */
async function start(settings: Settings): Promise<Running> {
  const policies = new PolicyStore(settings.AUTOSCALER_POLICY_FILE, faultsBeneath)
  const log = createLogger(settings.AUTOSCALER_LOG_LEVEL)
  const registry = createRegistry()
  const observer = new TelemetryObserver(new Metrics(registry, version), log)
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
  const reconciler = new Reconciler({
    swarm,
    clock: systemClock,
    observer,
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
    observer,
    checkReady: () => swarm.check(),
    metricsTypes: expositionTypes,
    expose: (contentType) => expose(registry, contentType),
    reload,
    webhookTokens: settings.AUTOSCALER_WEBHOOK_TOKEN,
  })
  if (settings.AUTOSCALER_WEBHOOK_TOKEN.length === 0) {
    log.warn('the webhook is open to everybody who can reach it; set AUTOSCALER_WEBHOOK_TOKEN to close it')
  }
  const { host, port } = settings.AUTOSCALER_LISTEN
  const listening = await listen(app, host, port)
  log.info({ version, host, port: listening.port, docker: settings.DOCKER_HOST }, 'started')
  await reconciler.start()
  const stopping = new AbortController()
  const { AUTOSCALER_ALERTMANAGER_URL: url } = settings
  if (url !== '') recallAlerts({ url, loop: reconciler, observer, signal: stopping.signal })
  return {
    stop: async () => {
      log.info('stopping')
      stopping.abort()
      await Promise.all([listening.close(graceMs), reconciler.stop()])
      log.info('stopped')
    },
  }
}

/** Resolves at the first signal that asks to end. The next one ends the process at once. */
function untilAskedToStop(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let isAsked = false
  const ask = (signal: string) => {
    if (isAsked) process.exit(1)
    isAsked = true
    resolve(signal)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, ask)
  return promise
}

process.exitCode = await runCommand(process.argv.slice(2), {
  environment,
  streams: {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
  },
  start,
  untilAskedToStop,
  check: checkPorts,
})
