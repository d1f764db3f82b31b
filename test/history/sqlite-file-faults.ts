import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HistoryStore } from '../../src/history/store.ts'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry, idAt } from '../support/history/entries.ts'

/** What holds of a file whatever happens to it, with or without a thread of its own. `openAt` opens the one of this path. */
export function describeFileFaults(label: string, openAt: (path: string) => HistoryStore): void {
  describe(`the file of the history: ${label}`, () => {
    let folder: string
    let path: string
    const stores: HistoryStore[] = []
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-file-'))
      path = join(folder, 'history.db')
    })
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close()
      rmSync(folder, { recursive: true, force: true })
    })

    function open(): HistoryStore {
      const store = openAt(path)
      stores.push(store)
      return store
    }

    const write = (store: HistoryStore, index: number) => store.write([eventEntry(anEvent(noon + index))])
    const idsOf = async (store: HistoryStore) => (await store.events({ limit: 5_000 })).map(({ id }) => id)
    const ids = (...indexes: number[]) => indexes.map((index) => idAt(noon + index))

    /** Writes this number of events of half a kilobyte, and closes the file. */
    async function writeAndClose(count: number): Promise<void> {
      const store = open()
      const summary = 'x'.repeat(500)
      const alerts = [{ name: 'A', fingerprint: 'f', summary }]
      await store.write(
        Array.from({ length: count }, (_, index) => eventEntry(anEvent(noon + index, { alerts }))),
      )
      await store.close()
    }

    /** Overwrites a part of the file. */
    function scribble(at: number, length: number): void {
      const file = openSync(path, 'r+')
      writeSync(file, Buffer.alloc(length, 0xa5), 0, length, at)
      closeSync(file)
    }

    const asides = () => readdirSync(folder).filter((name) => /^history\.db\.damaged-[\dT.-]+Z$/.test(name))

    describe('a damaged file', () => {
      it.each([
        ['whose beginning is overwritten', () => scribble(0, 100)],
        ['whose middle is overwritten', () => scribble(40 * 4_096, 200 * 4_096)],
        ['that is cut off', () => truncateSync(path, 50 * 4_096)],
        ['that never was a database', () => writeFileSync(path, 'Dear diary, '.repeat(1_000))],
      ])('%s is renamed, reported, and followed by a new file', async (_, damage) => {
        await writeAndClose(2_000)
        damage()
        const bytes = readFileSync(path)
        const store = open()
        const call = store.events({ limit: 5_000 })
        await expect(call).rejects.toMatchObject({ name: 'HistoryError', code: 'damaged' })
        const [aside = '', ...more] = asides()
        expect(more).toEqual([])
        await expect(call).rejects.toThrow(
          `it was renamed to ${join(folder, aside)}, and a new file is started`,
        )
        expect(readFileSync(join(folder, aside)).equals(bytes)).toBe(true)
        await write(store, 1)
        expect(await idsOf(store)).toEqual(ids(1))
      })

      it('is found by a write as well', async () => {
        await writeAndClose(10)
        scribble(0, 100)
        const store = open()
        await expect(write(store, 20)).rejects.toMatchObject({ code: 'damaged' })
        await write(store, 20)
        expect(await idsOf(store)).toEqual(ids(20))
      })
    })

    describe('a file that another program changes', () => {
      it('is made anew when it was removed, and loses nothing that comes after', async () => {
        const store = open()
        await write(store, 1)
        rmSync(path)
        await write(store, 2)
        await store.close()
        expect(await idsOf(open())).toEqual(ids(2))
      })

      it('is made anew with its folder', async () => {
        const store = open()
        await write(store, 1)
        rmSync(folder, { recursive: true })
        await write(store, 2)
        await store.close()
        expect(await idsOf(open())).toEqual(ids(2))
      })

      it('is opened anew where a backup was put in its place', async () => {
        await writeAndClose(3)
        copyFileSync(path, `${path}.backup`)
        const store = open()
        await write(store, 7)
        renameSync(`${path}.backup`, path)
        await write(store, 8)
        expect(await idsOf(store)).toEqual(ids(8, 2, 1, 0))
        await store.close()
        expect(await idsOf(open())).toEqual(ids(8, 2, 1, 0))
      })

      it('keeps what was written where only its log was removed', async () => {
        const store = open()
        await write(store, 1)
        rmSync(`${path}-wal`)
        await write(store, 2)
        await store.close()
        expect(await idsOf(open())).toEqual(ids(2, 1))
      })

      it('can be written by several receivers that start at once', async () => {
        const each = Array.from({ length: 6 }, (_, index) => index)
        await Promise.all(each.map((index) => write(open(), index)))
        expect(await idsOf(open())).toEqual(ids(...each.toReversed()))
      })

      it('is left as it is where it is of a newer version', async () => {
        await writeAndClose(3)
        const db = new DatabaseSync(path)
        db.exec('PRAGMA user_version = 999')
        db.close()
        const bytes = readFileSync(path)
        await expect(write(open(), 9)).rejects.toMatchObject({
          code: 'newer',
          message: expect.stringMatching(/history\.db: it has version 999 .*; run that version again/),
        })
        expect(readFileSync(path).equals(bytes)).toBe(true)
        expect(readdirSync(folder)).toEqual(['history.db'])
      })
    })

    describe('a folder that cannot be', () => {
      it('reports a file in its place', async () => {
        writeFileSync(join(folder, 'data'), '')
        path = join(folder, 'data', 'history.db')
        await expect(write(open(), 1)).rejects.toMatchObject({
          code: 'read_only',
          message: expect.stringMatching(/data\/history\.db: .*AUTOSCALER_DATA_DIR/),
        })
      })
    })

    describe('a file that was pruned', () => {
      it('gets smaller when much of it is free, and does not grow while as much comes as goes', async () => {
        await writeAndClose(4_000)
        const whole = statSync(path).size
        const store = open()
        const retention = { beforeMs: noon + 3_900, mostRows: 1_000_000 }
        while ((await store.prune(retention)) > 0);
        for (let round = 0; round < 5; round++) await store.prune(retention)
        await store.close()
        expect(statSync(path).size).toBeLessThan(whole / 4)
        expect(existsSync(`${path}-wal`)).toBe(false)
      })
    })
  })
}
