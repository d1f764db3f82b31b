import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { RangeQuery } from '../../prometheus/query-range.ts'
import type { Sample } from '../../simulator/load/trace.ts'
import type { SimulatorPorts } from './ports.ts'

/** Prometheus rejects queries for more than 11,000 points per series. */
const pointsPerPage = 10_000
/** Younger samples may still change, by a late scrape or a rule evaluation. */
const settledMs = 10 * 60_000

export interface LoadQuery extends RangeQuery {
  /** Folder that keeps pages of earlier queries. Absent: no cache. */
  readonly cache?: string
}

/**
 * Reads a long range page by page. Pages start at multiples of their length, so that the same query finds most of them in the cache
 * tomorrow.
 */
export async function readPrometheusLoad(
  query: LoadQuery,
  ports: SimulatorPorts,
): Promise<readonly Sample[]> {
  const { start, end, step } = query
  const pageLength = pointsPerPage * step
  const firstPage = Math.floor(start / pageLength)
  const lastPage = Math.floor(end / pageLength)
  const samples: Sample[] = []
  for (let page = firstPage; page <= lastPage; page += 1) {
    ports.progress('load', (page - firstPage) / (lastPage - firstPage + 1))
    const from = page * pageLength
    const whole = { ...query, start: from, end: from + pageLength - step }
    for (const sample of await readPage(whole, ports)) {
      if (sample.atMs >= start * 1_000 && sample.atMs <= end * 1_000) samples.push(sample)
    }
  }
  ports.progress('load', 1)
  return samples
}

async function readPage(page: LoadQuery, ports: SimulatorPorts): Promise<readonly Sample[]> {
  const { cache } = page
  const file = cache === undefined ? undefined : join(cache, `${keyOf(page)}.json`)
  const cached = file === undefined ? undefined : readCached(file)
  if (cached !== undefined) return cached
  const nowMs = ports.nowMs()
  const query = { ...page, end: Math.min(page.end, Math.floor(nowMs / 1_000)) }
  const samples = await ports.queryRange(query)
  if (file !== undefined && samples.length > 0 && page.end * 1_000 < nowMs - settledMs)
    writeCached(file, samples)
  return samples
}

function keyOf({ address, query, start, end, step }: LoadQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([address, query, start, end, step]))
    .digest('hex')
}

const Cached = z.array(z.tuple([z.number(), z.number()]))

/** Absent: there is no such page, or it cannot be read. */
function readCached(file: string): readonly Sample[] | undefined {
  try {
    return Cached.parse(JSON.parse(readFileSync(file, 'utf8'))).map(([atMs, value]) => ({ atMs, value }))
  } catch {
    return undefined
  }
}

/** Writes the whole page or nothing, since another process may read it. A failure is ignored: it only costs time. */
function writeCached(file: string, samples: readonly Sample[]): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(samples.map(({ atMs, value }) => [atMs, value])))
    renameSync(`${file}.new`, file)
  } catch {
    // The page is queried again next time.
  }
}
