import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { noon } from '../support/fakes/builders.ts'
import { fileStore } from '../support/history/file-store.ts'
import { describeFileFaults } from './sqlite-file-faults.ts'

describeFileFaults("in the tests' own thread", fileStore)

it('a damaged file that cannot be renamed is reported with both reasons', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-aside-'))
  vi.useFakeTimers({ now: noon, toFake: ['Date'] })
  onTestFinished(() => {
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })
  const path = join(folder, 'history.db')
  writeFileSync(path, 'Dear diary, '.repeat(1_000))
  // A folder that has the name which the file would get.
  mkdirSync(`${path}.damaged-${new Date(noon).toISOString().replaceAll(':', '')}`)
  await expect(fileStore(path).events({ limit: 1 })).rejects.toMatchObject({
    name: 'HistoryError',
    code: 'damaged',
    message: expect.stringMatching(/not a database; it cannot be renamed: .*history\.db: EISDIR/),
  })
})
