import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Engine } from '../../../src/cli/check/ports.ts'
import type { Service } from '../../../src/domain/service.ts'
import type { Sample } from '../../../src/prometheus/query.ts'
import type { LabelledService } from '../../../src/swarm/labelled-services.ts'
import { run } from './command-run.ts'

/** What there is to check; all of it is optional. */
export interface CheckWorld {
  readonly environment?: Record<string, string>
  /** Absent: no engine can be reached. */
  readonly services?: readonly Service[]
  readonly labelled?: readonly LabelledService[]
  /** How long Prometheus keeps samples. Absent: it does not say. */
  readonly retentionMs?: number
  /** The answer of Prometheus to each query. Absent: it cannot be queried. */
  readonly prometheus?: (query: string) => readonly Sample[]
}

/** A folder with these files, for as long as the test runs. */
export function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-check-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** Runs `swarm-autoscaler check` in such a world. */
export function runCheck(args: readonly string[], world: CheckWorld = {}) {
  return run(['check', ...args], {
    environment: world.environment ?? {},
    check: {
      connect: () => engineWith(world),
      queryPrometheus: async (address, query) => {
        if (world.prometheus === undefined) throw new Error(`${address} answers nothing`)
        return world.prometheus(query)
      },
      queryRetentionMs: async () => world.retentionMs,
    },
  })
}

/** An engine with these services. Throws if there is none. */
export function engineWith({ services, labelled = [] }: Pick<CheckWorld, 'services' | 'labelled'>): Engine {
  if (services === undefined) throw new Error('no engine here')
  return { listServices: async () => services, listLabelled: async () => labelled }
}
