import type { ActiveAlert } from '../../../src/domain/active-alert.ts'
import type { HistoryEvent } from '../../../src/domain/event.ts'
import type { ReplicaCount, Watch } from '../../../src/domain/replica-count.ts'
import type { Service } from '../../../src/domain/service.ts'
import { History } from '../../../src/history/history.ts'
import type { AlertUpdate } from '../../../src/reconcile/active-alerts.ts'
import { Reconciler } from '../../../src/reconcile/reconciler.ts'
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
  historyWrote: () => {},
  historyFailed: () => {},
  historyLost: () => {},
  historyWaiting: () => {},
  historyPruned: () => {},
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

/** The real loop, with a resync every 15 s, and the real history over a Swarm, a clock and a store in memory. */
export async function aRecordedLoop({
  services = [aService()],
  swarm = new FakeSwarm(...services),
  clock = new FakeClock(),
  store = new FakeStore(),
  receiver = '00000001',
  isDryRun = false,
}: RecordedLoopOptions = {}) {
  const history = new History({
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
    subscribers: [observer.subscriber, history.recorder.subscriber],
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
    history,
    observer,
    loop,
    /** Receives alerts for `web`, as from Alertmanager. A failure of Swarm is ignored here. */
    receive: async (...alerts: readonly ActiveAlert[]) => {
      await loop.receive('web', alerts.map(firing)).catch(() => undefined)
      await settle()
    },
    /** Every event so far, the oldest first. */
    events: async (): Promise<readonly HistoryEvent[]> =>
      (await history.events({ limit: 1_000 })).toReversed(),
    counts: async (): Promise<readonly ReplicaCount[]> => (await history.past(all)).counts,
    watches: async (): Promise<readonly Watch[]> => {
      await history.settled()
      return store.watches(all)
    },
  }
}
