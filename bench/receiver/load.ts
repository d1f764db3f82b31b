/** Sends posts as fast as they are answered, from a process of its own, so that it takes no time from whom it measures. */
import autocannon from 'autocannon'
import { answerParent } from '../../test/support/asked-process.ts'
import { percentile } from './rounds.ts'

export interface Load {
  readonly url: string
  /** Bodies of the posts, sent in turn. */
  readonly bodies: readonly string[]
  readonly connections: number
  readonly seconds: number
}

export interface Loaded {
  /** How many were answered. */
  readonly posts: number
  readonly perSecond: number
  readonly p99Ms: number
  /** Answers other than 200, and posts without an answer. */
  readonly bad: number
}

async function run({ url, bodies, connections, seconds: duration }: Load): Promise<Loaded> {
  const times: number[] = []
  let bad = 0
  const ended = Promise.withResolvers<autocannon.Result>()
  const startedMs = performance.now()
  const options: autocannon.Options = {
    url: `${url}/webhook`,
    connections,
    duration,
    requests: bodies.map((body) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })),
  }
  const running = autocannon(options, (error, result) => {
    if (error) ended.reject(error)
    else ended.resolve(result)
  })
  running.on('response', (_client, status, _bytes, ms) => {
    times.push(ms)
    if (status !== 200) bad++
  })
  const { errors } = await ended.promise
  const seconds = (performance.now() - startedMs) / 1_000
  return {
    posts: times.length,
    perSecond: times.length / seconds,
    p99Ms: percentile(times, 0.99),
    bad: bad + errors,
  }
}

const answers = { run }
export type LoadAnswers = typeof answers

answerParent(answers)
