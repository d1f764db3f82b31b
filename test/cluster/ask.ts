import { aMessage } from '../support/fakes/alertmanager-message.ts'

/** What a receiver says. `status` is 0 where it gave no answer in time. */
export interface Answer {
  readonly status: number
  readonly text: string
}

/** Longer than a receiver takes for two calls of an engine that does not answer. */
const patienceMs = 15_000

async function ask(url: string, options: RequestInit = {}): Promise<Answer> {
  try {
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(patienceMs) })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return { status: 0, text: String(error) }
  }
}

/** Posts alerts in one message, as Alertmanager does. */
export async function post(receiverUrl: string, ...alerts: readonly object[]): Promise<Answer> {
  return ask(`${receiverUrl}/webhook`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(aMessage(...alerts)),
  })
}

export async function askReady(receiverUrl: string): Promise<Answer> {
  return ask(`${receiverUrl}/-/ready`)
}

/** What was decided on each alert of a post that was taken in. */
export function resultsOf({ status, text }: Answer): readonly object[] {
  if (status !== 200) throw new Error(`the receiver answered ${status}: ${text}`)
  return (JSON.parse(text) as { results: readonly object[] }).results
}
