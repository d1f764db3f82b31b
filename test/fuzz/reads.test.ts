import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runClient } from '../support/fakes/client-world.ts'
import { anAlmostValidMessage } from '../support/fuzz/alerts.ts'
import { cases, expectCleanPrototypes, HeapWatch } from '../support/fuzz/cases.ts'
import { aFuzzedReceiver } from '../support/fuzz/fuzzed-receiver.ts'
import { aHostileNumber, aHostileText } from '../support/fuzz/hostile.ts'

const { post, ask, expectWell, port } = await aFuzzedReceiver()

const anEncoded = aHostileText.map((text) => encodeURIComponent(text.toWellFormed()))
const aWord = fc.oneof(
  anEncoded,
  aHostileNumber.map(String),
  fc.constantFrom(
    'web',
    'held',
    'scaled,held',
    '24h',
    '2026-01-15T12:00:00Z',
    '0',
    'day',
    'Europe/Berlin',
    '%',
    '%zz',
    '+',
  ),
)
const aKey = fc.oneof(
  fc.constantFrom(
    'service',
    'kind',
    'since',
    'until',
    'limit',
    'cursor',
    'after',
    'fixed',
    'by',
    'timezone',
    'q',
    'page',
    'before',
    'last',
    'v',
  ),
  anEncoded,
)
const aPath = fc.oneof(
  fc.constantFrom(
    '/',
    '/api/v1/services',
    '/api/v1/events',
    '/api/v1/cost',
    '/api/v1/status',
    '/api/v1/openapi.json',
    '/metrics',
    '/-/healthy',
    '/-/ready',
    '/assets/page.js',
    '/webhook',
    '/-/reload',
  ),
  aWord.map((word) => `/api/v1/services/${word}`),
  aWord.map((word) => `/assets/${word}`),
  aWord.map((word) => `/${word}`),
)
const aQuery = fc
  .array(fc.tuple(aKey, fc.option(aWord)), { maxLength: 4 })
  .map((pairs) => pairs.map(([key, value]) => (value === null ? key : `${key}=${value}`)).join('&'))
const aHeaderValue = fc.oneof(
  fc.constantFrom(
    'application/json',
    'text/csv',
    'text/html',
    '*/*',
    'q=',
    'a/b;q=2,,;',
    'Bearer x',
    'Basic OjpS',
    'W/"x"',
    'bytes=0-',
    'gzip;q=0, br',
    'Thu, 99 Foo',
  ),
  fc.stringMatching(/^[ -~]{0,60}$/),
)
const someHeaders = fc.dictionary(
  fc.constantFrom(
    'Accept',
    'Accept-Encoding',
    'Accept-Language',
    'Authorization',
    'If-None-Match',
    'If-Modified-Since',
    'Range',
    'Cookie',
    'X-Forwarded-For',
    'Origin',
    'Content-Type',
    'Expect-CT',
  ),
  aHeaderValue,
  { maxKeys: 3 },
)
const aMethod = fc.constantFrom(
  'GET',
  'GET',
  'GET',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'PATCH',
  'POST',
  'TRACE',
  'PROPFIND',
)

describe('the API, the page and the metrics', () => {
  it('answer whatever is asked of them', async () => {
    const heap = new HeapWatch(14)
    await fc.assert(
      fc.asyncProperty(aMethod, aPath, aQuery, someHeaders, async (method, path, query, headers) => {
        const address = query === '' ? path : `${path}?${query}`
        const { status, type, body } = await ask(method, address, headers)
        expect([address, status >= 200 && status < 500]).toEqual([address, true])
        if (type.includes('json') && body !== '') expect(JSON.parse(body)).toBeTypeOf('object')
        expectCleanPrototypes()
        await expectWell()
        heap.tick()
      }),
      cases(14),
    )
    heap.expectSteady('questions')
  })

  /** All that is read by people and programs, and what must hold of it. */
  const everyRead: readonly (readonly [path: string, headers: Record<string, string>, never: RegExp])[] = [
    ['/api/v1/services', {}, /$^/],
    ['/api/v1/services/web', {}, /$^/],
    ['/api/v1/events?limit=50', {}, /$^/],
    ['/api/v1/events?limit=50', { Accept: 'text/csv' }, /[[\p{Cc}\p{Bidi_Control}\u2028\u2029]--[\t\r\n]]/v],
    ['/api/v1/cost', {}, /$^/],
    ['/api/v1/status', {}, /$^/],
    ['/metrics', {}, /^(?!#|[a-z0-9_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\[\\n"])*",?)*\})? \S+$|$)/m],
    ['/', {}, /<script(?! type="module" src="assets\/)|[[\p{Cc}\p{Bidi_Control}\u2028\u2029]--[\t\n]]/v],
  ]

  it('stay readable after whatever was posted', async () => {
    await fc.assert(
      fc.asyncProperty(anAlmostValidMessage, async (message) => {
        await post(JSON.stringify(message) ?? '')
        for (const [path, headers, never] of everyRead) {
          const { status, body } = await ask('GET', path, headers)
          expect([path, status]).toEqual([path, 200])
          expect([path, body.match(never)?.[0]]).toEqual([path, undefined])
        }
        await expectWell()
      }),
      cases(5),
    )
  })

  it('are printed by the terminal commands without anything that a terminal obeys', async () => {
    const world = { fetch, columns: () => 100 }
    await fc.assert(
      fc.asyncProperty(anAlmostValidMessage, async (message) => {
        await post(JSON.stringify(message) ?? '')
        for (const command of ['events', 'services']) {
          for (const more of [[], ['--json']]) {
            const { status, out, err } = await runClient(
              [command, '--url', `http://127.0.0.1:${port}`, ...more],
              world,
            )
            expect([status, err]).toEqual([0, []])
            for (const line of out) expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u)
          }
        }
        await expectWell()
      }),
      cases(2),
    )
  })
})
