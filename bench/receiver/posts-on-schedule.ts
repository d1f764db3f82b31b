/** Sends posts when they are due, whatever became of those before, from a process of its own. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { answerParent } from '../../test/support/asked-process.ts'
import { serviceName } from '../made-up-exporter.ts'
import { aMessage, anAlert } from './made-up.ts'

export interface Schedule {
  readonly url: string
  readonly perSecond: number
  readonly seconds: number
  /** Services that are posted about in turn. */
  readonly services: number
  /** The fewest and the most replicas that a post asks for; each asks for others than the one before. */
  readonly replicas: readonly [number, number]
}

/** The posts of one second, and how they were answered, in whichever second that was. */
export interface Second {
  posted: number
  /** Posts under way at its end. */
  open: number
}

export interface Posted {
  /** How long each post took, in ms, by the status of its answer; `none` where there was none. */
  readonly answered: ReadonlyMap<number | 'none', readonly number[]>
  readonly mostOpen: number
  readonly bySecond: readonly Readonly<Second>[]
  /** When each answer came, in seconds after the start, by its status. */
  readonly cameAt: ReadonlyMap<number | 'none', readonly number[]>
  /** The replicas that were asked for last, by service. */
  readonly newest: ReadonlyMap<string, number>
  /** How many of these posts got no answer, and were posted again until they did. */
  readonly again: number
}

/** A post without an answer is given up then, in ms. */
const patienceMs = 30_000
const postedAgainAtOnce = 50
const agent = new Agent({ keepAlive: true })

async function run(schedule: Schedule): Promise<Posted> {
  const { perSecond, seconds } = schedule
  const answered = new Map<number | 'none', number[]>()
  const cameAt = new Map<number | 'none', number[]>()
  const newest = new Map<string, number>()
  const unanswered = new Set<string>()
  const bySecond: Second[] = []
  const underWay = new Set<Promise<void>>()
  let mostOpen = 0
  const startedMs = performance.now()
  const since = () => performance.now() - startedMs
  for (let sent = 0; sent < perSecond * seconds; await sleep(2)) {
    const due = Math.min(perSecond * seconds, Math.floor((since() * perSecond) / 1_000))
    for (; sent < due; sent++) {
      const { service, replicas } = demandOf(schedule, sent)
      newest.set(service, replicas)
      unanswered.add(service)
      const number = sent
      const postedMs = since()
      const posting = post(schedule.url, service, replicas).then((status) => {
        add(answered, status, since() - postedMs)
        add(cameAt, status, since() / 1_000)
        underWay.delete(posting)
        const isNewest = number + schedule.services >= perSecond * seconds
        if (isNewest && status !== 'none') unanswered.delete(service)
      })
      underWay.add(posting)
    }
    mostOpen = Math.max(mostOpen, underWay.size)
    const second = Math.min(seconds - 1, Math.floor(since() / 1_000))
    bySecond[second] = { posted: sent, open: underWay.size }
  }
  await Promise.all(underWay)
  const again = unanswered.size
  await postAgain(schedule.url, [...unanswered], newest)
  return { answered, mostOpen, bySecond, cameAt, newest, again }
}

/** As Alertmanager does with what was not answered. */
async function postAgain(url: string, services: readonly string[], newest: ReadonlyMap<string, number>) {
  await pLimit(postedAgainAtOnce).map(services, async (service) => {
    while ((await post(url, service, newest.get(service) ?? 0)) === 'none') await sleep(100)
  })
}

function demandOf({ services, replicas: [least, most] }: Schedule, number: number) {
  const round = Math.floor(number / services)
  return { service: serviceName(number % services), replicas: least + ((round * 7) % (most - least + 1)) }
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key) ?? []
  list.push(value)
  lists.set(key, list)
}

/** Never rejects. */
function post(url: string, service: string, replicas: number): Promise<number | 'none'> {
  const body = JSON.stringify(aMessage([anAlert(service, replicas, { scale: 'to' })]))
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  const { promise, resolve } = Promise.withResolvers<number | 'none'>()
  const signal = AbortSignal.timeout(patienceMs)
  const asked = request(`${url}/webhook`, { method: 'POST', agent, headers, signal }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode ?? 'none'))
    response.on('error', () => resolve('none'))
  })
  asked.on('error', () => resolve('none'))
  asked.end(body)
  return promise
}

const answers = { run }
export type ScheduleAnswers = typeof answers

answerParent(answers)
