import { networkInterfaces } from 'node:os'
import { exposureNotices } from '../config/exposure.ts'
import type { Settings } from '../config/settings.ts'
import type { TlsStore } from '../config/tls-store.ts'
import type { TokenStore } from '../config/token-store.ts'
import { defined } from '../domain/defined.ts'
import type { History } from '../history/history.ts'
import { createApp } from '../receiver/app.ts'
import { requireClientCertificate } from '../receiver/client-certificates.ts'
import { type Listening, listen } from '../receiver/listen.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { systemClock } from '../reconcile/system-clock.ts'
import type { DockerSwarm } from '../swarm/docker-swarm.ts'
import { expositionTypes } from '../telemetry/exposition.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Files } from './files.ts'
import type { Telemetry } from './telemetry.ts'

/** What the HTTP server answers with. */
interface Rooms {
  readonly settings: Settings
  readonly version: string
  readonly files: Files
  readonly telemetry: Telemetry
  readonly swarm: Pick<DockerSwarm, 'check'>
  readonly record: History
  readonly reconciler: Reconciler
  readonly reload: () => readonly string[]
}

/** Answers requests from now on. Rejects if the address cannot be used. */
export async function startHttpServer(rooms: Rooms): Promise<Listening> {
  const { settings, version, files, telemetry, swarm, record, reconciler, reload } = rooms
  const { material } = files.tls
  const app = createApp({
    loop: telemetry.traces?.loop(reconciler) ?? reconciler,
    services: reconciler,
    history: record,
    observer: telemetry.receiverObserver(record.recorder),
    tracer: telemetry.traces,
    checkReady: () => swarm.check(),
    metricsTypes: expositionTypes,
    expose: telemetry.expose,
    reload,
    tokens: files.tokens,
    ...(material?.clientCa === undefined ? {} : { requireCertificate: requireClientCertificate }),
    isDryRun: settings.AUTOSCALER_DRY_RUN,
    currency: settings.AUTOSCALER_CURRENCY,
    version,
    nowMs: systemClock.nowMs,
  })
  const { host, port } = settings.AUTOSCALER_LISTEN
  const server = await listen(app, host, port, defined({ tls: material }))
  logExposure(server.address, files.tokens, files.tls, telemetry.log)
  telemetry.log.info({ version, host, port: server.port, docker: settings.DOCKER_HOST }, 'started')
  return server
}

/** Logs once who can reach the server without a token, and which tokens can be read on their way. */
function logExposure(address: string, tokens: TokenStore, { material }: TlsStore, log: Logger): void {
  const notices = exposureNotices({
    address,
    interfaces: networkInterfaces(),
    hasWebhookToken: tokens.webhook().length > 0,
    hasReadToken: tokens.readers().length > 0,
    hasMetricsToken: tokens.metrics().length > 0,
    isTls: material !== undefined,
    hasClientCa: material?.clientCa !== undefined,
  })
  for (const { level, message, address: named } of notices) log[level](defined({ address: named }), message)
}
