import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const folder = join(import.meta.dirname, '../../fixtures/cadvisor/docker-28.5.2')

/** One line of an exposition that has a value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** Absent where the line carries no time. */
  readonly atMs?: number
}

/** One scrape of the real cAdvisor, as it was answered. */
export interface Recording {
  readonly file: string
  readonly text: string
}

/** The scrapes of the families that the rules read and their neighbours, in their order. */
export function readRecordings(): readonly Recording[] {
  return readdirSync(folder)
    .filter((file) => /^\d/.test(file))
    .toSorted()
    .map(readRecording)
}

/** One scrape with every family in it. */
export function readWholeRecording(): Recording {
  return readRecording('whole.prom.gz')
}

function readRecording(file: string): Recording {
  return { file, text: gunzipSync(readFileSync(join(folder, file))).toString() }
}

/** The samples of an exposition, in its order. Throws at a line that is none and no comment. */
export function samplesOf(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLine)
}

function parseLine(line: string): Sample {
  const [, name, labels = '', value, time] = /^(\w+)(?:\{(.*)\})? (\S+)(?: (\d+))?$/.exec(line) ?? []
  if (name === undefined) throw new Error(`no sample: ${line}`)
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
    key,
    text,
  ])
  const sample = { name, labels: Object.fromEntries(pairs), value: Number(value) }
  return time === undefined ? sample : { ...sample, atMs: Number(time) }
}
