import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../../test/support/testbed/work.ts'
import type { RunningPrometheus } from '../../test/support/tools/running-prometheus.ts'
import type { Span } from './interpolate.ts'
import { serveData } from './serve-data.ts'

/** What a run of the demo has left: the data of its Prometheus, and when and of what it tells. */
export const keptFolder = join(repository, '.cache/demo-prometheus')

export interface KeptStory extends Span {
  /** The service that was scaled. */
  readonly service: string
}

/** Serves a copy of the kept data. Throws where `npm run dashboards:record` has kept none. */
export async function openKept(): Promise<RunningPrometheus & KeptStory> {
  const story = JSON.parse(readFileSync(join(keptFolder, 'story.json'), 'utf8')) as KeptStory
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-preview-'))
  cpSync(join(keptFolder, 'data'), folder, { recursive: true })
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const { url, close } = await serveData(folder)
    return { ...story, url, close: () => close().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}
