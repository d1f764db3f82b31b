/** One request of a client to the engine, as a fault finds it: read to its end, and not yet passed on. */
export interface Exchange {
  readonly method: string
  /** Without the API's version and without the query: `/services/abc/update`. */
  readonly path: string
  /** The engine does what is asked, and its answer goes to the client as it comes. Resolves when all of it has gone. */
  readonly pass: () => Promise<void>
  /** The engine does what is asked. Resolves when it has answered; the answer goes nowhere. */
  readonly askEngine: () => Promise<void>
  /** Answers in the engine's place, in its form. */
  readonly answer: (status: number, message: string) => void
  /** Closes the client's connection without a word. */
  readonly drop: () => void
}

/** What becomes of a request in place of `pass`. One that does nothing leaves the client waiting. */
export type Fault = (exchange: Exchange) => Promise<void> | void

/** Which requests are meant. */
export type Filter = (request: Pick<Exchange, 'method' | 'path'>) => boolean

export const everything: Filter = () => true
export const updates: Filter = ({ method, path }) =>
  method === 'POST' && /^\/services\/[^/]+\/update$/.test(path)
export const readings: Filter = ({ method, path }) => method === 'GET' && path === '/services'
export const events: Filter = ({ method, path }) => method === 'GET' && path === '/events'

/** The request is taken and never answered; it does not reach the engine. */
export const hang: Fault = () => {}

/** The connection is closed before the request reaches the engine. */
export const dropRequest: Fault = (exchange) => exchange.drop()

/** The engine does what is asked, and the connection is closed in place of its answer. */
export const cutAnswer: Fault = async (exchange) => {
  await exchange.askEngine()
  exchange.drop()
}

/** The engine does what is asked, and its answer never comes. */
export const keepAnswer: Fault = (exchange) => exchange.askEngine()

/** The request does not reach the engine, and this is the answer. */
export function answerWith(status: number, message: string): Fault {
  return (exchange) => exchange.answer(status, message)
}

/** The engine handles the request, but this is the answer. */
export function replaceAnswer(status: number, message: string): Fault {
  return async (exchange) => {
    await exchange.askEngine()
    exchange.answer(status, message)
  }
}

/** The request is held until `action` has ended, and then passed on, even where the client has gone in the meantime. */
export function after(action: () => Promise<unknown>): Fault {
  return async (exchange) => {
    await action()
    await exchange.pass()
  }
}

/** Strikes the first `count` requests; the others pass. */
export function theFirst(count: number, fault: Fault): Fault {
  let left = count
  return (exchange) => (left-- > 0 ? fault(exchange) : exchange.pass())
}

/** Holds requests until `count` of them wait, and then passes all of these on at the same moment; and so on. */
export function together(count: number): Fault {
  let waiting: (() => void)[] = []
  return async (exchange) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push(resolve)
    if (waiting.length === count) {
      for (const go of waiting) go()
      waiting = []
    }
    await promise
    await exchange.pass()
  }
}
