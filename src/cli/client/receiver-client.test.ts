import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { answering, refused } from '../../../test/support/fakes/client-world.ts'
import type { ReceiverAddress } from './receiver-address.ts'
import { ReceiverClient } from './receiver-client.ts'

const open: ReceiverAddress = { url: 'http://manager:9095', credentials: 'none' }
const locked: ReceiverAddress = {
  ...open,
  authorization: 'Bearer s3cret-token',
  credentials: 'the token of X',
}
const schema = z.object({ services: z.array(z.object({ kind: z.enum(['a', 'b']) })) })

const ask = (fetcher: typeof fetch, address = open) =>
  new ReceiverClient(address, fetcher).get('/api/x', { schema })
const problem = (status: number, detail: string, faults?: string[]) => ({
  type: 'about:blank',
  title: 'T',
  status,
  detail,
  faults,
})

describe('an answer', () => {
  it('is understood, and kept as it came with what is not known of it', async () => {
    const body = { services: [{ kind: 'a', news: 1 }], more: true }
    expect(await ask(answering(200, body).fetch)).toEqual({
      known: { services: [{ kind: 'a' }] },
      whole: body,
    })
  })

  it('is asked for as JSON, with the credentials and the parameters that have a value', async () => {
    const { fetch: fetcher, asked } = answering(200, { services: [] })
    const query = { service: 'a b&c', limit: 5, since: undefined }
    await new ReceiverClient(locked, fetcher).get('/api/x', { schema, query })
    expect(asked[0]?.url.href).toBe('http://manager:9095/api/x?service=a+b%26c&limit=5')
    expect(asked[0]?.headers.get('Authorization')).toBe('Bearer s3cret-token')
    expect(asked[0]?.headers.get('Accept')).toBe('application/json')
  })
})

describe('no answer', () => {
  const rows: [string, typeof fetch, string, RegExp, ReceiverAddress?][] = [
    [
      'nobody listens',
      () => Promise.reject(refused()),
      'unavailable',
      /cannot reach http:\/\/manager:9095: connect ECONNREFUSED.*running there\? --url/,
    ],
    [
      'a fault without words',
      () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })),
      'unavailable',
      /: ENOTFOUND;/,
    ],
    [
      'a token is asked for',
      answering(401, problem(401, 'x')).fetch,
      'rejected',
      /needs credentials; set AUTOSCALER_READ_TOKEN .*AUTOSCALER_READ_TOKEN_FILE/,
    ],
    [
      'a wrong token',
      answering(403, problem(403, 'x')).fetch,
      'rejected',
      /does not accept the token of X$/,
      locked,
    ],
    [
      'a wrong password',
      answering(401, problem(401, 'x')).fetch,
      'rejected',
      /does not accept the token of X$/,
      locked,
    ],
    [
      'a proxy that wants no part of it',
      answering(403, 'nginx').fetch,
      'rejected',
      /does not accept requests without credentials$/,
    ],
    [
      'a fault that passes',
      answering(503, problem(503, 'Docker is away')).fetch,
      'unavailable',
      /cannot answer now: Docker is away$/,
    ],
    [
      'a proxy before a receiver that is away',
      answering(502, '<html>').fetch,
      'unavailable',
      /cannot answer now: status 502$/,
    ],
    [
      'something that is not there',
      answering(404, problem(404, 'no service web; did you mean web2?')).fetch,
      'rejected',
      /^no service web; did you mean web2\?$/,
    ],
    [
      'a wrong question',
      answering(400, problem(400, 'the query is wrong', ['since=1', 'until=2'])).fetch,
      'rejected',
      /^the query is wrong; since=1; until=2$/,
    ],
    [
      'a page of somebody else',
      answering(404, '<html>').fetch,
      'incompatible',
      /does not answer like a receiver \(status 404\); --url/,
    ],
    [
      'a good page of somebody else',
      answering(200, '<html>').fetch,
      'incompatible',
      /does not answer like a receiver \(status 200\)/,
    ],
    [
      'JSON of somebody else',
      answering(200, { status: 'success' }).fetch,
      'incompatible',
      /does not answer like a receiver \(status 200\)/,
    ],
    [
      'words of another version',
      answering(200, { services: [{ kind: 'c' }] }).fetch,
      'incompatible',
      /in the format of another version \(services\.0\.kind: .*\); use the command of the receiver's version$/,
    ],
  ]
  it.each(rows)('for %s says so, and what to do', async (_, fetcher, code, message, address = open) => {
    const thrown = await ask(fetcher, address).catch((error) => error)
    expect(thrown).toMatchObject({ name: 'ReceiverError', code, message: expect.stringMatching(message) })
    expect(thrown.message).not.toContain('s3cret')
  })

  it('within the time that it may take is given up', async () => {
    const silent: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    const client = new ReceiverClient(open, silent, 10)
    await expect(client.get('/x', { schema })).rejects.toThrow(
      /cannot reach .*: no answer within 0\.01s; is the receiver/,
    )
    const stopping = new AbortController()
    const asking = new ReceiverClient(open, silent).get('/x', { schema, signal: stopping.signal })
    stopping.abort()
    await expect(asking).rejects.toThrow(/cannot reach/)
  })
})
