/** The yardstick of the webhook, in a process of its own: a route that parses the JSON of the same message, and answers as much. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { answerParent } from '../../test/support/asked-process.ts'

let answer: unknown = {}
const app = express()
app.disable('x-powered-by')
app.post('/webhook', express.json({ limit: '16mb' }), (_request, response) => {
  response.json(answer)
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')

const answers = {
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  answerWith: (value: unknown) => {
    answer = value
  },
}
export type BareExpressAnswers = typeof answers

answerParent(answers)
