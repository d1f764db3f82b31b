import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { History } from '../../src/history/history.ts'
import { SqliteStore } from '../../src/history/sqlite/sqlite-store.ts'
import { aService, noon } from '../support/fakes/builders.ts'
import { FakeClock } from '../support/fakes/fake-clock.ts'
import { FakeHistoryObserver } from '../support/fakes/fake-history-observer.ts'
import { Reporter } from '../support/fakes/reporter.ts'
import { describeWithDisk, SmallDisk } from '../support/history/small-disk.ts'

/** Far longer than the machine can be busy with others. */
const patientMs = 60_000

/** The real history over the real store in `folder`; only the time is made up. It continues after `last`. */
function aHistory(folder: string, last = 0) {
  const clock = new FakeClock()
  const observer = new FakeHistoryObserver()
  const store = new SqliteStore(join(folder, 'history.db'), patientMs)
  const history = new History({
    store,
    clock,
    observer,
    version: '1.2.3',
    receiver: '00000001',
    resyncIntervalMs: 15_000,
    retention: { maxAgeMs: 86_400_000, maxRows: 100_000 },
  })
  const loop = new Reporter(history.recorder.subscriber)
  /** Reports this many changes, each with a number of its own, and waits until they are written or cannot be. */
  const scale = async (times: number) => {
    for (let index = 0; index < times; index++) {
      const scaling = { kind: 'scale', from: last, to: ++last, reason: 'alert' } as const
      loop.applied(aService({ desiredReplicas: last }), scaling, noon + last)
    }
    await history.settled()
  }
  /** Lets a minute go by, in which the writing is tried again. */
  const retry = async () => {
    await clock.advance(60_000)
    await history.settled()
  }
  const numbers = async () => (await history.events({ limit: 1_000 })).map(({ to }) => to).reverse()
  return { history, store, observer, scale, retry, numbers, last: () => last }
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

await describeWithDisk('the history on a disk', () => {
  let disk: SmallDisk
  const histories: History[] = []
  const open = (last = 0) => {
    const opened = aHistory(disk.folder, last)
    histories.push(opened.history)
    return opened
  }
  beforeEach(async () => {
    disk = await SmallDisk.mount(2_048)
  })
  afterEach(async () => {
    for (const history of histories.splice(0)) await history.stop()
    await disk.unmount()
  })

  /** What a process that starts now finds. */
  async function numbersOnDisk(): Promise<readonly unknown[]> {
    const { history, numbers } = open()
    const found = await numbers()
    await history.stop()
    return found
  }

  it('that is full loses nothing, shows everything and the reason, and recovers by itself', async () => {
    const { history, observer, scale, retry, numbers, last } = open()
    await scale(20)
    expect(history.status()).toEqual({})
    disk.fill()
    while (history.status().fault === undefined && last() < 10_000) await scale(20)
    expect(observer.failures.at(-1)?.code).toBe('full')
    expect(history.status().fault?.message).toMatch(
      /history\.db: database or disk is full; free disk space, or keep less with AUTOSCALER_HISTORY_MAX_AGE/,
    )
    await scale(30)
    await retry()
    expect(history.status().fault?.waiting).toBeGreaterThan(30)
    expect(await numbers()).toEqual(upTo(last()).slice(-1_000))
    disk.makeRoom()
    await retry()
    expect(history.status()).toEqual({})
    await scale(1)
    expect(observer.lost).toBe(0)
    await history.stop()
    expect(await numbersOnDisk()).toEqual(upTo(last()).slice(-1_000))
  })

  it('that fills up again and again never breaks a write in two', async () => {
    const { history, scale, retry, last } = open()
    for (let round = 0; round < 5; round++) {
      disk.fill()
      for (let tries = 0; tries < 50 && history.status().fault === undefined; tries++) await scale(20)
      disk.makeRoom()
      await retry()
    }
    await history.stop()
    expect(await numbersOnDisk()).toEqual(upTo(last()).slice(-1_000))
  })

  it('that is full from the start is written once there is room', async () => {
    disk.fill()
    const { history, observer, scale, retry, numbers } = open()
    await scale(3)
    expect(observer.failures.at(-1)?.code).toBe('full')
    expect(await numbers()).toEqual([1, 2, 3])
    disk.makeRoom()
    await retry()
    expect(history.status()).toEqual({})
    expect(await numbers()).toEqual([1, 2, 3])
  })

  it('that is read-only is reported, and written when it can be', async () => {
    const before = open()
    await before.scale(3)
    await before.history.stop()
    await disk.remount('ro')
    const { history, observer, scale, retry, numbers } = open(100)
    await scale(2)
    expect(observer.failures.at(-1)?.code).toBe('read_only')
    expect(history.status().fault?.message).toMatch(
      /history\.db: .*; give user \d+ write access to the folder .*, or set another AUTOSCALER_DATA_DIR/,
    )
    expect(await numbers()).toEqual([101, 102])
    await disk.remount('rw')
    await retry()
    expect(history.status()).toEqual({})
    expect(await numbers()).toEqual([1, 2, 3, 101, 102])
    expect(observer.lost).toBe(0)
  })
})
