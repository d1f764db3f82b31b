import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Express } from 'express'
import request from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Described } from '../support/api/described.ts'
import { aDocumentedWorld } from '../support/fakes/documented-world.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8')
const sections = page.split(/^## /m)

/** Each command of the page that an answer follows. */
const examples = [...page.matchAll(/^```\ncurl (.*)\n```\n\n```(json|csv)\n([^`]+)```$/gm)].map(
  ([, command = '', type = '', answer = '']) => ({
    command,
    type,
    answer,
    path: /http:\/\/autoscaler:9095([^' ]+)/.exec(command)?.[1] ?? '',
  }),
)

let app: Express
let described: Described

beforeAll(async () => {
  app = (await aDocumentedWorld()).app
  described = (await request(app).get('/api/v1/openapi.json')).body
})

describe('docs/api.md', () => {
  it('shows an example of each kind of answer', () => {
    expect(examples.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      '/api/v1/services/shop_web',
      '/api/v1/events',
      '/api/v1/events',
      '/api/v1/cost',
      '/api/v1/status',
      '/api/v1/events',
    ])
  })

  it.each(examples)('shows what is answered to curl $command', async ({ command, type, answer, path }) => {
    const accept = /-H 'Accept: ([^']+)'/.exec(command)?.[1] ?? '*/*'
    const { body, text } = await request(app).get(path).set('Accept', accept)
    if (type === 'json') expect(JSON.parse(answer)).toEqual(body)
    else expect(answer.replaceAll('\n', '\r\n')).toBe(text)
  })

  it('names every route, and no other', () => {
    const named = [...(sections[0] ?? '').matchAll(/`GET (\/api[^`]+)`/g)].map(([, route]) => route)
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(described.paths).toSorted())
  })

  it.each([
    ['Events', '/api/v1/events'],
    ['Cost', '/api/v1/cost'],
  ])('in its section %s names every parameter with its default, and no other', (title, path) => {
    const section = sections.find((part) => part.startsWith(`${title}\n`)) ?? ''
    const rows = [...section.matchAll(/^\| `(\w+)` \|.*\| (.*) \|$/gm)]
    const parameters = described.paths[path]?.get.parameters ?? []
    expect(rows.map(([, name]) => name)).toEqual(parameters.map(({ name }) => name))
    for (const { name, schema } of parameters.filter((parameter) => 'default' in parameter.schema)) {
      expect(rows.find((row) => row[1] === name)?.[2]).toBe(`\`${schema['default']}\``)
    }
  })

  it('has a row for every status of a problem that the description has', () => {
    const rows = [...page.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) => codes.split(', '))
    const codes = Object.values(described.paths).flatMap(({ get }) => Object.keys(get.responses))
    const problems = [...new Set(codes)].filter((code) => code >= '400')
    expect(rows.toSorted()).toEqual([...problems, '405'].toSorted())
  })
})
