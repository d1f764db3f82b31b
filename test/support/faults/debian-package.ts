import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { aptGet, updateLists } from '../testbed/packages.ts'
import { run } from '../testbed/processes.ts'
import { repository, type Work } from '../testbed/work.ts'

/** The folder of a Debian package, unpacked but not installed; an earlier run may have done it. */
export async function unpacked(name: string, work: Work): Promise<string> {
  const folder = join(repository, '.cache', 'testbed', name)
  if (existsSync(folder)) return folder
  const download = `${folder}.${process.pid}.download`
  const unfinished = `${folder}.${process.pid}`
  await mkdir(download, { recursive: true })
  // A machine whose lists were never fetched, or are out of date, fails the first time.
  const fetch = () => aptGet(['download', name], work, download)
  await fetch().catch(async () => {
    await updateLists(work)
    await fetch()
  })
  const [archive = ''] = await readdir(download)
  await run('dpkg-deb', ['-x', join(download, archive), unfinished])
  await rm(download, { recursive: true })
  await rename(unfinished, folder)
  return folder
}
