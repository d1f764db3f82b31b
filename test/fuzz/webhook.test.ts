import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anAlmostValidMessage } from '../support/fuzz/alerts.ts'
import { cases, expectCleanPrototypes, HeapWatch } from '../support/fuzz/cases.ts'
import { aFuzzedReceiver } from '../support/fuzz/fuzzed-receiver.ts'
import { aHostileJson, aHostileText } from '../support/fuzz/hostile.ts'

const { post, ask, expectWell } = await aFuzzedReceiver()

/** Whatever was posted: an answer alert by alert, or a refusal, and nothing that a retry would mend. */
async function expectAnswer(body: string | Uint8Array, type?: string) {
  const answer = await post(body, type)
  expect([200, 400, 413, 415]).toContain(answer.status)
  const read = JSON.parse(answer.body) as { results?: unknown[]; detail?: string }
  if (answer.status === 200) expect(Array.isArray(read.results)).toBe(true)
  else expect(read.detail).toBeTypeOf('string')
  expectCleanPrototypes()
  await expectWell()
  return { ...answer, ...read }
}

describe('the webhook', () => {
  it('takes messages that are right, and wrong in one place', async () => {
    const heap = new HeapWatch(30)
    let understood = 0
    await fc.assert(
      fc.asyncProperty(anAlmostValidMessage, async (message) => {
        const { status } = await expectAnswer(JSON.stringify(message) ?? '')
        if (status === 200) understood++
        heap.tick()
      }),
      cases(30),
    )
    expect(understood).toBeGreaterThan(cases(30).numRuns / 4)
    heap.expectSteady('messages')
  })

  it('takes any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(aHostileJson, async (json) => {
        await expectAnswer(JSON.stringify(json))
      }),
      cases(8),
    )
  })

  it('takes any bytes, as any type', async () => {
    const aType = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'application/json; charset="UTF-16"',
      'application/json; charset=',
      'application/json;;;=',
      'text/plain',
      '*/*',
      ';',
    )
    const valid = '{"version":"4","alerts":[{"status":"firing","labels":{"service":"web","scale":"up"}}]}'
    const someBytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.nat(valid.length), aHostileText)
        .map(([at, text]) => Buffer.from(valid.slice(0, at) + text + valid.slice(at))),
      fc.nat(valid.length).map((length) => Buffer.from(valid.slice(0, length))),
    )
    await fc.assert(
      fc.asyncProperty(someBytes, aType, async (bytes, type) => {
        await expectAnswer(bytes, type)
      }),
      cases(8),
    )
  })

  it('still understands Alertmanager, and scales', async () => {
    const message = { version: '4', alerts: [] }
    expect((await expectAnswer(JSON.stringify(message))).results).toEqual([])
    expect((await ask('GET', '/-/ready')).status).toBe(200)
  })
})
