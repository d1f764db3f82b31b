import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { PolicyFileFault } from '../../../src/cli/check/ports.ts'
import { runCommand } from '../../../src/cli/command.ts'
import type { Service } from '../../../src/domain/service.ts'
import type { Sample } from '../../../src/prometheus/query.ts'
import type { LabelledService } from '../../../src/swarm/labelled-services.ts'
import { asksNobody, noBacktestPorts } from './unused-ports.ts'

/** What there is to check; all of it is optional. */
export interface CheckWorld {
  readonly environment?: Record<string, string>
  /** Absent: no engine can be reached. */
  readonly services?: readonly Service[]
  readonly labelled?: readonly LabelledService[]
  readonly policyFaults?: readonly PolicyFileFault[]
  /** How long Prometheus remembers. Absent: it does not tell. */
  readonly retentionMs?: number
  /** What Prometheus answers to each query. Absent: it cannot be asked. */
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
export async function runCheck(args: readonly string[], world: CheckWorld = {}) {
  const out: string[] = []
  const err: string[] = []
  const status = await runCommand(['check', ...args], {
    version: '1.2.3',
    environment: world.environment ?? {},
    streams: { out: (line) => out.push(line), err: (line) => err.push(line) },
    start: () => Promise.reject(new Error('check starts nothing')),
    untilAskedToStop: () => Promise.reject(new Error('check waits for nothing')),
    check: {
      connect: () => {
        const { services, labelled = [] } = world
        if (services === undefined) throw new Error('no engine here')
        return { listServices: async () => services, listLabelled: async () => labelled }
      },
      queryPrometheus: async (address, query) => {
        if (world.prometheus === undefined) throw new Error(`${address} answers nothing`)
        return world.prometheus(query)
      },
      askRetentionMs: async () => world.retentionMs,
      checkPolicyFile: async () => world.policyFaults ?? [],
    },
    ask: asksNobody,
    backtest: noBacktestPorts,
  })
  return { status, out, err }
}
