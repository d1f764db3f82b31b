import type { Request, RequestHandler } from 'express'
import { defined } from '../domain/defined.ts'
import { withoutCredentials } from '../text/credentials.ts'
import { MessageHead } from './payload.ts'

/** One `POST /webhook` and its answer. */
export interface Delivery {
  /** When it was answered, in ms since the epoch. */
  readonly atMs: number
  /** The HTTP status of the answer. */
  readonly status: number
  /** Number of alerts. Absent if the message could not be read. */
  readonly alerts?: number
  /** URL of the Alertmanager from the message; http or https, without user and password. Absent: the message has none. */
  readonly alertmanager?: string
}

/** Remembers the last webhook from Alertmanager. */
export class LastWebhook {
  #last: Delivery | undefined
  #lastOk: Delivery | undefined
  readonly #heads = new WeakMap<Request, Head>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** The last one, whatever its answer. Absent: none since the start. */
  get last(): Delivery | undefined {
    return this.#last
  }

  /** The last one that was answered with 200. Absent: none since the start. */
  get lastOk(): Delivery | undefined {
    return this.#lastOk
  }

  /** Goes before the handler of the route, and sees its answers. */
  readonly watch: RequestHandler = (request, response, next) => {
    response.on('finish', () => {
      const status = response.statusCode
      this.#last = { atMs: this.#nowMs(), status, ...this.#heads.get(request) }
      if (status === 200) this.#lastOk = this.#last
    })
    next()
  }

  /** Keeps the part of a message that is shown. Goes after the body is read. */
  readonly read: RequestHandler = (request, _response, next) => {
    this.#heads.set(request, headOf(request.body))
    next()
  }
}

type Head = Pick<Delivery, 'alerts' | 'alertmanager'>

function headOf(body: unknown): Head {
  const { data } = MessageHead.safeParse(body)
  if (data === undefined) return {}
  return { alerts: data.alerts.length, ...defined({ alertmanager: webAddress(data.externalURL) }) }
}

/** The message is not trusted: only a web address may become a link, and a password must not be shown. */
function webAddress(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined
  return withoutCredentials(url).address.href
}
