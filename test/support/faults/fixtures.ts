import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type ReceiverOptions, ReceiverProcess } from '../receiver-process.ts'
import { aSleepingService, type SleepingService } from '../sleeping-service.ts'
import { engine } from '../testbed/describe-with-engine.ts'
import { waitFor } from '../testbed/wait.ts'
import { FaultProxy } from './fault-proxy.ts'

/** A folder that outlives the receivers that keep their files in it, for as long as the test runs. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'receivers-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A proxy before the engine, for as long as the test runs. */
export async function aFaultProxy(options?: { readonly isAway?: boolean }): Promise<FaultProxy> {
  const proxy = await FaultProxy.start(engine.dockerHost, options)
  onTestFinished(() => proxy.close())
  return proxy
}

/** A receiver that has seen the services, for as long as the test runs. Default: before the engine itself. */
export async function aReceiver(options: Partial<ReceiverOptions> = {}): Promise<ReceiverProcess> {
  const receiver = await startReceiver(options)
  await receiver.logged('Docker connected')
  return receiver
}

/** A receiver that may have seen nothing, for as long as the test runs. Default: before the engine itself. */
export async function startReceiver(options: Partial<ReceiverOptions> = {}): Promise<ReceiverProcess> {
  const receiver = await ReceiverProcess.start({ dockerHost: engine.dockerHost, ...options })
  onTestFinished(() => receiver.kill())
  return receiver
}

/** A service of one replica, under a name that no other has. A step up is held for ten minutes by the last one. */
export function aService(labels: readonly string[] = []): Promise<SleepingService> {
  return aSleepingService(engine, { name: `faults-${randomUUID().slice(0, 8)}`, replicas: 1, labels })
}

/** Waits until the service's spec has this number of replicas. */
export async function reaches(service: SleepingService, replicas: number, timeoutMs = 30_000): Promise<void> {
  await waitFor(async () => ((await service.replicas()) === replicas ? true : undefined), {
    for: `${replicas} replicas of ${service.name}`,
    timeoutMs,
    everyMs: 50,
  })
}

/** What a step up of one answers when it is made, and what it answers once it has been made. */
export const stepMade = { status: 200, results: [{ decision: 'scale', reason: 'alert', from: 1, to: 2 }] }
export const stepMadeBefore = {
  status: 200,
  results: [{ decision: 'hold', reason: 'cooldown', from: 2, to: 2 }],
}
