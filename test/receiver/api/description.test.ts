import type { Express } from 'express'
import request from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Described, faultsOfAnswer, faultsOfDocument } from '../../support/api/described.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { aDocumentedWorld } from '../../support/fakes/documented-world.ts'

/** What is asked of each route for its example. */
const asked: Readonly<Record<string, string>> = {
  '/api/v1/services': '/api/v1/services',
  '/api/v1/services/{name}': '/api/v1/services/shop_web',
  '/api/v1/events': '/api/v1/events?limit=2',
  '/api/v1/cost': '/api/v1/cost?since=2026-01-14T12:00:00Z&until=2026-01-15T12:00:00Z&fixed=8',
  '/api/v1/status': '/api/v1/status',
  '/api/v1/openapi.json': '/api/v1/openapi.json',
}

/** Routes that are no part of the API. */
const others = ['/', '/assets/:name', '/webhook', '/-/reload', '/metrics', '/-/healthy', '/-/ready']

let app: Express
let document: Described

beforeAll(async () => {
  app = (await aDocumentedWorld()).app
  document = (await request(app).get('/api/v1/openapi.json')).body
})

const schemaOf = (path: string, status: string, type: string) => {
  const { $ref } = document.paths[path]?.get.responses[status]?.content?.[type]?.schema ?? {}
  return String($ref).replace('#/components/schemas/', '')
}

/** Every object with properties that a schema holds, itself included. */
function objectsIn(schema: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof schema !== 'object' || schema === null) return []
  const within = Object.values(schema).flatMap(objectsIn)
  return 'properties' in schema ? [schema as Readonly<Record<string, unknown>>, ...within] : within
}

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await faultsOfDocument(document)).toEqual([])
    expect(await faultsOfDocument({ ...document, paths: { services: {} } })).not.toEqual([])
  })

  it('describes every route of the API, and no other', () => {
    const routes = app.router.stack.flatMap(({ route }) => (route === undefined ? [] : [route.path]))
    const described = Object.keys(document.paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1'))
    expect([...new Set(routes)].toSorted()).toEqual([...described, ...others].toSorted())
  })

  it('names every operation once', () => {
    const names = Object.values(document.paths).map(({ get }) => get.operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  it('describes every field', () => {
    const objects = objectsIn(document.components.schemas)
    expect(objects.length).toBeGreaterThan(20)
    for (const { properties } of objects) {
      for (const [name, field] of Object.entries(properties as object)) {
        const isReference = '$ref' in field
        expect(isReference || (field.description ?? '').length > 5, name).toBe(true)
      }
    }
  })

  it('describes every parameter, and how it is written', () => {
    const parameters = Object.values(document.paths).flatMap(({ get }) => get.parameters)
    expect(parameters).toHaveLength(14)
    for (const parameter of parameters) {
      expect(parameter).toMatchObject({
        description: expect.stringMatching(/\.$/),
        schema: { type: expect.any(String) },
      })
    }
  })

  it.each([
    [[], []],
    [['a-read-token'], [{ bearer: [] }, { basic: [] }]],
  ])('with the read tokens %j asks for %j', async (readTokens, security) => {
    const { app: guarded } = await anApp({ readTokens })
    const ask = request(guarded).get('/api/v1/openapi.json').set('Authorization', 'Bearer a-read-token')
    expect((await ask).body.security).toEqual(security)
  })

  it.each([
    [[], [{ certificate: [] }]],
    [
      ['a-read-token'],
      [
        { bearer: [], certificate: [] },
        { basic: [], certificate: [] },
      ],
    ],
  ])('with a client CA and the read tokens %j asks for %j', async (readTokens, security) => {
    const { app: guarded } = await anApp({
      readTokens,
      requireCertificate: (_request, _response, next) => next(),
    })
    const ask = request(guarded).get('/api/v1/openapi.json').set('Authorization', 'Bearer a-read-token')
    expect((await ask).body.security).toEqual(security)
  })
})

describe.each(Object.entries(asked))('%s', (path, url) => {
  it('answers what its schema describes, and nothing else', async () => {
    const { status, type, body } = await request(app).get(url)
    expect([status, type]).toEqual([200, 'application/json'])
    const schema = schemaOf(path, '200', 'application/json')
    expect(await faultsOfAnswer(document, schema, body)).toEqual([])
    if (schema !== 'Description') {
      expect(await faultsOfAnswer(document, schema, { ...body, more: 1 })).not.toEqual([])
    }
  })

  it('answers its example', async () => {
    const { example } = document.paths[path]?.get.responses['200']?.content?.['application/json'] ?? {}
    if (path === '/api/v1/openapi.json') expect(example).toBeUndefined()
    else expect((await request(app).get(url)).body).toEqual(example)
  })

  it('answers an invalid query as described', async () => {
    const { status, type, body } = await request(app).get(`${url.split('?')[0]}?no-such-thing=1`)
    expect([status, type]).toEqual([400, 'application/problem+json'])
    expect(await faultsOfAnswer(document, 'Problem', body)).toEqual([])
  })
})
