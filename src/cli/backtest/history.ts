import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { RangeQuery } from '../../prometheus/query-range.ts'
import type { Sample } from '../../simulator/load/trace.ts'
import type { BacktestPorts } from './ports.ts'

/** Prometheus refuses more points of one series in one answer: 11,000. */
const pointsInPage = 10_000
/** What is younger may still change, when a scrape comes late or a rule is evaluated. */
const settledMs = 10 * 60_000

export interface HistoryOptions extends RangeQuery {
  /** Folder of pages that were asked for before. Absent: nothing is kept. */
  readonly cache?: string
}

/**
 * Reads a long range page by page. Pages begin at multiples of their length, so that the same query asked tomorrow finds most of
 * them in the cache.
 */
export async function readHistory(options: HistoryOptions, ports: BacktestPorts): Promise<readonly Sample[]> {
  const { start, end, step } = options
  const pageLength = pointsInPage * step
  const firstPage = Math.floor(start / pageLength)
  const lastPage = Math.floor(end / pageLength)
  const samples: Sample[] = []
  for (let page = firstPage; page <= lastPage; page += 1) {
    ports.progress('history', (page - firstPage) / (lastPage - firstPage + 1))
    const from = page * pageLength
    const whole = { ...options, start: from, end: from + pageLength - step }
    for (const sample of await readPage(whole, ports)) {
      if (sample.atMs >= start * 1_000 && sample.atMs <= end * 1_000) samples.push(sample)
    }
  }
  ports.progress('history', 1)
  return samples
}

async function readPage(asked: HistoryOptions, ports: BacktestPorts): Promise<readonly Sample[]> {
  const { cache } = asked
  const file = cache === undefined ? undefined : join(cache, `${keyOf(asked)}.json`)
  const kept = file === undefined ? undefined : readKept(file)
  if (kept !== undefined) return kept
  const nowMs = ports.nowMs()
  const query = { ...asked, end: Math.min(asked.end, Math.floor(nowMs / 1_000)) }
  const samples = await ports.queryRange(query)
  if (file !== undefined && samples.length > 0 && asked.end * 1_000 < nowMs - settledMs) keep(file, samples)
  return samples
}

function keyOf({ address, query, start, end, step }: HistoryOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([address, query, start, end, step]))
    .digest('hex')
}

const Kept = z.array(z.tuple([z.number(), z.number()]))

/** A page that cannot be read counts as not there. */
function readKept(file: string): readonly Sample[] | undefined {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8'))).map(([atMs, value]) => ({ atMs, value }))
  } catch {
    return undefined
  }
}

/** Whole or not at all, since another process may be reading. A folder that cannot be written only costs time. */
function keep(file: string, samples: readonly Sample[]): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(samples.map(({ atMs, value }) => [atMs, value])))
    renameSync(`${file}.new`, file)
  } catch {
    // Asked again next time.
  }
}
