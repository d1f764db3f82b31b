import type { ActiveAlert } from '../../../src/domain/active-alert.ts'
import type { RecordedEvent } from '../../../src/domain/event.ts'
import type { ReplicaCount, Watch } from '../../../src/domain/replica-count.ts'
import type { Service } from '../../../src/domain/service.ts'
import { EventRecord } from '../../../src/history/event-record.ts'
import { type AlertUpdate, Reconciler } from '../../../src/reconcile/reconciler.ts'
import { tellAll } from '../../../src/reconcile/tell-all.ts'
import { aService } from './builders.ts'
import { FakeClock, settle } from './fake-clock.ts'
import { FakeStore } from './fake-store.ts'
import { FakeSwarm } from './fake-swarm.ts'
import { RecordingObserver } from './recording-observer.ts'

const firing = (alert: ActiveAlert): AlertUpdate => ({ kind: 'firing', alert })
export const resolved = ({ fingerprint }: ActiveAlert, endedAtMs: number): AlertUpdate => ({
  kind: 'resolved',
  fingerprint,
  endedAtMs,
})

const silent = {
  recordWrote: () => {},
  recordFailed: () => {},
  recordLost: () => {},
  recordWaiting: () => {},
  recordPruned: () => {},
}

/** What may be there before the loop starts: another receiver shares the Swarm, the clock and the store. */
export interface RecordedLoopOptions {
  readonly services?: readonly Service[]
  readonly swarm?: FakeSwarm
  readonly clock?: FakeClock
  readonly store?: FakeStore
  /** 8 hexadecimal digits. */
  readonly receiver?: string
  readonly isDryRun?: boolean
}

/** The real loop, looking every 15 s, and the real record over a Swarm, a clock and a store in memory. */
export async function aRecordedLoop({
  services = [aService()],
  swarm = new FakeSwarm(...services),
  clock = new FakeClock(),
  store = new FakeStore(),
  receiver = '00000001',
  isDryRun = false,
}: RecordedLoopOptions = {}) {
  const record = new EventRecord({
    store,
    clock,
    observer: silent,
    version: '1.2.3',
    receiver,
    resyncIntervalMs: 15_000,
    retention: { maxAgeMs: 86_400_000, maxRows: 1_000 },
  })
  const observer = new RecordingObserver()
  const loop = new Reconciler({
    swarm,
    clock,
    observer: tellAll(observer, record.recorder),
    resyncIntervalMs: 15_000,
    alertTtlMs: 120_000,
    isDryRun,
  })
  await loop.start()
  const all = { sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER }
  return {
    swarm,
    clock,
    store,
    record,
    observer,
    loop,
    /** Hands in a signal for `web`, as a delivery of Alertmanager does; where Swarm cannot be written, that is no failure here. */
    hear: async (...alerts: readonly ActiveAlert[]) => {
      await loop.receive('web', alerts.map(firing)).catch(() => undefined)
      await settle()
    },
    /** Every event so far, the oldest first. */
    events: async (): Promise<readonly RecordedEvent[]> =>
      (await record.events({ limit: 1_000 })).toReversed(),
    counts: (): Promise<readonly ReplicaCount[]> => record.counts(all),
    watches: async (): Promise<readonly Watch[]> => {
      await record.settled()
      return store.watches(all)
    },
  }
}
